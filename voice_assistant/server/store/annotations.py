"""Prepared answers: the server gives them to similar questions instead of the skills' answers."""

from __future__ import annotations

import difflib
import re
import time
from typing import TYPE_CHECKING, Any

from voice_assistant.api.models import Annotation
from voice_assistant.server.http.wire import new_id
from voice_assistant.system.database import transaction

if TYPE_CHECKING:
    from voice_assistant.api.models import AnnotationReplyAction
    from voice_assistant.server.store.store import Store

THRESHOLD = 0.9
"""How similar a question must be, from 0 to 1, if the user set no other value."""


class Annotations:
    """The annotations (prepared answers) in the store, and whether they are used.

    Args:
        db: a connection as made by `store.connect`.
    """

    def __init__(self, db: Store) -> None:
        self._db = db

    def add(self, question: str, answer: str) -> Annotation:
        """Add an annotation, and return it."""
        row = (new_id(), question, answer, 0, int(time.time()))
        self._db.execute("INSERT INTO annotations VALUES (?, ?, ?, ?, ?)", row)
        return _annotation(row)

    def all(self) -> list[Annotation]:
        """Return all annotations, the latest first."""
        rows = self._db.execute("SELECT * FROM annotations ORDER BY created_at DESC, rowid DESC")
        return [_annotation(row) for row in rows]

    def change(self, annotation_id: str, question: str, answer: str) -> Annotation | None:
        """Change an annotation, and return it; None without an annotation with this id."""
        row = self._db.execute(
            "UPDATE annotations SET question = ?, answer = ? WHERE id = ? RETURNING *",
            (question, answer, annotation_id),
        ).fetchone()
        return None if row is None else _annotation(row)

    def delete(self, annotation_id: str) -> bool:
        """Delete an annotation; return whether there was one with this id."""
        gone = self._db.execute("DELETE FROM annotations WHERE id = ?", (annotation_id,))
        return gone.rowcount > 0

    def switch(self, action: AnnotationReplyAction, threshold: float | None = None) -> str:
        """Use the annotations from now on, or stop using them.

        Returns:
            The id of the job, which is done at once.
        """
        job = new_id()
        value = (THRESHOLD if threshold is None else threshold) if action == "enable" else None
        with transaction(self._db):
            if value is None:
                self._db.execute("DELETE FROM settings WHERE name = 'annotation_threshold'")
            else:
                self._db.execute(
                    "REPLACE INTO settings VALUES ('annotation_threshold', ?)", (value,)
                )
            self._db.execute("INSERT INTO jobs VALUES (?, ?)", (job, action))
        return job

    def has_job(self, job: str, action: AnnotationReplyAction) -> bool:
        """Return whether `switch` returned this id for this action."""
        found = self._db.execute("SELECT 1 FROM jobs WHERE id = ? AND action = ?", (job, action))
        return found.fetchone() is not None

    @property
    def threshold(self) -> float | None:
        """The similarity that a question needs; None while annotations are not used."""
        row = self._db.execute(
            "SELECT value FROM settings WHERE name = 'annotation_threshold'"
        ).fetchone()
        return None if row is None else float(row[0])

    def answer_to(self, question: str) -> Annotation | None:
        """Return the annotation with the most similar question, and count the hit.

        Returns:
            None if no annotation is similar enough, or annotations are not used.
        """
        threshold = self.threshold
        if threshold is None:
            return None
        best = max(self.all(), key=lambda one: similarity(one.question, question), default=None)
        if best is None or similarity(best.question, question) < threshold:
            return None
        self._db.execute(
            "UPDATE annotations SET hit_count = hit_count + 1 WHERE id = ?", (best.id,)
        )
        return best


def similarity(one: str, other: str) -> float:
    """Return how alike two questions are, 0 to 1; case, spaces and punctuation do not count."""
    return difflib.SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _annotation(row: tuple[Any, ...]) -> Annotation:
    id_, question, answer, hit_count, created_at = row
    return Annotation(
        id=id_, question=question, answer=answer, hit_count=hit_count, created_at=int(created_at)
    )
