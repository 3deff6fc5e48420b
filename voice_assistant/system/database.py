"""Opens SQLite files: private to their owner, with a write-ahead log, migrated to a schema.

A file that is not a database is renamed, never deleted, and a new one begins.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import itertools
import sqlite3
import stat
import time
from typing import TYPE_CHECKING, Any, Protocol

from voice_assistant.errors import ConfigError
from voice_assistant.system import plain_files, private_files
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
OTHER_TABLES = sqlite3.SQLITE_ERROR
"""SQLite's result code where a file does not have the tables of its schema (any more): another
program has written over it. To open it again sets it aside."""


class _Foreign(sqlite3.DatabaseError):
    """A database of another program, or of none: as useless as no database."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


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
    with plain_files.told(_("{file} cannot be opened", file=file)):
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


def log_of(file: Path) -> tuple[int, int] | None:
    """Return the place of the log of a database that is open; None without one."""
    return place_of(file.with_name(file.name + _LOGS[0]))


def drop_log_of(file: Path, log: tuple[int, int] | None) -> None:
    """Delete the log that a replaced database has left, if it is still there.

    SQLite would write what is in it over the file that has taken the place of the database.
    """
    if log is not None and log_of(file) == log:
        drop_logs(file)


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


def _migrate(db: sqlite3.Connection, file: Path, schema: Schema) -> None:
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
        take_over(db, file, schema)
    except BaseException:
        db.close()
        raise
    return db


def take_over(db: sqlite3.Connection, file: Path, schema: Schema) -> None:
    """Bring a file to the newest version of its schema, and see that it has what that needs.

    Raises:
        NewerFile: a newer version of the program made the file.
        sqlite3.DatabaseError: another program made the file (with a code in `SPOILT`), or see
            SQLite.
    """
    needed = _columns_of(schema)
    try:
        _migrate(db, file, schema)
    except NewerFile:
        if not needed.keys() & _columns(db).keys():
            raise _Foreign("it is the database of another program") from None
        raise
    except sqlite3.OperationalError as error:
        if kind_of(error) == OTHER_TABLES:  # some of those that the schema makes are there
            raise _Foreign(str(error)) from error
        raise
    there = _columns(db)
    if missing := [name for name in needed if not needed[name] <= there.get(name, frozenset())]:
        raise _Foreign(f"its tables are others: {', '.join(missing)}")


@functools.cache
def _columns_of(schema: Schema) -> dict[str, frozenset[str]]:
    """Return the tables and columns that a schema makes."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for statement in itertools.chain.from_iterable(schema):
            db.execute(statement)
        return _columns(db)


def _columns(db: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Return the columns of each table that a database has, without those that SQLite makes."""
    found = db.execute(
        "SELECT tables.name, columns.name FROM sqlite_master AS tables,"
        " pragma_table_info(tables.name) AS columns"
        " WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND NOT EXISTS (SELECT 1 FROM sqlite_master AS indexes"
        " WHERE indexes.sql LIKE 'CREATE VIRTUAL %' AND tables.name LIKE indexes.name || '_%')"
    )
    tables: dict[str, set[str]] = {}
    for table, column in found:
        tables.setdefault(table, set()).add(column)
    return {name: frozenset(columns) for name, columns in tables.items()}


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
