"""The store of the embedded backend: one SQLite file that several processes share.

If the disk refuses writes, no answer and no timer is lost: the store continues in memory, and
writes the new entries as soon as the disk accepts them.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError, StorageError
from voice_assistant.system import database
from voice_assistant.system.plain_files import is_missing

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.system.database import Values

log = logging.getLogger(__name__)

RETRY_S = 10.0
"""Seconds between two attempts to return from memory to the disk."""

SCHEMA = (
    (
        """CREATE TABLE conversations (
            id TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, inputs TEXT NOT NULL,
            memory TEXT NOT NULL, created_at REAL NOT NULL, updated_at REAL NOT NULL)""",
        "CREATE INDEX conversations_of_user ON conversations (user, updated_at)",
        """CREATE TABLE messages (
            id TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
            inputs TEXT NOT NULL, query TEXT NOT NULL, files TEXT NOT NULL, answer TEXT NOT NULL,
            suggestions TEXT NOT NULL, error TEXT NOT NULL, created_at REAL NOT NULL)""",
        "CREATE INDEX messages_of_conversation ON messages (conversation_id, created_at)",
        """CREATE TABLE feedbacks (
            id TEXT PRIMARY KEY,
            message_id TEXT NOT NULL UNIQUE REFERENCES messages ON DELETE CASCADE,
            user TEXT NOT NULL, rating TEXT NOT NULL, content TEXT NOT NULL,
            created_at REAL NOT NULL, updated_at REAL NOT NULL)""",
        """CREATE TABLE files (
            id TEXT PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
            mime_type TEXT NOT NULL, created_at REAL NOT NULL)""",
        """CREATE TABLE annotations (
            id TEXT PRIMARY KEY, question TEXT NOT NULL, answer TEXT NOT NULL,
            hit_count INTEGER NOT NULL, created_at REAL NOT NULL)""",
        "CREATE TABLE jobs (id TEXT PRIMARY KEY, action TEXT NOT NULL)",
        """CREATE TABLE timers (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, due REAL NOT NULL, duration_s REAL NOT NULL,
            text TEXT NOT NULL)""",
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value NOT NULL)",
    ),
    ("ALTER TABLE timers ADD COLUMN taken_at REAL NOT NULL DEFAULT 0",),
    ("ALTER TABLE timers ADD COLUMN clock_time TEXT NOT NULL DEFAULT ''",),
    (
        """CREATE TABLE entries (
            id TEXT PRIMARY KEY, list TEXT NOT NULL, text TEXT NOT NULL,
            created_at REAL NOT NULL)""",
    ),
    ("ALTER TABLE timers ADD COLUMN left_s REAL",),
    ("ALTER TABLE timers ADD COLUMN rule TEXT NOT NULL DEFAULT ''",),
)
"""The statements that lead from each version of the schema to the next. Never change one; add."""


class Store:
    """A connection to the store in `folder`; the store is made or updated if needed.

    Only the owner can read the store. Each statement commits by itself; `with
    database.transaction(db):` joins several statements.

    Args:
        folder: the folder of the store; made if it is missing.
        retry_s: seconds between two attempts to return from memory to the disk.
        busy_s: how long to wait for the write of another process.

    Attributes:
        unread: True while there are entries on the disk that cannot be read.

    Raises:
        ConfigError: a newer version made the file, or another program blocks it.
    """

    def __init__(
        self, folder: Path, *, retry_s: float = RETRY_S, busy_s: float = database.BUSY_S
    ) -> None:
        self._file = folder / "server.sqlite3"
        self._retry_s = retry_s
        self._busy_s = busy_s
        self._tried_s = 0.0
        self._memory: sqlite3.Connection | None = None  # in use while the disk refuses writes
        self._begun: list[tuple[str, Values]] = []  # statements of the open transaction
        self._unwritten: list[tuple[str, Values]] = []  # statements that ran in memory only
        self._disk: sqlite3.Connection | None = None
        self._place: tuple[int, int] | None = None
        self._log: tuple[int, int] | None = None
        self.unread = False
        try:
            self._disk = self._opened()
        except (StorageError, sqlite3.Error) as error:
            self._leave_disk(error)

    def execute(self, statement: str, values: Values = ()) -> sqlite3.Cursor:
        """Run one statement: on the disk, or in memory if the disk refuses it.

        Raises:
            sqlite3.Error: the statement failed for a reason other than the disk.
        """
        if self._memory and not self._begun and time.monotonic() - self._tried_s > self._retry_s:
            self._return_to_disk()
        if self._disk and not self._begun and database.place_of(self._file) != self._place:
            self._follow(self._disk)
        if statement.startswith("BEGIN") or self._begun:
            self._begun.append((statement, values))
        try:
            done = self._run(statement, values)
        except BaseException:
            if statement.startswith("BEGIN") or statement == "ROLLBACK":
                self._begun.clear()
            elif self._begun:
                self._begun.pop()  # a COMMIT too: a ROLLBACK follows
            raise
        if statement in ("COMMIT", "ROLLBACK"):
            self._begun.clear()
        return done

    def close(self) -> None:
        """Try to write the entries that are in memory only, and close the file."""
        if self._memory:
            self._return_to_disk()
        for connection in filter(None, (self._disk, self._memory)):
            connection.close()

    def _run(self, statement: str, values: Values) -> sqlite3.Cursor:
        if self._memory is None and self._disk is not None:
            try:
                return self._disk.execute(statement, values)
            except sqlite3.Error as error:
                kind = database.kind_of(error)
                if kind == database.OTHER_TABLES and not self._begun:
                    self._open_again()
                    return self._run(statement, values)
                if kind not in database.REFUSED | database.SPOILT:
                    raise
                self._leave_disk(error)
        assert self._memory  # noqa: S101  (one of the two is in use)
        done = self._memory.execute(statement, values)
        if not self._begun and not statement.startswith("SELECT"):
            self._unwritten.append((statement, values))
        elif statement == "COMMIT":
            self._unwritten += self._begun[1:-1]
        return done

    def _opened(self) -> sqlite3.Connection:
        disk = database.opened(self._file, SCHEMA, self._busy_s)
        self._place = database.place_of(self._file)
        self._log = database.log_of(self._file)
        return disk

    def _open_again(self) -> None:
        """Open the file once more: it is another one, or has other tables, and is set aside."""
        if self._disk:
            self._disk.close()
        self._disk = None
        if database.place_of(self._file) != self._place:
            database.drop_log_of(self._file, self._log)
        try:
            self._disk = self._opened()
        except (StorageError, ConfigError, sqlite3.Error) as error:
            self._leave_disk(error)

    def _follow(self, before: sqlite3.Connection) -> None:
        """Go on in the file that others find, where the open one was deleted or moved away.

        If there is none, it gets all entries: a timer that was set has to ring. While none can be
        made, the open one is as good as memory.
        """
        gone = database.place_of(self._file) is None
        if not gone:
            log.warning("%s was replaced: the new one is in use", self._file)
            self._open_again()
            return
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as entries:
            _copied(before, entries)
            database.drop_logs(self._file)
            try:
                self._disk = self._opened()
            except (StorageError, ConfigError, sqlite3.Error) as error:
                log.debug("%s cannot be made again: %s", self._file, error)
                return
            log.warning("%s was deleted or moved away: a new one is in use", self._file)
            _copied(entries, self._disk)
        before.close()

    def _leave_disk(self, error: Exception) -> None:
        """Continue in memory, with all readable entries and with the open transaction."""
        log.warning("new entries are in memory alone, %s cannot be written: %s", self._file, error)
        self._tried_s = time.monotonic()
        self._memory = sqlite3.connect(":memory:", isolation_level=None)
        if self._disk:
            with contextlib.suppress(sqlite3.Error):
                self._disk.execute("ROLLBACK")
        known = bool(self._disk and _copied(self._disk, self._memory))
        self.unread = not (
            known or _copy_unopened(self._file, self._memory) or is_missing(self._file)
        )
        try:
            database.take_over(self._memory, self._file, SCHEMA)
        except sqlite3.DatabaseError:  # another program's entries were copied
            self._memory.close()
            self._memory = sqlite3.connect(":memory:", isolation_level=None)
            database.take_over(self._memory, self._file, SCHEMA)
        self._memory.execute("PRAGMA foreign_keys = ON")
        for statement, values in self._begun[:-1]:
            self._memory.execute(statement, values)

    def _return_to_disk(self) -> None:
        """Write the entries that are in memory only, if the disk accepts them now."""
        self._tried_s = time.monotonic()
        try:
            disk = self._disk = self._disk or self._opened()
            with database.transaction(disk):
                disk.execute("PRAGMA user_version = %d" % len(SCHEMA))  # noqa: UP031  (asks to write)
                for statement, values in self._unwritten:
                    with contextlib.suppress(sqlite3.IntegrityError):  # the entry was changed
                        disk.execute(statement, values)
        except (StorageError, ConfigError, sqlite3.Error) as error:
            log.debug("%s still cannot be written: %s", self._file, error)
            if self._disk and database.kind_of(error) in database.SPOILT:
                self._disk.close()  # the next attempt sets the file aside
                self._disk = None
            return
        log.info("%s can be written again", self._file)
        self._unwritten.clear()
        if self._memory:
            self._memory.close()
        self._memory = None
        self.unread = False


def connect(folder: Path) -> Store:
    """Return the store in `folder`; see `Store`.

    Raises:
        ConfigError: a newer version made the file, or another program blocks it.
    """
    return Store(folder)


def _copied(source: sqlite3.Connection, target: sqlite3.Connection) -> bool:
    """Copy all readable entries; return whether they could be read."""
    try:
        source.execute(
            "SELECT * FROM sqlite_master"
        ).fetchone()  # `backup` waits for locks for ever
        source.backup(target)
    except sqlite3.Error as error:
        log.warning("the entries cannot be read: %s", error)
        return False
    return True


def _copy_unopened(file: Path, target: sqlite3.Connection) -> bool:
    """Copy the entries of a file beside which SQLite cannot make its own files.

    Return whether they could be read.

    The only connection to a file needs no index of the write-ahead log. A file on a read-only disk
    is read without the log. https://www.sqlite.org/wal.html#noshm
    """
    for how in ("mode=rw", "mode=ro&immutable=1"):
        with contextlib.suppress(sqlite3.Error):
            source = sqlite3.connect(
                f"{file.as_uri()}?{how}", timeout=0.0, isolation_level=None, uri=True
            )
            with contextlib.closing(source):
                source.execute("PRAGMA locking_mode = EXCLUSIVE")
                if _copied(source, target):
                    return True
    return False
