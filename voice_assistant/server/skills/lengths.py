"""Lengths of time: read from the slots of a question, and said."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import shown

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Match

UNITS_S = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def duration(seconds: float) -> str:
    """Return a length of time as "1 hour 2 minutes 5 seconds", by which a user can ask for it."""
    rest = Fraction(seconds).limit_denominator(1000)
    parts: list[str] = []
    for unit, size in UNITS_S.items():
        count = rest if size == 1 else Fraction(rest // size)
        rest -= count * size
        if count:
            parts.append(f"{shown(count)[0]} {unit if count != 1 else unit[:-1]}")
    return " ".join(parts) or "0 seconds"


def seconds_of(match: Match, amount: str = "time", span: str = "span") -> float | None:
    """Return the seconds in these slots, 0 without any; None if the parts make no sense.

    The larger unit comes first: "eight hours ten hours" was misheard.
    """
    values = match.values(amount)
    spans = [int(text) for text in match.texts(span)]
    if len(values) != len(spans) or any(a <= b for a, b in itertools.pairwise(spans)):
        return None
    total = sum((value * unit for value, unit in zip(values, spans, strict=True)), Fraction(0))
    for tail in match.values("tail"):  # "two minutes thirty"
        if not 0 < tail < 60 or spans[-1:] not in ([60], [3600]):  # noqa: PLR2004
            return None
        total += tail * spans[-1] / 60
    return float(total)
