"""Opens SQLite files: private to their owner, with a write-ahead log, migrated to a schema.

A file that is not a database is renamed, never deleted, and a new one begins.
"""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import stat
import time
from typing import TYPE_CHECKING, Any, Protocol

from voice_assistant.errors import ConfigError
from voice_assistant.system import private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from voice_assistant.errors import StorageError

    Values = Sequence[Any] | Mapping[str, Any]

Schema = tuple[tuple[str, ...], ...]
"""The statements that lead from each version of a schema to the next."""

CACHE_KB = 256
"""Memory of each connection for pages of its file, which the system keeps in memory, too."""
BUSY_S = 5.0
"""How long a process waits for the write of another process."""

REFUSED = frozenset(
    (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    )
)
"""SQLite's result codes if the file system refuses. https://www.sqlite.org/rescode.html"""

_LOGS = ("-wal", "-shm")
"""The endings of the files that belong to a database."""

SPOILT = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


class NewerFile(ConfigError):
    """A newer version of the program made the file."""


class Executes(Protocol):
    """A connection to a database, or an object that works like one."""

    def execute(self, statement: str, values: Values = ..., /) -> sqlite3.Cursor:
        """Run one statement."""
        ...


@contextlib.contextmanager
def transaction(db: Executes) -> Iterator[None]:
    """Do all writes of the context, or none. Waits for other writers before it begins."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.OperationalError):  # SQLite has rolled back already
            db.execute("ROLLBACK")
        raise


def opened(
    file: Path,
    schema: Schema,
    busy_s: float = BUSY_S,
    on_aside: Callable[[StorageError], None] = lambda _: None,
) -> sqlite3.Connection:
    """Return a connection to the updated file. A file that is not a database is renamed first.

    Args:
        file: the file.
        schema: its schema.
        busy_s: how long to wait for the write of another process.
        on_aside: called with the error to show if a file was renamed.

    Raises:
        StorageError: the file cannot be opened.
        sqlite3.Error: SQLite cannot open the file, with a code in `REFUSED`.
        NewerFile: a newer version made the file.
        ConfigError: another program blocks the file.
    """
    with private_files.told(_("{file} cannot be opened", file=file)):
        private_files.folder(file.parent)
        try:
            _made(file)
        except IsADirectoryError as error:
            on_aside(private_files.set_aside(file, error))
            _made(file)
    try:
        return _connected(file, schema, busy_s)
    except sqlite3.Error as error:
        if kind_of(error) in SPOILT:
            on_aside(set_aside(file, error))
            _made(file)
            return _connected(file, schema, busy_s)
        if kind_of(error) in REFUSED:
            raise
        raise ConfigError(
            _("{file} cannot be used: {error}", file=file, error=error),
            _("Another program may use it; try again."),
        ) from error


def place_of(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None if it is gone.

    SQLite goes on to write a file that somebody has deleted or moved away, without an error: what
    it writes is lost when the file is closed.
    """
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(file: Path, reason: object) -> StorageError:
    """Rename a database with its log, so that a new one can begin; return the error to show."""
    return private_files.set_aside(file, reason, beside=_LOGS)


def drop_logs(file: Path) -> None:
    """Delete the logs that a deleted database has left: a new one must not take them for its own.

    Who has the old database open can read it all the same.
    """
    for ending in _LOGS:
        with contextlib.suppress(OSError):
            file.with_name(file.name + ending).unlink()


def kind_of(error: BaseException | None) -> int:
    """Return the primary result code of an SQLite error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def migrate(db: sqlite3.Connection, file: Path, schema: Schema) -> None:
    """Bring a database to the newest version of its schema.

    Raises:
        NewerFile: a newer version of the program made the file.
    """
    with transaction(db):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(schema):
            raise NewerFile(
                _("{file} was written by a newer version", file=file),
                _("Install that version again."),
            )
        for statements in schema[version:]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(schema)}")


def _made(file: Path) -> None:
    """Make the file, private to its owner, unless it is there.

    A file that is there is never opened here: the close of any descriptor of it would drop the
    locks of all connections of this process. https://www.sqlite.org/howtocorrupt.html, 2.2

    Raises:
        OSError: the file cannot be made, or is no plain file: SQLite would wait for a FIFO.
    """
    try:
        open(file, "xb", opener=private_files.opener).close()
    except FileExistsError:
        if not file.is_file():
            raise IsADirectoryError(errno.EISDIR, "it is no plain file", file) from None
        with contextlib.suppress(OSError):  # as on a disk that can only be read
            if stat.S_IMODE(file.stat().st_mode) != private_files.PRIVATE:
                file.chmod(private_files.PRIVATE)


def _connected(file: Path, schema: Schema, busy_s: float) -> sqlite3.Connection:
    # One connection may serve several threads, one at a time: SQLite itself is built for that.
    db = sqlite3.connect(file, timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(db)
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        migrate(db, file, schema)
    except BaseException:
        db.close()
        raise
    return db


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch to a write-ahead log. SQLite itself does not wait for other processes here."""
    give_up_at_s = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at_s:
                raise
            time.sleep(0.01)
        else:
            return
