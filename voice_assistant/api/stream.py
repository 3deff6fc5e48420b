"""An answer's stream without any I/O: bytes into events. What they add up to: `api.answer`."""

from __future__ import annotations

import logging
from typing import Any, get_args

import msgspec

from voice_assistant.api.events import (
    AgentMessage,
    AgentThought,
    AnyStreamEvent,
    Message,
    MessageEnd,
    MessageFile,
    MessageReplace,
    NodeFinished,
    NodeRetry,
    NodeStarted,
    Ping,
    StreamError,
    StreamEvent,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
    WorkflowPaused,
    WorkflowStarted,
)
from voice_assistant.api.wire import decode

__all__ = [
    "AgentMessage",
    "AgentThought",
    "AnyStreamEvent",
    "Message",
    "MessageEnd",
    "MessageFile",
    "MessageReplace",
    "NodeFinished",
    "NodeRetry",
    "NodeStarted",
    "Ping",
    "StreamError",
    "StreamEvent",
    "StreamParser",
    "TtsMessage",
    "TtsMessageEnd",
    "WorkflowFinished",
    "WorkflowPaused",
    "WorkflowStarted",
]

log = logging.getLogger(__name__)

_ANY_EVENT: Any = AnyStreamEvent  # to mypy, a union is no type


class _Kind(msgspec.Struct):
    event: str


class StreamParser:
    """Bytes in, events out, however the bytes are cut.

    Only whole blocks (up to an empty line) are read, so that neither a character nor an event is
    ever seen in halves. httpx-sse reads blocks only from an HTTP response, which a parser without
    I/O does not have; the two fields that Dify sends need no library.

    Attributes:
        malformed: blocks that were no JSON, or not what their kind says.
        unknown: events of a kind that is not known.
    """

    def __init__(self) -> None:
        self.malformed = 0
        self.unknown = 0
        self._pending = bytearray()
        self._skip_lf = False

    def feed(self, data: bytes) -> list[AnyStreamEvent]:
        """The events that `data` completes."""
        seen = max(0, len(self._pending) - 1)
        self._pending += self._with_lf_only(data)
        end = self._pending.rfind(b"\n\n", seen)
        if end < 0:
            return []
        blocks = bytes(self._pending[: end + 2])
        del self._pending[: end + 2]
        return self._events(blocks)

    def close(self) -> list[AnyStreamEvent]:
        """The stream ended: what its last block says, should its empty line be missing."""
        blocks = bytes(self._pending) + b"\n\n"
        self._pending.clear()
        return self._events(blocks)

    def _with_lf_only(self, data: bytes) -> bytes:
        """Any of the standard's three line ends becomes LF; CR and LF may come apart."""
        if self._skip_lf and data[:1] == b"\n":
            data = data[1:]
            self._skip_lf = False
        if data:
            self._skip_lf = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _events(self, blocks: bytes) -> list[AnyStreamEvent]:
        events: list[AnyStreamEvent] = []
        for block in blocks.decode("utf-8", "replace").split("\n\n"):
            kind, data = _fields(block)
            if data:
                event = self._event(data)
                if event is not None:
                    events.append(event)
            elif kind == "ping":
                events.append(Ping())
        return events

    def _event(self, data: str) -> AnyStreamEvent | None:
        try:
            event: AnyStreamEvent = decode(data, _ANY_EVENT)
        except msgspec.DecodeError as error:
            if _is_unknown(data):
                self.unknown += 1
            else:
                self.malformed += 1
                log.debug("an event cannot be read: %s", error)
            return None
        return event


def _fields(block: str) -> tuple[str, str]:
    """The fields `event` and `data` of one block; "" for a field that the block does not have.

    The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html: several
    lines of data are joined, one space behind the colon is left out, a comment (a line that begins
    with a colon) and other fields are ignored.
    """
    kind, data = "", []
    for line in block.split("\n"):  # not `splitlines`: text may hold U+2028 and its like
        field, _, value = line.partition(":")
        match field:
            case "event":
                kind = value.removeprefix(" ")
            case "data":
                data.append(value.removeprefix(" "))
    return kind, "\n".join(data)


_KINDS = frozenset(kind.__struct_config__.tag for kind in get_args(AnyStreamEvent))


def _is_unknown(data: str) -> bool:
    """Whether `data` is an event of a kind that this client does not know: no fault."""
    try:
        return decode(data, _Kind).event not in _KINDS
    except msgspec.DecodeError:
        return False
