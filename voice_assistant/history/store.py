"""The record of all turns.

A search may read much: a caller on an event loop calls the store in a thread
(`await asyncio.to_thread(store.turns, search="tea")`). One store may be used by several threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from voice_assistant.errors import InputError, StorageError
from voice_assistant.history.finding import found
from voice_assistant.history.kept_files import KeptFiles
from voice_assistant.history.record_file import RecordFile
from voice_assistant.history.rows import COLUMNS, SELECT, row_of, storable, turn_of
from voice_assistant.history.search import Index
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from voice_assistant.history.recorded_turn import Rating, RecordedTurn


RECENT = 2000
"""The last turns, in which the last conversations are looked for."""


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
        self._record = RecordFile(file, on_aside)
        self._db = self._record.db
        self._index = Index(self._db)
        self.kept_files = KeptFiles(file.with_name("history-files"), self._record)

    @property
    def in_place(self) -> bool:
        """Return whether the open file is still the one that others find by its name."""
        return self._record.in_place

    def close(self) -> None:
        """Close the file."""
        self._record.close()

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
        with self._record.told():
            return list(found(self._db, search, conditions, limit))

    def turn(self, number: int) -> RecordedTurn:
        """Return the turn of this number.

        Raises:
            InputError: there is no such turn.
            StorageError: the file cannot be read.
        """
        with self._record.told():
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
        with self._record.told():
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
        with self._record.change():
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
        with self._record.change():
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
        with self._record.told():
            row = self._db.execute(
                f"{SELECT} FROM turns WHERE message_id != ''"
                " AND (message_id = :id OR (:id = '' AND answer != ''))"
                " ORDER BY number DESC LIMIT 1",
                {"id": message_id},
            ).fetchone()
        if row is None:
            raise InputError(
                _("The answer is not in the record") if message_id else _("There is no answer yet"),
                _("While the assistant is off the record, nothing is kept.")
                if message_id
                else _("Ask something first."),
            )
        return turn_of(row)

    def last_conversations(self, app: str, limit: int) -> list[tuple[str, str, float]]:
        """Return the last conversations with an app.

        Returns:
            Their ids, with the first question of each, and when that was asked.
        """
        with self._record.told():
            return self._db.execute(
                "SELECT ended.conversation_id, question, began_s FROM turns JOIN ("
                " SELECT conversation_id, min(number) AS first, max(number) AS last FROM turns"
                " WHERE number > (SELECT max(number) FROM turns) - ?"
                " AND app = ? AND conversation_id != '' AND question != ''"
                " GROUP BY conversation_id) AS ended ON number = first ORDER BY last DESC LIMIT ?",
                (RECENT, app, limit),
            ).fetchall()

    def rate(self, number: int, rating: Rating, comment: str = "") -> RecordedTurn:
        """Rate the answer of a turn, or take its rating back; return the turn.

        Raises:
            InputError: there is no such turn, or it has no answer.
            StorageError: the disk refuses it.
        """
        if not self.turn(number).message_id:
            raise InputError(
                _("Turn {number} has no answer that could be rated", number=number),
                _("`voice-assistant history` shows the last ones."),
            )
        with self._record.told():
            self._db.execute(
                "UPDATE turns SET rating = ?, comment = ?, rating_sent = 0 WHERE number = ?",
                (rating, storable(comment), number),
            )
        return self.turn(number)

    def unsent_ratings(self, app: str) -> list[RecordedTurn]:
        """Return the turns of an app whose rating the server does not have yet."""
        with self._record.told():
            rows = self._db.execute(
                f"{SELECT} FROM turns WHERE NOT rating_sent AND app = ?", (app,)
            ).fetchall()
        return [turn_of(row) for row in rows]

    def rating_was_sent(self, turn: RecordedTurn) -> None:
        """Note that the server has the rating of a turn, unless it was changed meanwhile."""
        with self._record.told():
            self._db.execute(
                "UPDATE turns SET rating_sent = 1 WHERE number = ? AND rating = ? AND comment = ?",
                (turn.number, turn.rating, turn.comment),
            )

    def delete(self, numbers: Iterable[int]) -> int:
        """Delete turns, and overwrite their words on the disk; return how many there were.

        Raises:
            StorageError: the disk refuses it.
        """
        with self._record.told():
            with self._record.change():
                wanted = [*dict.fromkeys(numbers)]
                copies = [name for number in wanted for name in self.kept_files.of_turn(number)]
                gone = sum(map(self._delete, wanted))
            self.kept_files.delete(copies)
            if gone:
                self._forget_words()
        return gone

    def delete_all(self) -> int:
        """Delete all turns, and overwrite their words on the disk; return how many there were."""
        with self._record.told():
            with self._record.change():
                gone = self._db.execute("DELETE FROM turns").rowcount
                self._index.clear()
            self.kept_files.clear()
            self._forget_words()
        return gone

    def delete_before(self, time_s: float) -> int:
        """Delete the turns that began before a time, in seconds since 1970."""
        with self._record.told():
            rows = self._db.execute("SELECT number FROM turns WHERE began_s < ?", (time_s,))
            return self.delete([number for (number,) in rows.fetchall()])

    def keep_on_disk(self) -> None:
        """Make what was written survive a power cut; it survives the program's end anyway."""
        with self._record.told():
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _delete(self, number: int) -> int:
        self._index.remove(number)
        return self._db.execute("DELETE FROM turns WHERE number = ?", (number,)).rowcount

    def _forget_words(self) -> None:
        """Remove deleted words from the index and from the log beside the file."""
        self._index.forget()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
