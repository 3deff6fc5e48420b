"""The record's file: one SQLite database that several processes share.

A search may read much: a caller on an event loop calls the store in a thread
(`await asyncio.to_thread(store.turns, search="tea")`). One store may be used by several threads.
"""

from __future__ import annotations

import contextlib
import heapq
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Self

import msgspec

from voice_assistant.errors import InputError, StorageError
from voice_assistant.history.recorded_turn import RecordedTurn
from voice_assistant.history.search import Index, Search
from voice_assistant.system import database, paths, private_files
from voice_assistant.system.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from voice_assistant.history.recorded_turn import Rating

SCHEMA = (
    (
        """CREATE TABLE turns (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            began_s REAL NOT NULL, origin TEXT NOT NULL, state TEXT NOT NULL,
            question TEXT NOT NULL, answer TEXT NOT NULL, conversation_id TEXT NOT NULL,
            message_id TEXT NOT NULL, details TEXT NOT NULL, indexed INTEGER NOT NULL)""",
        "CREATE INDEX turns_by_time ON turns (began_s)",
        "CREATE INDEX turns_not_indexed ON turns (number) WHERE NOT indexed",
        # The index holds no text and no positions: a third of the size, and `Search` looks anyway.
        """CREATE VIRTUAL TABLE turns_index USING fts5(
            text, content='', detail=none, tokenize='trigram case_sensitive 1')""",
        "CREATE VIRTUAL TABLE turns_words USING fts5vocab(turns_index, row)",
    ),
    (
        "ALTER TABLE turns ADD COLUMN app TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN rating TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN comment TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN rating_sent INTEGER NOT NULL DEFAULT 1",
        "CREATE INDEX turns_by_message ON turns (message_id)",
        "CREATE INDEX turns_rated ON turns (number) WHERE NOT rating_sent",
    ),
)
"""The statements that lead from each version of the schema to the next. Never change one; add."""

_COLUMNS = (
    *("began_s", "origin", "state", "question", "answer"),
    *("app", "conversation_id", "message_id"),
)
_RATED = ("rating", "comment", "rating_sent")
"""Columns that `write` leaves as they are: a turn may be rated while it is written."""
_SELECTED = ", ".join(("turns.number", *_COLUMNS, *_RATED, "details"))


def history_file() -> Path:
    """Return the record's file. It need not exist."""
    return paths.data_dir() / "history.sqlite3"


class Store:
    """A connection to the record; the file is made or updated if needed, private to its owner.

    A file that cannot be read, or that a newer version wrote, is renamed, and a new one begins.

    Args:
        file: the record's file.
        on_aside: called with the error to show if a file was set aside.

    Raises:
        StorageError: the file cannot be opened.
        ConfigError: another program blocks the file.
    """

    def __init__(
        self, file: Path, on_aside: Callable[[StorageError], None] = lambda _: None
    ) -> None:
        self._lock = threading.RLock()
        with _told(file):
            self._db = _opened(file, on_aside)
        self._index = Index(self._db)
        self._file = file

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """Return the store; the end of the context closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def turns(
        self,
        *,
        search: str = "",
        since_s: float = 0.0,
        before: int | None = None,
        conversation_id: str = "",
        limit: int | None = 20,
    ) -> list[RecordedTurn]:
        """Return turns, the latest first.

        Args:
            search: words that the turn has, each anywhere in its question or answer.
            since_s: turns that began at this time or later, in seconds since 1970.
            before: turns with a lower number: the next page.
            conversation_id: turns of this conversation.
            limit: the largest number; None for all.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._told():
            return list(self._found(search, since_s, before, conversation_id, limit))

    def turn(self, number: int) -> RecordedTurn:
        """Return the turn of this number.

        Raises:
            InputError: there is no such turn.
            StorageError: the file cannot be read.
        """
        with self._told():
            row = self._db.execute(
                f"SELECT {_SELECTED} FROM turns WHERE number = ?",
                (number,),
            ).fetchone()
        if row is None:
            raise InputError(
                f"There is no turn {number}", "`voice-assistant history` shows the last ones."
            )
        return _turn(row)

    def last(self) -> RecordedTurn | None:
        """Return the latest turn with a question, None without one."""
        with self._told():
            row = self._db.execute(
                f"SELECT {_SELECTED} FROM turns WHERE question != '' ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return _turn(row) if row else None

    def write(self, turn: RecordedTurn) -> int:
        """Write a turn; return its number. A turn that was deleted meanwhile stays deleted.

        Raises:
            StorageError: the disk refuses it.
        """
        values = _row(turn)
        with self._told(), transaction(self._db):
            if not turn.number:
                names = ", ".join((*_COLUMNS, "details", "indexed"))
                marks = ", ".join("?" for _ in values)
                statement = f"INSERT INTO turns ({names}) VALUES ({marks}, 0)"
                number = self._db.execute(statement, values).lastrowid or 0
            else:
                number = turn.number
                self._index.remove(number)
                names = ", ".join(f"{name} = ?" for name in (*_COLUMNS, "details"))
                statement = f"UPDATE turns SET {names}, indexed = 0 WHERE number = ?"
                self._db.execute(statement, (*values, number))
            if turn.state != "open":
                self._index.add(number)
        return number

    def break_off(self) -> None:
        """Mark the turns that are still open: their program has ended without ending them.

        A program that is not over after all, such as an `ask` beside the daemon, corrects that with
        its next `write`.
        """
        with self._told(), transaction(self._db):
            rows = self._db.execute("SELECT number FROM turns WHERE NOT indexed").fetchall()
            for (number,) in rows:
                self._db.execute(
                    "UPDATE turns SET state = 'broken_off' WHERE number = ? AND state = 'open'",
                    (number,),
                )
                self._index.add(number)

    def last_answer(self, message_id: str = "") -> RecordedTurn:
        """Return the turn of an answer, by default of the last one.

        Raises:
            InputError: there is no such answer.
            StorageError: the file cannot be read.
        """
        with self._told():
            row = self._db.execute(
                f"SELECT {_SELECTED} FROM turns WHERE message_id != ''"
                " AND (message_id = ?1 OR ?1 = '') ORDER BY number DESC LIMIT 1",
                (message_id,),
            ).fetchone()
        if row is None:
            raise InputError(
                "The answer is not in the record" if message_id else "There is no answer yet",
                "Answers are not kept off the record." if message_id else "Ask something first.",
            )
        return _turn(row)

    def rate(self, number: int, rating: Rating, comment: str = "") -> RecordedTurn:
        """Rate the answer of a turn, or take its rating back; return the turn.

        Raises:
            InputError: there is no such turn, or it has no answer.
            StorageError: the disk refuses it.
        """
        if not self.turn(number).message_id:
            raise InputError(f"Turn {number} has no answer that could be rated")
        with self._told():
            self._db.execute(
                "UPDATE turns SET rating = ?, comment = ?, rating_sent = 0 WHERE number = ?",
                (rating, _storable(comment), number),
            )
        return self.turn(number)

    def unsent_ratings(self, app: str) -> list[RecordedTurn]:
        """Return the turns of an app whose rating the server does not have yet."""
        with self._told():
            rows = self._db.execute(
                f"SELECT {_SELECTED} FROM turns WHERE NOT rating_sent AND app = ?", (app,)
            ).fetchall()
        return [_turn(row) for row in rows]

    def rating_was_sent(self, turn: RecordedTurn) -> None:
        """Note that the server has the rating of a turn, unless it was changed meanwhile."""
        with self._told():
            self._db.execute(
                "UPDATE turns SET rating_sent = 1 WHERE number = ? AND rating = ? AND comment = ?",
                (turn.number, turn.rating, turn.comment),
            )

    def delete(self, numbers: Iterable[int]) -> int:
        """Delete turns, and overwrite their words on the disk; return how many there were.

        Raises:
            StorageError: the disk refuses it.
        """
        with self._told():
            with transaction(self._db):
                gone = sum(map(self._delete, dict.fromkeys(numbers)))
            if gone:
                self._forget_words()
        return gone

    def delete_all(self) -> int:
        """Delete all turns, and overwrite their words on the disk; return how many there were."""
        with self._told():
            with transaction(self._db):
                gone = self._db.execute("DELETE FROM turns").rowcount
                self._index.clear()
            self._forget_words()
        return gone

    def delete_before(self, time_s: float) -> int:
        """Delete the turns that began before a time, in seconds since 1970."""
        with self._told():
            rows = self._db.execute("SELECT number FROM turns WHERE began_s < ?", (time_s,))
            return self.delete([number for (number,) in rows.fetchall()])

    def keep_on_disk(self) -> None:
        """Make what was written survive a power cut; it survives the program's end anyway."""
        with self._told():
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _found(
        self,
        search: str,
        since_s: float,
        before: int | None,
        conversation_id: str,
        limit: int | None,
    ) -> Iterator[RecordedTurn]:
        wanted = Search(search, self._db)
        where = ["began_s >= :since"]
        if before is not None:
            where.append("turns.number < :before")
        if conversation_id:
            where.append("conversation_id = :conversation")
        values = {"since": since_s, "before": before, "conversation": conversation_id}
        seen: set[int] = set()
        rows = self._candidates(where, values, wanted.expression)
        for row in rows:
            if limit is not None and len(seen) >= limit:
                return
            turn = _turn(row)
            if turn.number not in seen and wanted.found_in(turn.question, turn.answer):
                seen.add(turn.number)
                yield turn

    def _candidates(
        self, where: list[str], values: dict[str, Any], expression: str
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that may be what is wanted, the latest first."""
        condition = " AND ".join(where)
        if not expression:
            yield from self._db.execute(
                f"SELECT {_SELECTED} FROM turns WHERE {condition} ORDER BY turns.number DESC",
                values,
            )
            return
        # Turns that are not over are not in the index yet: they are few.
        open_turns = self._db.execute(
            f"SELECT {_SELECTED} FROM turns WHERE NOT indexed AND {condition}"
            " ORDER BY turns.number DESC",
            values,
        ).fetchall()
        indexed = self._db.execute(
            f"SELECT {_SELECTED} FROM turns_index"
            " CROSS JOIN turns ON turns.number = turns_index.rowid"
            f" WHERE turns_index MATCH :expression AND {condition}"
            " ORDER BY turns_index.rowid DESC",
            values | {"expression": expression},
        )
        yield from _merged(iter(open_turns), indexed)

    def _delete(self, number: int) -> int:
        self._index.remove(number)
        return self._db.execute("DELETE FROM turns WHERE number = ?", (number,)).rowcount

    def _forget_words(self) -> None:
        """Remove deleted words from the index and from the log beside the file."""
        self._index.forget()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Let one thread at a time use the file, and turn SQLite's errors into sentences."""
        with self._lock, _told(self._file):
            yield


def _merged(
    one: Iterator[tuple[Any, ...]], other: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    yield from heapq.merge(one, other, key=lambda row: -row[0])


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"{file} cannot be used: {error}", private_files.HINT) from error


def _opened(file: Path, on_aside: Callable[[StorageError], None]) -> sqlite3.Connection:
    try:
        db = database.opened(file, SCHEMA, on_aside=on_aside)
    except database.NewerFile as newer:
        on_aside(database.set_aside(file, newer.title))
        db = database.opened(file, SCHEMA)
    db.execute("PRAGMA secure_delete = ON")
    return db


def _turn(row: tuple[Any, ...]) -> RecordedTurn:
    number, *values, details = row
    known = dict(zip((*_COLUMNS, *_RATED), values, strict=True)) | msgspec.json.decode(details)
    known["rating_sent"] = bool(known["rating_sent"])
    return msgspec.convert({"number": number, **known}, RecordedTurn)


def _row(turn: RecordedTurn) -> tuple[Any, ...]:
    """Return the values of the columns; `details` is JSON of everything without a column."""
    fields = _storable(msgspec.to_builtins(turn))  # without those that have their default
    details = {name: fields[name] for name in fields if name not in (*_COLUMNS, *_RATED, "number")}
    columns = (_storable(getattr(turn, name)) for name in _COLUMNS)
    return (*columns, msgspec.json.encode(details).decode())


def _storable(value: Any) -> Any:
    """Return `value` without what no database takes: NUL ends a text, lone surrogates are none."""
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case dict():
            return {name: _storable(one) for name, one in value.items()}
        case list() | tuple():
            return [_storable(one) for one in value]
        case _:
            return value
