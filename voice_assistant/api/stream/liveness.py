"""Tells from the arriving bytes whether a server works, only pings, or sends too little or much."""

from __future__ import annotations

import re

from voice_assistant.translation import _

MOST_EVENT_BYTES = 4_000_000
"""The most bytes of one event, up to its empty line. The largest real events, a workflow step with
its documents, have some 100 KB; a line without an end must not fill the memory."""

MOST_ANSWER_BYTES = 250_000_000
"""The most bytes of one answer: an hour of its speech as WAV, in base64, has less."""

LEAST_SPEECH_BYTES_S = 500
"""Slower bytes cannot be speech: even the smallest codecs need 750 bytes per second."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LOOKED_AT = 80  # bytes of a line: enough to know a ping
_PING = re.compile(
    rb"(?::.*|event: ?ping\s*|data: ?(?:\{\}|ping|\{\s*\"event\"\s*:\s*\"ping\".*)?)?", re.DOTALL
)


class Liveness:
    """Watches a stream for signs of life; `feed` takes every chunk.

    A complete line that is not a ping is a sign of life, even if its event is not known: the server
    works on the answer. A line that never ends is not a sign of life.

    Attributes:
        too_much: why the client must read no more, "" while the stream is fine.
    """

    def __init__(self) -> None:
        self.too_much = ""
        self._line = bytearray()  # the first bytes of the arriving line
        self._event_bytes = 0
        self._answer_bytes = 0
        self._after_cr = False  # CR and LF of one line end may be in two chunks

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; return whether it shows that the server works."""
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
            self.too_much = _("it is larger than {size:.0f} MB", size=MOST_ANSWER_BYTES / 1e6)
        return alive

    def _add(self, part: bytes) -> None:
        self._line += part[: _LOOKED_AT - len(self._line)]
        self._event_bytes += len(part)
        if self._event_bytes > MOST_EVENT_BYTES:
            self.too_much = _("one event is larger than {size:.0f} MB", size=MOST_EVENT_BYTES / 1e6)


def is_trickle(received_bytes: int, waited_s: float, patience_s: float) -> bool:
    """Return whether speech arrives too slowly to be heard.

    Args:
        received_bytes: the bytes so far.
        waited_s: seconds that the client waited for them, without the time of a slow listener.
        patience_s: seconds that the first bytes may take.
    """
    return waited_s > patience_s + received_bytes / LEAST_SPEECH_BYTES_S
