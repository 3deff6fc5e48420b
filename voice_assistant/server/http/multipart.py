"""Reads forms with files piece by piece while they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from voice_assistant.server.http.wire import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request


class Part(NamedTuple):
    """The head of one part of a form."""

    name: str
    filename: str | None
    mime: str


async def pieces(request: Request) -> AsyncGenerator[tuple[Part, bytes]]:
    """Yield the parts of a form in pieces, as they arrive; each part begins with an empty piece.

    Raises:
        Refusal: 400, the body is not a form, or the form ends in the middle.
    """
    mime, options = parse_options_header(request.headers.get("content-type"))
    if mime != b"multipart/form-data" or not options.get(b"boundary"):
        raise Refusal(400, "bad_request_key_error", "The body must be multipart/form-data.")
    try:
        form = _Form(options[b"boundary"])  # the parser refuses a very long one
        async for chunk in request.stream():
            for piece in form.feed(chunk):
                yield piece
    except FormParserError as error:
        raise Refusal(400, "bad_request", "The form cannot be read.") from error
    if not form.complete:
        raise Refusal(400, "bad_request", "The form ends in the middle.")


class _Form:
    """Turns the parser's callbacks into pieces."""

    def __init__(self, boundary: bytes) -> None:
        self.complete = False
        self._pieces: list[tuple[Part, bytes]] = []
        self._headers: dict[bytes, bytes] = {}
        self._name = b""
        self._value = b""
        self._part = Part("", None, "")
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._headers.clear,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_end": self._on_end,
            },
        )

    def feed(self, chunk: bytes) -> list[tuple[Part, bytes]]:
        self._parser.write(chunk)
        pieces, self._pieces = self._pieces, []
        return pieces

    # The parser calls a method several times for a header that is cut in two.

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        mime, _ = parse_options_header(self._headers.get(b"content-type", b""))
        name = options.get(b"name", b"").decode(errors="replace")
        file = options.get(b"filename")
        self._part = Part(
            name, None if file is None else file.decode(errors="replace"), mime.decode("latin-1")
        )
        self._pieces.append((self._part, b""))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._pieces.append((self._part, data[start:end]))

    def _on_end(self) -> None:
        self.complete = True
