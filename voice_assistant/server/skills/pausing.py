"""Timers: paused, and resumed with the time that they had left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills.lengths import duration, seconds_of
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.server.skills.which import (
    cancelling,
    details,
    left_s,
    named,
    none,
    the,
    which_one,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.timers import Timer


def pause(asked: Asked) -> Answer:
    """For "Pause the pasta timer"."""
    timers = _meant(asked, paused=False)
    if isinstance(timers, Answer):
        return timers
    for timer in timers:
        asked.timers.pause(timer.id)
    if len(timers) > 1:
        return _told("All timers are paused.", timers, "Resume all timers")
    (timer,) = timers
    text = f"{_beginning(timer)} is paused with {_left(asked, timer)} left."
    return _told(text, timers, f"Resume {the(timer)}")


def resume(asked: Asked) -> Answer:
    """For "Resume the pasta timer"."""
    timers = _meant(asked, paused=True)
    if isinstance(timers, Answer):
        return timers
    for timer in timers:
        asked.timers.resume(timer.id)
    if len(timers) > 1:
        return _told("All timers go on.", timers, "What timers are set?")
    (timer,) = timers
    text = f"{_beginning(timer)} goes on: {_left(asked, timer)} left."
    return _told(text, timers, f"Pause {the(timer)}")


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
        one = f"{_beginning(timers[0])} is" if len(timers) == 1 else "All timers are"
        text = "No timer is paused." if paused else f"{one} paused already."
        return Answer(text, ("What timers are set?",), "timer", details(timers))
    if len({the(timer) for timer in fitting}) > 1 and not match.text("all"):
        return which_one(fitting, "resume" if paused else "pause")
    return fitting if match.text("all") else fitting[:1]


def _told(text: str, timers: Sequence[Timer], then: str) -> Answer:
    return Answer(text, (then, cancelling(timers[0])), "timer", details(timers))


def _beginning(timer: Timer) -> str:
    """Return the timer's name for the beginning of a sentence."""
    name = the(timer)
    return f"{name[0].upper()}{name[1:]}"


def _left(asked: Asked, timer: Timer) -> str:
    return duration(round(left_s(timer, asked.now)))
