"""An answer's stream without any I/O: bytes into events. What they add up to: `api.answer`."""

from __future__ import annotations

import logging
from typing import Any, get_args

import httpx
import msgspec
from httpx_sse import EventSource

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
_EVENT_STREAM = {"Content-Type": "text/event-stream; charset=utf-8"}


class _Kind(msgspec.Struct):
    event: str


class StreamParser:
    """Bytes in, events out, however the bytes are cut.

    Only whole blocks (up to an empty line) are read, so that neither a character nor an event is
    ever seen in halves; what a block means is httpx-sse's knowledge.

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
        source = EventSource(httpx.Response(200, headers=_EVENT_STREAM, content=blocks))
        events: list[AnyStreamEvent] = []
        for sse in source.iter_sse():
            if sse.data:
                event = self._event(sse.data)
                if event is not None:
                    events.append(event)
            elif sse.event == "ping":
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


_KINDS = frozenset(kind.__struct_config__.tag for kind in get_args(AnyStreamEvent))


def _is_unknown(data: str) -> bool:
    """Whether `data` is an event of a kind that this client does not know: no fault."""
    try:
        return decode(data, _Kind).event not in _KINDS
    except msgspec.DecodeError:
        return False
