"""Timers: how much time is left, and which are set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills.lengths import seconds_of
from voice_assistant.server.skills.reply import FRESH, Answer, NotUnderstood
from voice_assistant.server.skills.which import (
    cancelling,
    details,
    in_kind,
    is_regular,
    kind_of,
    named,
    none,
    remaining,
    with_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.timer import Timer

MOST_READ = 5
"""Timers that are read out, those that ring first."""


def left(asked: Asked) -> Answer:
    """For "How much time is left"."""
    timers = named(asked.timers.list(), asked.match, seconds_of(asked.match))
    if not timers:
        if asked.match.text("known"):  # "is dinner ready" is not about timers
            raise NotUnderstood
        return none(asked)
    text = ". ".join(remaining(timer, asked.now) for timer in timers[:MOST_READ])
    return Answer(
        f"{text}{_and_more(timers)}.",
        (cancelling(timers[0]), "What time is it?"),
        "timer",
        {**details(timers), FRESH: "told"},
    )


def listing(asked: Asked) -> Answer:
    """For "What timers are set"."""
    timers = in_kind(asked.timers.list(), asked.match.text("kind"))
    if name := asked.match.text("name"):
        timers = with_name(timers, name)
    if often := asked.match.text("regular"):
        timers = [timer for timer in timers if is_regular(timer, often)]
    if not timers:
        return none(asked)
    kinds = {kind_of(timer) for timer in timers}
    kind = kinds.pop() if len(kinds) == 1 else "timer"
    count = f"one {kind}" if len(timers) == 1 else f"{len(timers)} {kind}s"
    names = ", ".join(remaining(timer, asked.now, listed=True) for timer in timers[:MOST_READ])
    return Answer(
        f"You have {count}: {names}{_and_more(timers)}.",
        (cancelling(timers[0]), *(["Cancel all timers"] if len(timers) > 1 else [])),
        "timer",
        {**details(timers), FRESH: "told"},
    )


def _and_more(timers: Sequence[Timer]) -> str:
    more = len(timers) - MOST_READ
    return f", and {more} more" if more > 0 else ""
