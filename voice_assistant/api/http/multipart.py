"""A form with one file, sent in pieces: from memory, from the disk, or while the file is made."""

from __future__ import annotations

import asyncio
import os
import secrets
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from voice_assistant.errors import InputError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable
    from contextlib import ExitStack

    from voice_assistant.api.models import Upload

PIECE_BYTES = 2**17


class Form:
    """The fields `user` and `file`, in this order, because a server may check the user first.

    Args:
        upload: the file.
        user: the user who owns the file.

    Attributes:
        size: the bytes of the whole form, 0 until known.
    """

    def __init__(self, upload: Upload, user: str) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="user"\r\n\r\n{user}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{_quoted(upload.name)}"\r\nContent-Type: {upload.mime}\r\n\r\n'
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self.size = 0
        self._content = upload.content
        self._progress = upload.progress
        self._source: _Kept | None = None
        if not isinstance(upload.content, bytes | Path):
            self._source = _Kept(upload.content)

    @property
    def is_live(self) -> bool:
        """Whether the file is still being made."""
        return self._source is not None

    async def opened(self, resources: ExitStack, *, whole: bool) -> Content:
        """Return the bytes of the form for one request.

        Args:
            resources: closes the opened file.
            whole: True waits for a file that is still being made, so that the length is known.

        Raises:
            InputError: the file cannot be read.
        """
        if self._source is not None:
            if not whole:
                return Content(self._live(self._source), None)
            content = await self._source.all()
        elif isinstance(self._content, Path):
            file, size = await asyncio.to_thread(_open, self._content)
            resources.enter_context(file)
            return Content(self._from_disk(file, size), self._around(size))
        else:
            assert isinstance(self._content, bytes)  # noqa: S101 - for the type checker
            content = self._content
        return Content(self._from_memory(content), self._around(len(content)))

    def _around(self, content_bytes: int) -> int:
        self.size = len(self._head) + content_bytes + len(self._tail)
        return self.size

    async def _live(self, source: _Kept) -> AsyncGenerator[bytes, None]:
        yield self._head
        async for chunk in source:
            yield chunk
        yield self._tail

    async def _from_memory(self, content: bytes) -> AsyncGenerator[bytes, None]:
        yield self._head
        for start in range(0, len(content), PIECE_BYTES):
            yield content[start : start + PIECE_BYTES]
        yield self._tail

    async def _from_disk(self, file: IO[bytes], size: int) -> AsyncGenerator[bytes, None]:
        """Yield exactly as many bytes as were announced: the file may grow meanwhile."""
        yield self._head
        sent = 0
        while sent < size:
            piece = await asyncio.to_thread(_read, file, min(size - sent, PIECE_BYTES))
            sent += len(piece)
            yield piece
            self._progress(sent, size)
        yield self._tail


class Content:
    """The bytes of a form, for one request.

    Attributes:
        length: the number of bytes, None if it is not known yet.
    """

    def __init__(self, pieces: AsyncGenerator[bytes, None], length: int | None) -> None:
        self.length = length
        self._pieces = pieces
        self._when_sent: Callable[[], None] = lambda: None

    def when_sent(self, call: Callable[[], None]) -> None:
        """Call `call` when the last byte has been passed on."""
        self._when_sent = call

    def __aiter__(self) -> Content:
        """Return the object itself: the bytes can be read once."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece.

        Raises:
            InputError: the file cannot be read.
        """
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            self._when_sent()
            raise

    async def aclose(self) -> None:
        """End the source of the remaining bytes."""
        await self._pieces.aclose()


class _Kept:
    """A source of bytes that keeps its bytes, so that they can be sent again."""

    def __init__(self, source: AsyncIterable[bytes]) -> None:
        self._source = aiter(source)
        self._given = bytearray()

    def __aiter__(self) -> _Kept:
        return self

    async def __anext__(self) -> bytes:
        chunk = await anext(self._source)
        self._given += chunk
        return chunk

    async def all(self) -> bytes:
        async for _piece in self:
            pass
        return bytes(self._given)


def _open(file: Path) -> tuple[IO[bytes], int]:
    """Return an opened plain file and its size. A FIFO is opened without waiting for its writer."""
    try:
        opened = open(file, "rb", opener=_without_waiting)  # noqa: SIM115 - the caller closes it
    except OSError as error:
        raise _unreadable(file, error.strerror) from error
    about = os.fstat(opened.fileno())
    if not stat.S_ISREG(about.st_mode):
        opened.close()
        raise _unreadable(file, _("it is no plain file"))
    return opened, about.st_size


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _read(file: IO[bytes], size: int) -> bytes:
    try:
        piece = file.read(size)
    except OSError as error:
        raise _unreadable(file.name, error.strerror) from error
    if not piece:
        raise _unreadable(file.name, _("it became shorter while it was sent"))
    return piece


def _unreadable(file: object, why: str | None) -> InputError:
    return InputError(_("{file} cannot be read: {why}", file=file, why=why), _("Check the file."))


def _quoted(name: str) -> str:
    """Return a file name for use within quotes, escaped as browsers do."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
