"""An answer's stream without any I/O: bytes into events. What they add up to: `api.answer`."""

from __future__ import annotations

import json
import logging
import re
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
from voice_assistant.api.wire import decode, without_nulls

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
        damaged: events with a piece of the answer that could not be read, or not wholly.
    """

    def __init__(self) -> None:
        self.malformed = 0
        self.unknown = 0
        self.damaged = 0
        self._half = ""  # of a letter whose other half is in the next piece
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
                events += self._event(data)
            elif kind == "ping":
                events.append(Ping())
        return events

    def _event(self, data: str) -> list[AnyStreamEvent]:
        """Return the event in `data`; a file that brings text is that text, too."""
        try:
            event: AnyStreamEvent = decode(data, _ANY_EVENT)
        except msgspec.DecodeError as error:
            if _is_unknown(data):
                self.unknown += 1
                return []
            read = self._mended(data, error)
            if read is None:
                return []
            event = read
        else:
            if self._half and isinstance(event, _TEXTS) and event.answer:
                event = msgspec.structs.replace(event, answer=UNREADABLE + event.answer)
                self._half = ""
        if self._half and isinstance(event, MessageEnd | WorkflowFinished):
            self._half = ""
            return [Message(answer=UNREADABLE), event]
        if isinstance(event, MessageFile) and event.answer:
            text = Message(
                answer=event.answer,
                id=event.id,
                task_id=event.task_id,
                message_id=event.message_id,
                conversation_id=event.conversation_id,
            )
            return [text, event] if event.url else [text]
        return [event]

    def _mended(self, data: str, error: msgspec.DecodeError) -> AnyStreamEvent | None:
        r"""Return what can be read of an event that is not as it should be.

        JSON allows half a letter ("\ud83d"), where a server cuts its text by UTF-16; a number may
        be none. The words of such an event are kept.
        """
        value = _parsed(data)
        if value is None:
            self._malformed(data, error)
            return None
        answer = value.get("answer")
        if isinstance(answer, str):
            whole = self._half + answer
            self._half = whole[-1:] if _FIRST_HALF.search(whole) else ""
            value["answer"] = whole[: len(whole) - len(self._half)]
        try:
            value = _with_whole_letters(value)
            event: AnyStreamEvent = msgspec.convert(without_nulls(value), _ANY_EVENT, strict=False)
        except (msgspec.ValidationError, OverflowError, RecursionError):
            self._malformed(data, error)
            if not isinstance(answer, str):
                return None
            known = {key: value[key] for key in _IDS if isinstance(value.get(key), str)}
            known["answer"] = value["answer"]
            try:
                event = msgspec.convert(_with_whole_letters(known), _ANY_EVENT)
            except msgspec.MsgspecError:
                return None
        return event

    def _malformed(self, data: str, error: Exception) -> None:
        self.malformed += 1
        if '"answer"' in data:
            self.damaged += 1
            log.warning("a piece of the answer cannot be read: %s", error)
        else:
            log.debug("an event cannot be read: %s", error)


UNREADABLE = "\ufffd"
"""Stands for a letter of which only a half came."""

_TEXTS = (Message, AgentMessage, MessageReplace, MessageFile)
_IDS = ("event", "id", "task_id", "message_id", "conversation_id")
_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")


def _parsed(data: str) -> dict[str, Any] | None:
    """Return the JSON object in `data`, halves of letters in it; None where there is none."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _with_whole_letters(value: Any) -> Any:
    """Return `value` with the halves of letters joined, or replaced where one is missing."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {_with_whole_letters(key): _with_whole_letters(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_whole_letters(item) for item in value]
    return value


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
