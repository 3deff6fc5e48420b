"""What bytes that arrive say about the server: that it works, only pings, trickles, or floods."""

from __future__ import annotations

import re

MOST_EVENT_BYTES = 4_000_000
"""Of one event, up to its empty line. The largest real ones, a workflow step with its documents,
have some 100 KB; a line without an end must not fill the memory."""

MOST_ANSWER_BYTES = 250_000_000
"""Of one whole answer: an hour of its speech as WAV, in base64, has less."""

LEAST_SPEECH_BYTES_S = 500
"""What comes more slowly for long is no speech: the thriftiest codecs need 750 and more."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LOOKED_AT = 80  # bytes of a line: enough to know a ping
_PING = re.compile(
    rb"(?::.*|event: ?ping\s*|data: ?(?:\{\}|ping|\{\s*\"event\"\s*:\s*\"ping\".*)?)?", re.DOTALL
)


class Liveness:
    """Feed it every chunk of a stream.

    A line of any kind that is whole and no ping is life, also where its event is not known: the
    server works on the answer. A line that never ends is none.

    Attributes:
        too_much: why no more is to be read, "" as long as all is well.
    """

    def __init__(self) -> None:
        self.too_much = ""
        self._line = bytearray()  # the first bytes of the line that is coming
        self._event_bytes = 0
        self._answer_bytes = 0
        self._after_cr = False  # CR and LF of one line end may come apart

    def feed(self, chunk: bytes) -> bool:
        """Returns whether the chunk shows that the server works."""
        alive = False
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        self._answer_bytes += len(chunk)
        lines = _LINE_END.split(chunk)
        for line in lines[:-1]:
            self._add(line)
            if not self._line and not line:
                self._event_bytes = 0
            alive = alive or not _PING.fullmatch(self._line)
            self._line.clear()
        self._add(lines[-1])
        if self._answer_bytes > MOST_ANSWER_BYTES:
            self.too_much = f"it is larger than {MOST_ANSWER_BYTES / 1e6:.0f} MB"
        return alive

    def _add(self, part: bytes) -> None:
        self._line += part[: _LOOKED_AT - len(self._line)]
        self._event_bytes += len(part)
        if self._event_bytes > MOST_EVENT_BYTES:
            self.too_much = f"one event is larger than {MOST_EVENT_BYTES / 1e6:.0f} MB"


def is_trickle(received_bytes: int, waited_s: float, patience_s: float) -> bool:
    """Returns whether speech comes so slowly that nobody could listen to it.

    Args:
        received_bytes: what has come.
        waited_s: how long it was waited for, without the time of a slow listener.
        patience_s: how long the first of it may take.
    """
    return waited_s > patience_s + received_bytes / LEAST_SPEECH_BYTES_S
