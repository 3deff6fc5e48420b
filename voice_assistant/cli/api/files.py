"""`files`: uploads files for questions, and gets files that belong to questions."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.backend.attachments import check_files, upload_of
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown, each
from voice_assistant.errors import BackendError, StorageError
from voice_assistant.system.private_files import opener
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import UploadedFile


class Saved(msgspec.Struct):
    """A file that was written, with its size in bytes."""

    file: str
    size: int


async def upload(at: Connected, names: list[str]) -> Shown:
    """Upload files to the server."""
    try:
        limits = (await at.client.parameters()).system_parameters
    except BackendError:
        limits = None  # the server itself refuses a file that is too large

    async def upload_one(name: str) -> UploadedFile:
        await check_files([Path(name)], limits)
        return await at.client.upload_file(upload_of(Path(name)))

    found, failures = await each(names, upload_one)
    rows = [
        (one.id, one.mime_type, _("{n:,} bytes", n=one.size), one.name) for one in found.values()
    ]
    return Shown(list(found.values()), words.table(rows, empty=_("Uploaded: none.")), failures)


async def preview(at: Connected, file: str, to: str) -> Shown:
    """Get a file that belongs to a question, and write it."""
    path = Path(to)
    content = bytearray()
    async with aclosing(at.client.preview_file(file)) as pieces:
        async for piece in pieces:
            content += piece
    try:
        await asyncio.to_thread(_write, path, content)
    except OSError as error:
        raise StorageError(
            _("{to} cannot be written: {strerror}", to=to, strerror=error.strerror),
            _("Check the folder, and the disk's room."),
        ) from error
    return Shown(Saved(str(path), len(content)), _("{file}: {n:,} bytes", file=to, n=len(content)))


def _write(file: Path, content: bytearray) -> None:
    with open(file, "wb", opener=opener) as opened:
        opened.write(content)
