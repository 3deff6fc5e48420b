"""The files that are dropped on the page: kept for the questions about them."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import InputError, StorageError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

MOST_BYTES = 500 * 2**20
"""The largest file; apps take less, and say so."""

_UNSAFE = re.compile(r"[^\w .()+-]")
_LONGEST_NAME = 100


class Uploaded(msgspec.Struct, frozen=True):
    """A file that has come. Attributes: the name that the page uses for it, and its own name."""

    id: str
    name: str


class Uploads:
    """Keeps files in a folder; the page knows them by random names only.

    Args:
        folder: a folder for the user alone; its owner removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}

    async def take(self, name: str, body: AsyncIterator[bytes]) -> Uploaded:
        """Keep a file.

        Raises:
            InputError: the file is too large.
            StorageError: it cannot be kept.
        """
        known = secrets.token_urlsafe(12)
        file = self._folder / known / _safe(name)
        try:
            file.parent.mkdir(mode=0o700)
            await _write(file, body)
        except BaseException as error:
            file.unlink(missing_ok=True)
            if isinstance(error, OSError):
                hint = _("Delete files that you no longer need.")
                raise StorageError(
                    _("The file cannot be kept: {strerror}", strerror=error.strerror), hint
                ) from error
            raise
        self._files[known] = file
        return Uploaded(known, file.name)

    def place(self, wish: str) -> Path:
        """Return the path of a new file, whose name is like `wish`; the page does not know it."""
        file = self._folder / secrets.token_urlsafe(12) / _safe(wish)
        file.parent.mkdir(mode=0o700)
        return file

    def path(self, known: str) -> str:
        """Return the path of a file.

        Raises:
            InputError: there is no such file, for example since a restart.
        """
        if file := self._files.get(known):
            return str(file)
        raise InputError(_("The file is no longer here"), _("Add it again."))


async def _write(file: Path, body: AsyncIterator[bytes]) -> None:
    size = 0
    with file.open("xb") as out:
        async for piece in body:
            size += len(piece)
            if size > MOST_BYTES:
                raise InputError(_("{name} is too large", name=file.name), _("Add a smaller file."))
            await asyncio.to_thread(out.write, piece)


def _safe(name: str) -> str:
    """Return a name that is no path; its end, which tells the kind, stays."""
    safe = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return safe[-_LONGEST_NAME:] or "file"
