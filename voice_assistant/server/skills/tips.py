"""Tips for a waiter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import about
from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

USUAL = (15, 18, 20)
"""Percents that are told where none was said."""


def tip(asked: Asked) -> Answer:
    """For "A fifteen percent tip on eighty": the tip, and what it makes together."""
    whole = asked.match.value("number")
    if whole < 0:
        raise NotUnderstood
    if not (shares := asked.match.values("percent")):
        told = [f"{share} percent {about(whole * share / 100)}" for share in USUAL]
        text = f"A tip of {told[0]}, {told[1]}, {told[2]}."
        text = text.replace(" percent ", " percent is ", 1)
        return Answer(text, (f"What is an 18 percent tip on {about(whole)}?",))
    amount = whole * Fraction(shares[0]) / 100
    together = whole + amount
    return Answer(
        f"The tip is {about(amount)}, together {about(together)}.",
        ("What is half of that?",),
        "sum",
        {"result": str(together)},
    )
