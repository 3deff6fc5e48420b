"""Timers: paused, and resumed with the time that they had left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills.choosing import chosen, which_one
from voice_assistant.server.skills.lengths import duration, seconds_of
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.server.skills.which import (
    cancelling,
    details,
    left_s,
    named,
    none,
    the,
)
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.timer import Timer


def pause(asked: Asked) -> Answer:
    """For "Pause the pasta timer"."""
    return _change(asked, asked.timers.pause, paused=False)


def resume(asked: Asked) -> Answer:
    """For "Resume the pasta timer"."""
    return _change(asked, asked.timers.resume, paused=True)


def _change(asked: Asked, change: Callable[[str], object], *, paused: bool) -> Answer:
    """Change the timers that are meant, and return what is said then.

    Args:
        asked: the question.
        change: pauses or resumes the timer of an id.
        paused: whether the timers are paused before.
    """
    timers = _meant(asked, paused=paused)
    if isinstance(timers, Answer):
        return timers
    for timer in timers:
        change(timer.id)
    first = timers[0]
    left = duration(round(left_s(first, asked.now)))
    if len(timers) > 1:
        text = "All timers go on." if paused else "All timers are paused."
        then = "What timers are set?" if paused else "Resume all timers"
    elif paused:
        text, then = f"{capitalised(the(first))} goes on: {left} left.", f"Pause {the(first)}"
    else:
        text = f"{capitalised(the(first))} is paused with {left} left."
        then = f"Resume {the(first)}"
    return Answer(text, (then, cancelling(first)), "timer", details(timers))


def _meant(asked: Asked, *, paused: bool) -> Sequence[Timer] | Answer:
    """Return the timers that are meant, or what is said where it is not clear which.

    Raises:
        NotUnderstood: no timer was named, and none was talked of.
    """
    match, memory = asked.match, asked.memory
    timers = [timer for timer in asked.timers.list() if not timer.clock_time]
    if match.text("known"):  # "pause it"
        timers = [timer for timer in timers if timer.id in memory.details.get("timers", "").split()]
        if memory.topic != "timer" or not timers:
            raise NotUnderstood
    else:
        timers = named(timers, match, seconds_of(match))
    if not timers:
        return none(asked)
    fitting = [timer for timer in timers if (timer.left_s is not None) == paused]
    if not fitting:
        one = f"{capitalised(the(timers[0]))} is" if len(timers) == 1 else "All timers are"
        text = "No timer is paused." if paused else f"{one} paused already."
        return Answer(text, ("What timers are set?",), "timer", details(timers))
    if picked := chosen(asked, fitting):
        return picked
    if len({the(timer) for timer in fitting}) > 1 and not match.text("all"):
        return which_one(asked, fitting, "resume" if paused else "pause")
    return fitting if match.text("all") else fitting[:1]
