"""Writes turns of the record for other programs and for people: Markdown, JSON, CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.text.printable import printable
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.history.recorded_turn import RecordedTurn

STATES = {
    "open": N_("not over yet"),
    "complete": "",
    "stopped": N_("stopped"),
    "failed": N_("failed"),
    "broken_off": N_("broken off: the program ended"),
}
"""What people are told of a turn's state."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of cells that spreadsheets carry out as formulas."""


def for_programs(turn: RecordedTurn) -> dict[str, Any]:
    """Return a turn as JSON shows it: with every field, and its time with the time zone."""
    fields = {name: getattr(turn, name) for name in turn.__struct_fields__ if name != "began_s"}
    stages = {name: getattr(turn.stages, name) for name in turn.stages.__struct_fields__}
    began = began_at(turn).isoformat(timespec="seconds")
    return {"number": fields.pop("number"), "began": began, **fields, "stages": stages}


def began_at(turn: RecordedTurn) -> dt.datetime:
    """Return when a turn began, in the local time zone."""
    return dt.datetime.fromtimestamp(turn.began_s).astimezone()


def as_markdown(turns: Sequence[RecordedTurn]) -> str:
    """Return turns as Markdown: questions as quotations, answers as they were written."""
    lines: list[str] = []
    for turn in turns:
        lines.append(
            _("## {time:%Y-%m-%d %H:%M}, turn {number}", time=began_at(turn), number=turn.number)
            + "\n"
        )
        if turn.question:
            lines.append("\n".join(f"> {line}" for line in turn.question.splitlines()) + "\n")
        if turn.answer:
            lines.append(f"{turn.answer.strip()}\n")
        failure = turn.failure.title if turn.failure else ""
        if note := ": ".join(filter(None, (_(STATES[turn.state]), failure))):
            lines.append(f"*({note})*\n")
    return "\n".join([*map(printable, lines), ""]) if lines else ""


def as_json(turns: Sequence[RecordedTurn]) -> str:
    """Return turns as a JSON array with every field."""
    text = msgspec.json.encode([for_programs(turn) for turn in turns])
    return msgspec.json.format(text).decode() + "\n"


def as_csv(turns: Sequence[RecordedTurn]) -> str:
    """Return turns as a table; no cell is one that a spreadsheet carries out."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    names = ("number", "began", "origin", "state", "question", "answer", "conversation_id")
    rows.writerow(names)
    for turn in turns:
        fields = for_programs(turn)
        rows.writerow([_cell(fields[name]) for name in names])
    return file.getvalue()


def _cell(value: object) -> object:
    text = printable(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


FORMATS: dict[str, Callable[[Sequence[RecordedTurn]], str]] = {
    "md": as_markdown,
    "json": as_json,
    "csv": as_csv,
}
