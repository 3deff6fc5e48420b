"""Parses a chat completion without any I/O: bytes into text and calls of tools.

The form is that of https://platform.openai.com/docs/api-reference/chat-streaming. Servers differ:
some send a call of a tool in one piece and without an index, some answer with one JSON object
instead of a stream, and some report an error in the middle of a stream.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

import msgspec

from voice_assistant.api.wire import decode
from voice_assistant.errors import ModelFailed

log = logging.getLogger(__name__)

MOST_LINE_BYTES = 1 << 20
"""The most bytes of one event; the events of a stream have some hundred."""

MOST_CALLS = 8
MOST_ARGUMENT_LETTERS = 10_000


class Call(NamedTuple):
    """A call of a tool that the model wishes.

    Attributes:
        id: the model's name for this call.
        tool: the tool's name.
        arguments: a JSON object, as far as the model kept to the rules.
    """

    id: str
    tool: str
    arguments: str


class _Function(msgspec.Struct):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class _ToolCall(msgspec.Struct):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Message(msgspec.Struct):
    content: str | list[dict[str, Any]] | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(msgspec.Struct):
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    error: Any = None


class Completion:
    """Turns the bytes of a response into text; the bytes may be cut anywhere.

    Attributes:
        calls: the calls of tools so far; complete when the response has ended.
        finished: whether the model has said that its answer is complete.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.finished = False
        self._pending = bytearray()
        self._indices: list[int | None] = []  # of the calls

    def feed(self, data: bytes) -> str:
        """Take the next bytes of a stream; return the text that they complete.

        Raises:
            ModelFailed: the server reports an error, or sends no end of a line.
        """
        self._pending += data
        *lines, rest = self._pending.replace(b"\r\n", b"\n").split(b"\n")
        if len(rest) > MOST_LINE_BYTES:
            raise ModelFailed("The chat model sends an event without an end")
        self._pending = bytearray(rest)
        return "".join(map(self._line, lines))

    def close(self) -> str:
        """End the stream; return the text of a last line without its end.

        Raises:
            ModelFailed: see `feed`.
        """
        line, self._pending = bytes(self._pending), bytearray()
        return self._line(line)

    def whole(self, body: bytes) -> str:
        """Take a response that is one JSON object instead of a stream; return its text.

        Raises:
            ModelFailed: the server reports an error, or the response is no completion.
        """
        self.finished = True
        try:
            return self._text(decode(body, _Chunk))
        except (msgspec.DecodeError, UnicodeError) as error:
            raise ModelFailed("The chat model sends what is no answer") from error

    def _line(self, line: bytes | bytearray) -> str:
        field, _, value = bytes(line).partition(b":")
        data = value.strip()
        if field != b"data" or not data:
            return ""
        if data == b"[DONE]":
            self.finished = True
            return ""
        try:
            chunk = decode(data, _Chunk)
        except (msgspec.DecodeError, UnicodeError):
            log.info("a chat model sent an event that is none")
            return ""
        return self._text(chunk)

    def _text(self, chunk: _Chunk) -> str:
        if chunk.error:
            log.warning("the chat model failed: %.500r", chunk.error)
            raise ModelFailed("The chat model failed", "Ask again.")
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        message = choice.delta or choice.message or _Message()
        self.finished |= bool(choice.finish_reason)
        for call in message.tool_calls or ():
            self._add(call)
        content = message.content or ""
        if isinstance(content, str):
            return content
        return "".join(str(part.get("text", "")) for part in content if part.get("type") == "text")

    def _add(self, piece: _ToolCall) -> None:
        """Add a piece of a call: its name comes first, its arguments in one piece or several."""
        function = piece.function or _Function()
        arguments = function.arguments or ""
        if isinstance(arguments, dict):
            arguments = msgspec.json.encode(arguments).decode()
        known = bool(self.calls) and (
            piece.index == self._indices[-1] if piece.index is not None else not function.name
        )
        if known:
            last = self.calls[-1]
            if len(last.arguments) + len(arguments) <= MOST_ARGUMENT_LETTERS:
                self.calls[-1] = last._replace(arguments=last.arguments + arguments)
        elif function.name and len(self.calls) < MOST_CALLS:
            call_id = piece.id or f"call_{len(self.calls)}"
            self.calls.append(Call(call_id, function.name, arguments[:MOST_ARGUMENT_LETTERS]))
            self._indices.append(piece.index)
