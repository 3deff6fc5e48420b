"""The user's notes, shopping list and to-do list, kept in the store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.errors import StorageError
from voice_assistant.server.http.wire import new_id

if TYPE_CHECKING:
    from voice_assistant.server.store.store import Store


class Entry(NamedTuple):
    """One line of a list."""

    id: str
    text: str


class Lists:
    """All lists of the user.

    Args:
        db: a connection as made by `store.connect`.
    """

    def __init__(self, db: Store) -> None:
        self._db = db

    def add(self, name: str, text: str) -> None:
        """Add an entry at the end of the list with this name."""
        self._db.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?)", (new_id(), name, text, time.time())
        )

    def entries(self, name: str) -> list[Entry]:
        """Return the entries of the list with this name, the oldest first.

        Raises:
            StorageError: there may be others on the disk, which cannot be read.
        """
        if self._db.unread:
            raise StorageError("Your lists cannot be read from the disk", "Try again later.")
        rows = self._db.execute(
            "SELECT id, text FROM entries WHERE list = ? ORDER BY created_at, rowid", (name,)
        )
        return [Entry(*row) for row in rows.fetchall()]

    def remove(self, entry_id: str) -> None:
        """Delete one entry."""
        self._db.execute("DELETE FROM entries WHERE id = ?", (entry_id,))

    def clear(self, name: str) -> None:
        """Delete all entries of the list with this name."""
        self._db.execute("DELETE FROM entries WHERE list = ?", (name,))
