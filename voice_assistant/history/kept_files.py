"""The copies of files that belong to turns of the record."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import time
from typing import TYPE_CHECKING

from voice_assistant.system import private_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

OLD_S = 24 * 3600.0
"""A file that no turn knows is kept for so long: it may be on its way into the record."""

NAME_MAX = 80

_ODD = re.compile(r"[^\w.-]+")


class KeptFiles:
    """A folder of files, for its owner alone.

    Args:
        folder: the folder; it is made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Return where the file of a name is, or would be."""
        return self._folder / name

    def new(self, wish: str) -> Path:
        """Return the path of a new file, whose name ends like `wish`.

        Raises:
            StorageError: the folder cannot be made.
        """
        plain = _ODD.sub("_", wish)[-NAME_MAX:].lstrip(".") or "file"
        return private_files.folder(self._folder) / f"{secrets.token_hex(4)}-{plain}"

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; those that are gone already do no harm."""
        for name in names:
            with contextlib.suppress(OSError):
                self.path(name).unlink()

    def clear(self) -> None:
        """Delete all files."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def sweep(self, known: Collection[str]) -> None:
        """Delete old files that no turn knows: their program was killed before it told of them."""
        with contextlib.suppress(OSError):
            for file in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    if file.name not in known and file.stat().st_mtime < time.time() - OLD_S:
                        file.unlink()
