"""Conversations, their messages and the users' ratings."""

from __future__ import annotations

import datetime as dt
import textwrap
import time
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.api.models import (
    AppFeedback,
    Conversation,
    ConversationPage,
    Feedback,
    HistoryMessage,
    Inputs,
    MessageAttachment,
    MessagePage,
)
from voice_assistant.server.http.wire import new_id
from voice_assistant.system.database import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.api.models import Rating, SortBy
    from voice_assistant.server.store.store import Store

NAME_LENGTH = 50
"""The most characters of a name that is made from a question."""

UNNAMED = "New conversation"


class History:
    """The conversations in the store.

    Args:
        db: a connection as made by `store.connect`.
    """

    def __init__(self, db: Store) -> None:
        self._db = db

    def begin(self, user: str, inputs: Inputs, name: str) -> Conversation:
        """Add a new conversation, and return it."""
        now = time.time()
        id_ = new_id()
        self._db.execute(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, '', ?, ?)",
            (id_, user, name, _json(inputs), now, now),
        )
        return _conversation((id_, name, _json(inputs), now, now))

    def conversation(self, conversation_id: str, user: str) -> Conversation | None:
        """Return the user's conversation with this id; None without such a conversation."""
        row = self._db.execute(
            f"{_CONVERSATIONS} WHERE id = ? AND user = ?", (conversation_id, user)
        ).fetchone()
        return None if row is None else _conversation(row)

    def conversations(
        self, user: str, limit: int, sort_by: SortBy, last_id: str
    ) -> ConversationPage:
        """Return a page of a user's conversations, after the conversation with `last_id`."""
        column = sort_by.removeprefix("-")
        order, beyond = ("DESC", "<") if sort_by.startswith("-") else ("ASC", ">")
        rows = self._db.execute(
            f"{_CONVERSATIONS} WHERE user = :user AND (:last = ''"  # noqa: S608  (see SortBy)
            f" OR ({column}, rowid) {beyond}"
            f" (SELECT {column}, rowid FROM conversations WHERE id = :last))"
            f" ORDER BY {column} {order}, rowid {order} LIMIT :limit + 1",
            {"user": user, "last": last_id, "limit": limit},
        ).fetchall()
        data = tuple(_conversation(row) for row in rows[:limit])
        return ConversationPage(limit=limit, has_more=len(rows) > limit, data=data)

    def rename(self, conversation_id: str, name: str) -> None:
        """Give a conversation another name."""
        self._db.execute("UPDATE conversations SET name = ? WHERE id = ?", (name, conversation_id))

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all its messages."""
        self._db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))

    def memory(self, conversation_id: str) -> str:
        """Return the memory that `remember` kept of a conversation, "" without a memory."""
        row = self._db.execute(
            "SELECT memory FROM conversations WHERE id = ?", (conversation_id,)
        ).fetchone()
        return "" if row is None else str(row[0])

    def remember(self, conversation_id: str, memory: str) -> None:
        """Keep the skills' memory of a conversation for their next answer."""
        self._db.execute(
            "UPDATE conversations SET memory = ? WHERE id = ?", (memory, conversation_id)
        )

    def ask(
        self, conversation: Conversation, query: str, files: Sequence[MessageAttachment]
    ) -> HistoryMessage:
        """Add a question to a conversation, and return the message; it has no answer yet."""
        now = time.time()
        row = (new_id(), conversation.id, _json(conversation.inputs), query, _json(files))
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO messages VALUES (?, ?, ?, ?, ?, '', '[]', '', ?)", (*row, now)
            )
            self._db.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ?", (now, conversation.id)
            )
        return _message((*row, "", "", now, None))

    def answer(self, message_id: str, text: str, error: str = "") -> None:
        """Keep a message's answer; `error` says why the answer is not complete, "" if it is."""
        self._db.execute(
            "UPDATE messages SET answer = ?, error = ? WHERE id = ?", (text, error, message_id)
        )

    def suggest(self, message_id: str, questions: Sequence[str]) -> None:
        """Keep the questions that are suggested after a message."""
        self._db.execute(
            "UPDATE messages SET suggestions = ? WHERE id = ?", (_json(questions), message_id)
        )

    def suggestions(self, message_id: str) -> list[str]:
        """Return the questions that are suggested after a message."""
        row = self._db.execute(
            "SELECT suggestions FROM messages WHERE id = ?", (message_id,)
        ).fetchone()
        return [] if row is None else msgspec.json.decode(row[0], type=list[str])

    def message(self, message_id: str, user: str) -> HistoryMessage | None:
        """Return the user's message with this id; None without such a message."""
        row = self._db.execute(
            f"{_MESSAGES} JOIN conversations c ON c.id = m.conversation_id"
            " WHERE m.id = ? AND c.user = ?",
            (message_id, user),
        ).fetchone()
        return None if row is None else _message(row)

    def messages(self, conversation_id: str, limit: int, first_id: str = "") -> MessagePage:
        """Return the newest messages of a conversation before the message with `first_id`."""
        rows = self._db.execute(
            f"{_MESSAGES} WHERE m.conversation_id = :conversation"  # noqa: S608  (a constant)
            " AND (:first = ''"
            " OR (m.created_at, m.rowid) <"
            " (SELECT created_at, rowid FROM messages WHERE id = :first))"
            " ORDER BY m.created_at DESC, m.rowid DESC LIMIT :limit + 1",
            {"conversation": conversation_id, "first": first_id, "limit": limit},
        ).fetchall()
        data = tuple(_message(row) for row in reversed(rows[:limit]))
        return MessagePage(limit=limit, has_more=len(rows) > limit, data=data)

    def first_question(self, conversation_id: str) -> str:
        """Return the first question of a conversation, "" while the conversation is empty."""
        row = self._db.execute(
            "SELECT query FROM messages WHERE conversation_id = ? ORDER BY created_at, rowid",
            (conversation_id,),
        ).fetchone()
        return "" if row is None else str(row[0])

    def rate(self, message_id: str, user: str, rating: Rating, content: str) -> None:
        """Keep a rating of a message; it replaces an earlier rating."""
        now = time.time()
        self._db.execute(
            "INSERT INTO feedbacks VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message_id) DO UPDATE"
            " SET rating = excluded.rating, content = excluded.content,"
            " updated_at = excluded.updated_at",
            (new_id(), message_id, user, rating, content, now, now),
        )

    def unrate(self, message_id: str) -> bool:
        """Delete the rating of a message; return whether there was a rating."""
        gone = self._db.execute("DELETE FROM feedbacks WHERE message_id = ?", (message_id,))
        return gone.rowcount > 0

    def feedbacks(self, offset: int, limit: int) -> tuple[AppFeedback, ...]:
        """Return a page of all users' ratings, the latest first."""
        rows = self._db.execute(
            "SELECT f.id, m.conversation_id, f.message_id, f.user, f.rating, f.content,"
            " f.created_at, f.updated_at FROM feedbacks f JOIN messages m ON m.id = f.message_id"
            " ORDER BY f.updated_at DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return tuple(_feedback(row) for row in rows)


def name_from(question: str) -> str:
    """Return a name for a conversation that begins with `question`."""
    return textwrap.shorten(question, NAME_LENGTH, placeholder=" …") or UNNAMED


_CONVERSATIONS = "SELECT id, name, inputs, created_at, updated_at FROM conversations"

_MESSAGES = (
    "SELECT m.id, m.conversation_id, m.inputs, m.query, m.files, m.answer, m.error, m.created_at,"
    " (SELECT rating FROM feedbacks WHERE message_id = m.id) FROM messages m"
)


def _conversation(row: tuple[Any, ...]) -> Conversation:
    id_, name, inputs, created_at, updated_at = row
    return Conversation(
        id=id_,
        name=name,
        inputs=msgspec.json.decode(inputs),
        status="normal",
        created_at=int(created_at),
        updated_at=int(updated_at),
    )


def _message(row: tuple[Any, ...]) -> HistoryMessage:
    id_, conversation_id, inputs, query, files, answer, error, created_at, rating = row
    return HistoryMessage(
        id=id_,
        conversation_id=conversation_id,
        inputs=msgspec.json.decode(inputs),
        query=query,
        answer=answer,
        message_files=msgspec.json.decode(files, type=tuple[MessageAttachment, ...]),
        feedback=Feedback(rating=rating) if rating else None,
        created_at=int(created_at),
        status="error" if error else "normal",
        error=error,
    )


def _feedback(row: tuple[Any, ...]) -> AppFeedback:
    id_, conversation_id, message_id, user, rating, content, created_at, updated_at = row
    return AppFeedback(
        id=id_,
        conversation_id=conversation_id,
        message_id=message_id,
        rating=rating,
        content=content,
        from_source="user",
        from_end_user_id=user,
        created_at=_iso(created_at),
        updated_at=_iso(updated_at),
    )


def _iso(seconds: float) -> str:
    at = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
