"""The open file of the record: one SQLite database that several processes share."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError
from voice_assistant.history.rows import SCHEMA
from voice_assistant.system import database, paths, plain_files
from voice_assistant.system.database import transaction
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def history_file() -> Path:
    """Return the record's file. It need not exist."""
    return paths.data_dir() / "history.sqlite3"


class RecordFile:
    """A connection to the file, which several threads may use; the file is made if needed.

    A file that cannot be read, or that a newer version wrote, is renamed, and a new one begins.

    Args:
        file: the record's file.
        on_aside: called with the error to show if a file was set aside.

    Attributes:
        db: the connection, for use within `told` or `change`.

    Raises:
        StorageError: the file cannot be opened.
        ConfigError: another program blocks the file.
    """

    def __init__(self, file: Path, on_aside: Callable[[StorageError], None]) -> None:
        self._file = file
        self._lock = threading.RLock()
        with self.told():
            self.db = _opened(file, on_aside)
        self._place, self._log = database.place_of(file), database.log_of(file)

    @property
    def in_place(self) -> bool:
        """Return whether the open file is still the one that others find by its name."""
        return self._place is not None and database.place_of(self._file) == self._place

    def close(self) -> None:
        """Close the file."""
        self.db.close()
        if database.place_of(self._file) not in (None, self._place):
            database.drop_log_of(self._file, self._log)

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Let one thread at a time use the file, and turn SQLite's errors into sentences.

        Raises:
            StorageError: the file cannot be read, or the disk refuses a change.
        """
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise StorageError(
                    _("{file} cannot be used: {error}", file=self._file, error=error),
                    _(plain_files.HINT),
                ) from error

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """As `told`; all changes in the context are made, or none.

        Raises:
            StorageError: see `told`.
        """
        with self.told(), transaction(self.db):
            yield


def _opened(file: Path, on_aside: Callable[[StorageError], None]) -> sqlite3.Connection:
    try:
        db = database.opened(file, SCHEMA, on_aside=on_aside)
    except database.NewerFile as newer:
        on_aside(database.set_aside(file, newer.title))
        db = database.opened(file, SCHEMA)
    db.execute("PRAGMA secure_delete = ON")
    return db
