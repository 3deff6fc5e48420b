"""Parses an answer's stream without any I/O: bytes into events, which `answer` sums up."""

from __future__ import annotations

import json
import logging
import re
from typing import Any, get_args

import msgspec

from voice_assistant.api.stream.events import (
    AgentMessage,
    AnyStreamEvent,
    Message,
    MessageEnd,
    MessageFile,
    MessageReplace,
    Ping,
    TtsMessage,
    WorkflowFinished,
)
from voice_assistant.api.wire import decode, readable_part, with_whole_letters, without_nulls

log = logging.getLogger(__name__)

_ANY_EVENT: Any = AnyStreamEvent  # to mypy, a union is no type


class _Kind(msgspec.Struct):
    event: str


class StreamParser:
    """Turns bytes into events; the bytes may be cut anywhere.

    Only complete blocks (up to an empty line) are read, so that no character and no event is cut
    in two. httpx-sse reads blocks only from an HTTP response, which a parser without I/O does not
    have; the two fields that Dify sends need no library.

    Attributes:
        malformed: the number of blocks that were not JSON, or not of their kind.
        unknown: the number of events of an unknown kind.
        damaged: the number of events with a piece of the answer that was lost, in part or whole.
    """

    def __init__(self) -> None:
        self.malformed = 0
        self.unknown = 0
        self.damaged = 0
        self._half = ""  # the first half of a letter; the other half is in the next piece
        self._pending = bytearray()
        self._skip_lf = False

    def feed(self, data: bytes) -> list[AnyStreamEvent]:
        """Take the next bytes; return the events that they complete."""
        seen = max(0, len(self._pending) - 1)
        self._pending += self._with_lf_only(data)
        end = self._pending.rfind(b"\n\n", seen)
        if end < 0:
            return []
        blocks = bytes(self._pending[: end + 2])
        del self._pending[: end + 2]
        return self._events(blocks)

    def close(self) -> list[AnyStreamEvent]:
        """End the stream; return the event of a last block without an empty line."""
        blocks = bytes(self._pending) + b"\n\n"
        self._pending.clear()
        return self._events(blocks)

    def _with_lf_only(self, data: bytes) -> bytes:
        """Return the data with LF for each of the standard's three line ends.

        CR and LF of one line end may be in two pieces.
        """
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
        """Return the event in `data`; a file event with text gives an event of the text, too."""
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
        r"""Return the readable part of a damaged event; None if no part can be read.

        JSON allows half a letter ("\ud83d") if a server cuts its text by UTF-16, and a field may
        have the wrong type. The words of such an event are kept, and what it means.
        """
        value = _parsed(data)
        if value is None:
            self._malformed(error, lost='"answer"' in data)
            return None
        answer = value.get("answer")
        if isinstance(answer, str):
            whole = self._half + answer
            self._half = whole[-1:] if _FIRST_HALF.search(whole) else ""
            value["answer"] = whole[: len(whole) - len(self._half)]
        try:
            value = with_whole_letters(value)
            event: AnyStreamEvent = msgspec.convert(without_nulls(value), _ANY_EVENT, strict=False)
        except RecursionError:
            self._malformed(error, lost=bool(answer))
            return None
        except (msgspec.ValidationError, OverflowError):
            lost = not isinstance(answer, str | int | float | None) or answer is True
            self._malformed(error, lost=lost)
            kind = _KINDS.get(str(value.get("event")))
            if lost or kind is None:
                return None
            event = readable_part(value, kind)
            if isinstance(event, TtsMessage) and value.get("audio") and not event.audio:
                event = msgspec.structs.replace(event, lost=True)
        return event

    def _malformed(self, error: Exception, *, lost: bool) -> None:
        self.malformed += 1
        if lost:
            self.damaged += 1
            log.warning("a piece of the answer cannot be read: %s", error)
        else:
            log.debug("an event cannot be read: %s", error)


UNREADABLE = "\ufffd"
"""The sign for a letter of which only one half arrived."""

_TEXTS = (Message, AgentMessage, MessageReplace, MessageFile)
_FIRST_HALF = re.compile("[\ud800-\udbff]\\Z")


def _parsed(data: str) -> dict[str, Any] | None:
    """Return the JSON object in `data`, perhaps with half letters; None without an object."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _fields(block: str) -> tuple[str, str]:
    """Return the fields `event` and `data` of one block; "" for a missing field.

    The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html: several
    lines of data are joined, one space behind the colon is left out, a comment (a line that begins
    with a colon) and other fields are ignored, and so is the byte order mark of a stream's begin.
    """
    kind, data = "", []
    # not `splitlines`: text may hold U+2028 and its like
    for line in block.removeprefix("\ufeff").split("\n"):
        field, _, value = line.partition(":")
        match field:
            case "event":
                kind = value.removeprefix(" ")
            case "data":
                data.append(value.removeprefix(" "))
    return kind, "\n".join(data)


_KINDS = {kind.__struct_config__.tag: kind for kind in get_args(AnyStreamEvent)}


def _is_unknown(data: str) -> bool:
    """Return whether `data` is an event of a kind that this client does not know: no fault."""
    try:
        return decode(data, _Kind).event not in _KINDS
    except msgspec.DecodeError:
        return False
