"""The record's file: one SQLite database that several processes share.

A search may read much: a caller on an event loop calls the store in a thread
(`await asyncio.to_thread(store.turns, search="tea")`). One store may be used by several threads.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Self

import msgspec

from voice_assistant.errors import InputError, StorageError
from voice_assistant.history.finding import found
from voice_assistant.history.kept_files import KeptFiles
from voice_assistant.history.rows import COLUMNS, SCHEMA, SELECT, row_of, storable, turn_of
from voice_assistant.history.search import Index
from voice_assistant.system import database, paths, private_files
from voice_assistant.system.database import transaction
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from voice_assistant.history.recorded_turn import Rating, RecordedTurn


RECENT = 2000
"""The last turns, in which the last conversations are looked for."""


def history_file() -> Path:
    """Return the record's file. It need not exist."""
    return paths.data_dir() / "history.sqlite3"


class Store:
    """A connection to the record; the file is made or updated if needed, private to its owner.

    A file that cannot be read, or that a newer version wrote, is renamed, and a new one begins.

    Args:
        file: the record's file.
        on_aside: called with the error to show if a file was set aside.

    Attributes:
        kept_files: the copies of files that belong to turns; they are deleted with the turns.

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
        self.kept_files = KeptFiles(file.with_name("history-files"))

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
        profile: str | None = None,
        limit: int | None = 20,
    ) -> list[RecordedTurn]:
        """Return turns, the latest first.

        Args:
            search: words that the turn has, each anywhere in its question or answer.
            since_s: turns that began at this time or later, in seconds since 1970.
            before: turns with a lower number: the next page.
            conversation_id: turns of this conversation.
            profile: turns of this profile, "" for the default one; None for all.
            limit: the largest number; None for all.

        Raises:
            StorageError: the file cannot be read.
        """
        asked = {
            "began_s >= ?": since_s,
            "turns.number < ?": before,
            "conversation_id = ?": conversation_id or None,
            "profile = ? COLLATE NOCASE": profile,
        }
        conditions = {where: value for where, value in asked.items() if value is not None}
        with self._told():
            return list(found(self._db, search, conditions, limit))

    def turn(self, number: int) -> RecordedTurn:
        """Return the turn of this number.

        Raises:
            InputError: there is no such turn.
            StorageError: the file cannot be read.
        """
        with self._told():
            row = self._db.execute(
                f"{SELECT} FROM turns WHERE number = ?",
                (number,),
            ).fetchone()
        if row is None:
            raise InputError(
                _("There is no turn {number}", number=number),
                _("`voice-assistant history` shows the last ones."),
            )
        return turn_of(row)

    def last(self) -> RecordedTurn | None:
        """Return the latest turn with a question, None without one."""
        with self._told():
            row = self._db.execute(
                f"{SELECT} FROM turns WHERE question != '' ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return turn_of(row) if row else None

    def write(self, turn: RecordedTurn) -> int:
        """Write a turn; return its number. A turn that was deleted meanwhile stays deleted.

        Raises:
            StorageError: the disk refuses it.
        """
        values = row_of(turn)
        with self._told(), transaction(self._db):
            if not turn.number:
                names = ", ".join((*COLUMNS, "details", "indexed"))
                marks = ", ".join("?" for _ in values)
                statement = f"INSERT INTO turns ({names}) VALUES ({marks}, 0)"
                number = self._db.execute(statement, values).lastrowid or 0
            else:
                number = turn.number
                self._index.remove(number)
                names = ", ".join(f"{name} = ?" for name in (*COLUMNS, "details"))
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
                f"{SELECT} FROM turns WHERE message_id != ''"
                " AND (message_id = ?1 OR (?1 = '' AND answer != '')) ORDER BY number DESC LIMIT 1",
                (message_id,),
            ).fetchone()
        if row is None:
            raise InputError(
                _("The answer is not in the record") if message_id else _("There is no answer yet"),
                _("Answers are not kept off the record.")
                if message_id
                else _("Ask something first."),
            )
        return turn_of(row)

    def last_conversations(self, app: str, limit: int) -> list[tuple[str, str]]:
        """Return the last conversations with an app: ids, with the first question of each."""
        with self._told():
            return self._db.execute(
                "SELECT conversation_id, (SELECT question FROM turns WHERE number = first) FROM ("
                " SELECT conversation_id, min(number) AS first, max(number) AS last FROM turns"
                " WHERE number > (SELECT max(number) FROM turns) - ?"
                " AND app = ? AND conversation_id != '' AND question != ''"
                " GROUP BY conversation_id) ORDER BY last DESC LIMIT ?",
                (RECENT, app, limit),
            ).fetchall()

    def rate(self, number: int, rating: Rating, comment: str = "") -> RecordedTurn:
        """Rate the answer of a turn, or take its rating back; return the turn.

        Raises:
            InputError: there is no such turn, or it has no answer.
            StorageError: the disk refuses it.
        """
        if not self.turn(number).message_id:
            raise InputError(_("Turn {number} has no answer that could be rated", number=number))
        with self._told():
            self._db.execute(
                "UPDATE turns SET rating = ?, comment = ?, rating_sent = 0 WHERE number = ?",
                (rating, storable(comment), number),
            )
        return self.turn(number)

    def unsent_ratings(self, app: str) -> list[RecordedTurn]:
        """Return the turns of an app whose rating the server does not have yet."""
        with self._told():
            rows = self._db.execute(
                f"{SELECT} FROM turns WHERE NOT rating_sent AND app = ?", (app,)
            ).fetchall()
        return [turn_of(row) for row in rows]

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
                wanted = [*dict.fromkeys(numbers)]
                copies = [name for number in wanted for name in self._copies(number)]
                gone = sum(map(self._delete, wanted))
            self.kept_files.delete(copies)
            if gone:
                self._forget_words()
        return gone

    def delete_all(self) -> int:
        """Delete all turns, and overwrite their words on the disk; return how many there were."""
        with self._told():
            with transaction(self._db):
                gone = self._db.execute("DELETE FROM turns").rowcount
                self._index.clear()
            self.kept_files.clear()
            self._forget_words()
        return gone

    def delete_before(self, time_s: float) -> int:
        """Delete the turns that began before a time, in seconds since 1970."""
        with self._told():
            rows = self._db.execute("SELECT number FROM turns WHERE began_s < ?", (time_s,))
            return self.delete([number for (number,) in rows.fetchall()])

    def keep(self, number: int, file: str, name: str) -> None:
        """Note that there is a copy of a file; without such a turn the copy is deleted.

        Args:
            number: the turn's number.
            file: the path or the address of the file, as the turn names it.
            name: the copy's name among `kept_files`.
        """
        with self._told(), transaction(self._db):
            kept = self._kept_of(number)
            if kept is None:
                self.kept_files.delete([name])
            else:
                text = msgspec.json.encode(kept | {file: name}).decode()
                self._db.execute("UPDATE turns SET kept = ? WHERE number = ?", (text, number))

    def copies(self, turn: RecordedTurn) -> dict[str, Path]:
        """Return the copies of a turn's files, by the files' paths and addresses in the turn."""
        found = {file: self.kept_files.path(name) for file, name in turn.kept.items()}
        return {file: copy for file, copy in found.items() if copy.exists()}

    def sweep_kept_files(self) -> None:
        """Delete old copies that no turn knows."""
        with self._told():
            rows = self._db.execute("SELECT number FROM turns WHERE kept != '{}'").fetchall()
            known = {name for (number,) in rows for name in self._copies(number)}
        self.kept_files.sweep(known)

    def keep_on_disk(self) -> None:
        """Make what was written survive a power cut; it survives the program's end anyway."""
        with self._told():
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _kept_of(self, number: int) -> dict[str, str] | None:
        """Return the copies of a turn's files; None without such a turn."""
        query = "SELECT kept FROM turns WHERE number = ?"
        row = self._db.execute(query, (number,)).fetchone()
        return msgspec.json.decode(row[0], type=dict[str, str]) if row else None

    def _copies(self, number: int) -> Iterable[str]:
        return (self._kept_of(number) or {}).values()

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


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            _("{file} cannot be used: {error}", file=file, error=error), _(private_files.HINT)
        ) from error


def _opened(file: Path, on_aside: Callable[[StorageError], None]) -> sqlite3.Connection:
    try:
        db = database.opened(file, SCHEMA, on_aside=on_aside)
    except database.NewerFile as newer:
        on_aside(database.set_aside(file, newer.title))
        db = database.opened(file, SCHEMA)
    db.execute("PRAGMA secure_delete = ON")
    return db
