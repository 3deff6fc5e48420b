"""Where the embedded backend keeps things: one SQLite file that several processes share."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_S = 5.0
"""How long one process waits for another one's write."""

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
)
"""The statements that lead from each version of the schema to the next; never change, add."""


def connect(folder: Path) -> sqlite3.Connection:
    """The store in `folder`, made or brought up to date where needed; only its owner can read it.

    Statements commit by themselves; `with transaction(db):` joins several.

    Raises:
        ConfigError: the file cannot be opened, is no database or is of a newer version.
    """
    file = folder / "server.sqlite3"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        db = sqlite3.connect(file, timeout=BUSY_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"{file} cannot be opened: {error}", "Check the folder and its permissions."
        ) from error
    try:
        _write_ahead(db)
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
        _migrate(db, file)
    except sqlite3.Error as error:
        db.close()
        raise ConfigError(
            f"{file} cannot be used: {error}", "Move it away to begin with an empty one."
        ) from error
    except ConfigError:
        db.close()
        raise
    return db


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of the writes within, or none. Waits for other writers before it begins."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _write_ahead(db: sqlite3.Connection) -> None:
    """Keep a log beside the file. For this SQLite does not wait for others, so we do."""
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


def _migrate(db: sqlite3.Connection, file: Path) -> None:
    with transaction(db):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(SCHEMA):
            raise ConfigError(
                f"{file} was written by a newer version", "Install that version again."
            )
        for statements in SCHEMA[version:]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(SCHEMA)}")
