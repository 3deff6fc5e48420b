"""Finds turns in the record: by the index, and in the latest ones without it."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING, Any

from voice_assistant.history.rows import SELECT, said_in, turn_of
from voice_assistant.history.search import Search

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from voice_assistant.history.recorded_turn import RecordedTurn

LATEST = 500
"""Turns that are simply read, the latest first, before the index is asked for short words."""


def found(
    db: sqlite3.Connection, search: str, conditions: dict[str, Any], limit: int | None
) -> Iterator[RecordedTurn]:
    """Yield turns, the latest first.

    Args:
        db: the record.
        search: words that the turn has, each anywhere in its question or answer.
        conditions: conditions of SQL on the table `turns`, each with one mark, and their values.
        limit: the largest number; None for all.
    """
    wanted = Search(search, db)
    rows = _candidates(db, conditions, wanted)
    turns = (turn_of(row) for row in rows if wanted.found_in(*said_in(row)))
    yield from itertools.islice(turns, limit)


def _candidates(
    db: sqlite3.Connection, conditions: dict[str, Any], wanted: Search
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that may be what is wanted, the latest first."""
    if wanted.short:  # such words are mostly frequent, and found in the last turns
        latest = _rows(db, "turns", conditions, f"LIMIT {LATEST}").fetchall()
        yield from latest
        if len(latest) < LATEST:
            return
        conditions = conditions | {"turns.number < ?": latest[-1][0]}
    if not (expression := wanted.expression()):
        yield from _rows(db, "turns", conditions)
        return
    # Turns that are not over are not in the index yet: they are few.
    going_on = _rows(db, "turns", {"NOT indexed AND ?": 1, **conditions}).fetchall()
    indexed = _rows(
        db,
        "turns_index CROSS JOIN turns ON turns.number = turns_index.rowid",
        {"turns_index MATCH ?": expression, **conditions},
        order="turns_index.rowid",
    )
    yield from heapq.merge(going_on, indexed, key=lambda row: -row[0])


def _rows(
    db: sqlite3.Connection,
    table: str,
    conditions: dict[str, Any],
    rest: str = "",
    order: str = "turns.number",
) -> sqlite3.Cursor:
    where = " AND ".join(conditions)
    statement = f"{SELECT} FROM {table} WHERE {where} ORDER BY {order} DESC {rest}"
    return db.execute(statement, [*conditions.values()])
