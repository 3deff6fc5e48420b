"""The copies of files that belong to turns of the record."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.system import plain_files, private_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voice_assistant.history.record_file import RecordFile
    from voice_assistant.history.recorded_turn import RecordedTurn

OLD_S = 24 * 3600.0
"""Seconds for which a file that no turn knows is kept: it may be on its way into the record."""

NAME_MAX = 80

_ODD = re.compile(r"[^\w.-]+")


class KeptFiles:
    """A folder of files, for its owner alone.

    Args:
        folder: the folder; it is made with the first file.
        record: the record, whose turns name the files.
    """

    def __init__(self, folder: Path, record: RecordFile) -> None:
        self._folder = folder
        self._record = record

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

    def keep(self, number: int, file: str, name: str) -> None:
        """Note that there is a copy of a file; without such a turn the copy is deleted.

        Args:
            number: the turn's number.
            file: the path or the address of the file, as the turn names it.
            name: the copy's name.
        """
        with self._record.change():
            kept = self._kept(number)
            if kept is None:
                self.delete([name])
            else:
                text = msgspec.json.encode(kept | {file: name}).decode()
                self._record.db.execute(
                    "UPDATE turns SET kept = ? WHERE number = ?", (text, number)
                )

    def copies(self, turn: RecordedTurn) -> dict[str, Path]:
        """Return the copies of a turn's files, by the files' paths and addresses in the turn."""
        found = {file: self.path(name) for file, name in turn.kept.items()}
        return {file: copy for file, copy in found.items() if not plain_files.is_missing(copy)}

    def of_turn(self, number: int) -> list[str]:
        """Return the names of the copies that belong to a turn."""
        return [*(self._kept(number) or {}).values()]

    def sweep(self) -> None:
        """Delete old files that no turn knows: their program was killed before it told of them."""
        with self._record.told():
            rows = self._record.db.execute("SELECT number FROM turns WHERE kept != '{}'").fetchall()
            known = {name for (number,) in rows for name in self.of_turn(number)}
        with contextlib.suppress(OSError):
            for file in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    if file.name not in known and file.stat().st_mtime < time.time() - OLD_S:
                        file.unlink()

    def _kept(self, number: int) -> dict[str, str] | None:
        """Return the copies of a turn's files; None without such a turn."""
        query = "SELECT kept FROM turns WHERE number = ?"
        row = self._record.db.execute(query, (number,)).fetchone()
        return msgspec.json.decode(row[0], type=dict[str, str]) if row else None
