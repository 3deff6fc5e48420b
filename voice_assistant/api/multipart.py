"""A form with one file, as it is sent: whole, or while the file is still being made."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from voice_assistant.api.models import Upload


class Form:
    """The fields `user` and `file`, in this order: a server may look at the user first.

    Args:
        upload: the file.
        user: whose it is.
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
        self._content = upload.content
        self._source: _Kept | None = None
        if not isinstance(upload.content, bytes | Path):
            self._source = _Kept(upload.content)

    @property
    def is_live(self) -> bool:
        """The file is still being made."""
        return self._source is not None

    async def whole(self) -> bytes:
        """All of the form; waits for what is still being made, and keeps what was sent.

        Raises:
            InputError: the file cannot be read.
        """
        if self._source is not None:
            content = await self._source.all()
        elif isinstance(self._content, Path):
            content = await _read(self._content)
        else:
            assert isinstance(self._content, bytes)  # noqa: S101 - for the type checker
            content = self._content
        return self._head + content + self._tail

    async def live(self) -> AsyncGenerator[bytes, None]:
        """The form piece by piece, as the file is made."""
        assert self._source is not None  # noqa: S101 - for the type checker
        yield self._head
        async for chunk in self._source:
            yield chunk
        yield self._tail


class _Kept:
    """A source of bytes that remembers what it gave, so that it can be sent once more."""

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
        async for _ in self:
            pass
        return bytes(self._given)


async def _read(file: Path) -> bytes:
    try:
        return await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}", "Check the file.") from error


def _quoted(name: str) -> str:
    """A file name within quotes, as browsers write it."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
