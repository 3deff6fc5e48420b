"""Timers: cancelled, by their name or because nobody wanted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills import notes, timing
from voice_assistant.server.skills.choosing import chosen, which_one
from voice_assistant.server.skills.lengths import seconds_of
from voice_assistant.server.skills.reply import FRESH, Answer, NotUnderstood
from voice_assistant.server.skills.which import cancelling, kind_of, named, none, the
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.timer import Timer

AGAIN = "Set a timer for ten minutes"

KINDS = ("timer", "alarm", "reminder")
MANY = 4
"""Timers that are counted in an answer, and no longer named."""


def cancel(asked: Asked) -> Answer:
    """For "Cancel the pasta timer"; with several and no name it asks which one."""
    timers = named(asked.timers.list(), asked.match, seconds_of(asked.match))
    if not timers:
        if asked.match.text("known"):  # "stop the music" is not about timers
            raise NotUnderstood
        return none(asked)
    if picked := chosen(asked, timers):
        return cancelled(asked, picked)
    everything = asked.match.text("all")
    if len({the(timer) for timer in timers}) > 1 and not everything:
        return which_one(asked, timers, "cancel")
    return cancelled(asked, timers if everything else timers[:1])


def unwanted(asked: Asked) -> Answer:
    """For "Don't remind me to call mom", "never mind the alarm": cancels what there is of that."""
    if named(asked.timers.list(), asked.match, seconds_of(asked.match)):
        return cancel(asked)
    return timing.nothing(asked)


def enough(asked: Asked) -> Answer:
    """For "Never mind", "Undo that": what was set by the last question is cancelled."""
    memory = asked.memory
    known = memory.details.get("timers", "").split()
    timers = [timer for timer in asked.timers.list() if timer.id in known]
    fresh = memory.details.get(FRESH, "")
    if timers and (fresh == "set" or (fresh == "told" and len(timers) == 1)):
        return cancelled(asked, timers)
    if fresh == "listed":
        return notes.take_back(asked)
    if asked.match.text("undo"):
        return Answer("That I cannot undo. Nothing is changed.", ("What can you do?", AGAIN))
    if asked.timers.list():
        first = asked.timers.list()[0]
        return Answer("Okay. Timers that are set go on.", (cancelling(first), AGAIN))
    return Answer("Okay.", ("What can you do?", AGAIN))


def cancelled(asked: Asked, timers: Sequence[Timer]) -> Answer:
    """Cancel these timers, and say so."""
    rest = [timer for timer in asked.timers.list() if timer not in timers]
    for timer in timers:
        asked.timers.cancel(timer.id)
    what = f"{capitalised(the(timers[0]))} is" if len(timers) == 1 else f"{_all(timers, rest)} are"
    again = " It will not come again." if len(timers) == 1 and timers[0].rule else ""
    return Answer(f"{what} cancelled.{again}", (AGAIN, "What time is it?"), "timer")


def _all(timers: Sequence[Timer], rest: Sequence[Timer]) -> str:
    """Return what several timers are called: each one, or their number where they are many."""
    kinds = [kind for kind in KINDS if kind in map(kind_of, timers)]
    if not rest and kinds == ["timer"]:
        return "All timers"
    if len(timers) < MANY:
        return capitalised(notes.joined([the(timer) for timer in timers]))
    more = any(kind_of(timer) in kinds for timer in rest)
    called = notes.joined([f"{kind}s" for kind in kinds])
    if more:
        return f"{len(timers)} {called}"
    return f"All {len(timers)} {called}" if len(kinds) == 1 else f"All {called}"
