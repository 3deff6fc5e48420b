"""Formats answers of the server for people: tables, facts, dialogues, times."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.text.visible import visible
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voice_assistant.api.models import HistoryMessage, Json

_THUMBS = {"like": "  (liked)", "dislike": "  (disliked)"}


def table(rows: Iterable[Sequence[str]], *, empty: str) -> str:
    """Return the rows as aligned columns; `empty` if there are no rows."""
    lines = [[" ".join(cell.split()) for cell in row] for row in rows]
    if not lines:
        return empty
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in lines
    )


def facts(named: Mapping[str, str]) -> str:
    """Return one line for each fact; facts without a text are left out."""
    return table([(f"{name}:", text) for name, text in named.items() if text], empty="")


def when(seconds: int) -> str:
    """Return a server's time in the local time zone; "" for 0, and for an impossible time."""
    try:
        time = dt.datetime.fromtimestamp(seconds).astimezone()
    except (OverflowError, ValueError, OSError):
        return ""
    return f"{time:%Y-%m-%d %H:%M}" if seconds else ""


def value(given: Json) -> str:
    """Return any value on one line."""
    return given if isinstance(given, str) else repr(given)


def dialogue(messages: Iterable[HistoryMessage], *, empty: str) -> str:
    """Return questions and answers as a text, in the given order; `empty` without messages."""
    return "\n\n".join(map(_exchange, messages)) or empty


def _exchange(message: HistoryMessage) -> str:
    thumb = _THUMBS.get((message.feedback and message.feedback.rating) or "", "")
    lines = [f"{when(message.created_at)}  {message.id}{thumb}", f"  You: {message.query}"]
    lines += [
        _("       with {filename}", filename=file.filename or file.url)
        for file in message.message_files
    ]
    answer = visible(message.answer) or (
        f"({message.error})" if message.error else _("(no answer)")
    )
    lines.append("  App: " + answer.replace("\n", "\n       "))
    return "\n".join(lines)
