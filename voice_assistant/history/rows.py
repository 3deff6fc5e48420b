"""The tables of the record, and how a turn becomes a row."""

from __future__ import annotations

from typing import Any

import msgspec

from voice_assistant.history.recorded_turn import RecordedTurn

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
    ("ALTER TABLE turns ADD COLUMN profile TEXT NOT NULL DEFAULT ''",),
    ("ALTER TABLE turns ADD COLUMN kept TEXT NOT NULL DEFAULT '{}'",),
)
"""The statements that lead from each version of the schema to the next. Never change one; add."""

COLUMNS = (
    *("began_s", "origin", "state", "question", "answer"),
    *("profile", "app", "conversation_id", "message_id"),
)
_QUESTION = COLUMNS.index("question") + 1  # after the number; the answer follows
_BESIDE = ("rating", "comment", "rating_sent", "kept")
"""Columns that `write` leaves as they are: a turn may be rated while it is written."""
SELECT = f"SELECT {', '.join(('turns.number', *COLUMNS, *_BESIDE, 'details'))}"
"""Begins every statement whose rows `turn_of` takes."""


def turn_of(row: tuple[Any, ...]) -> RecordedTurn:
    """Return the turn of a row of `SELECT`."""
    number, *values, details = row
    known = dict(zip((*COLUMNS, *_BESIDE), values, strict=True)) | msgspec.json.decode(details)
    known["rating_sent"] = bool(known["rating_sent"])
    known["kept"] = msgspec.json.decode(known["kept"])
    return msgspec.convert({"number": number, **known}, RecordedTurn)


def said_in(row: tuple[Any, ...]) -> tuple[str, str]:
    """Return question and answer of a row of `SELECT`, without the cost of a turn."""
    return row[_QUESTION], row[_QUESTION + 1]


def row_of(turn: RecordedTurn) -> tuple[Any, ...]:
    """Return the values of the columns; `details` is JSON of everything without a column."""
    fields = storable(msgspec.to_builtins(turn))  # without those that have their default
    details = {name: fields[name] for name in fields if name not in (*COLUMNS, *_BESIDE, "number")}
    columns = (storable(getattr(turn, name)) for name in COLUMNS)
    return (*columns, msgspec.json.encode(details).decode())


def storable(value: Any) -> Any:
    """Return `value` without what no database takes: NUL ends a text, lone surrogates are none."""
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case dict():
            return {name: storable(one) for name, one in value.items()}
        case list() | tuple():
            return [storable(one) for one in value]
        case _:
            return value
