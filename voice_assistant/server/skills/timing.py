"""Timers: set and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills import recurring
from voice_assistant.server.skills.choosing import chosen, which_one
from voice_assistant.server.skills.lengths import duration, seconds_of
from voice_assistant.server.skills.reply import FRESH, GAP, Answer, NotUnderstood
from voice_assistant.server.skills.tasks import (
    ANOTHER_WISH,
    LENGTH,
    REGULARLY,
    TWO_TIMES,
    reminder,
)
from voice_assistant.server.skills.which import (
    PLURAL,
    cancelling,
    details,
    left_s,
    none,
    the,
    with_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.timer import Timer

LONGEST_S = 30 * 86400
LIMITS = "A timer can be set for one second up to thirty days."
SHORTEST_STEP_S = 60
STEPS = "That can come every minute up to every thirty days. Nothing is set."
UNCLEAR = "I heard more than one length of time, and set nothing. How long should it be?"
NOTHING = "Okay, nothing is set and nothing is changed."


def start(asked: Asked) -> Answer:
    """For "Set a pasta timer for ten minutes"."""
    return _started(asked, "Timer set for", asked.match.text("name"))


def put(asked: Asked) -> Answer:
    """For "Set the pasta timer for ten minutes": a new one, or the one that has this name."""
    name = asked.match.text("name")
    known = with_name(asked.timers.list(), name) if name else []
    return _changed(asked, known[0]) if len(known) == 1 else start(asked)


def two(asked: Asked) -> Answer:
    """For "A timer for five minutes and another for ten": both, or none of them."""
    match = asked.match
    if match.values("count") not in ((), (2,)):
        raise NotUnderstood
    times, spans = match.values("time"), match.texts("span")
    unit = int((*spans, *match.texts("span2"))[-1])  # "for five minutes and another for ten"
    if bare := match.values("bare2"):  # a number behind "for" is read as a time of day
        later: float | None = float(bare[0] / 60 * unit)
    else:
        later = seconds_of(match, "time2", "span2")
    first = seconds_of(match) if spans else float(times[0] * unit)
    lengths = (first, later)
    if None in lengths:
        return Answer(UNCLEAR)
    if not all(1 <= (seconds or 0) <= LONGEST_S for seconds in lengths):
        return Answer(LIMITS)
    names = (match.text("name"), match.text("name2"))
    timers = [
        asked.timers.add(seconds or 0, name) for seconds, name in zip(lengths, names, strict=True)
    ]
    said = " and ".join(
        f"{duration(timer.duration_s)}{f' ({timer.name})' if timer.name else ''}"
        for timer in timers
    )
    return Answer(
        f"Two timers set: {said}.{unheard(asked, 'They only ring')}",
        ("What timers are set?", *map(cancelling, timers)),
        "timer",
        {**details(timers), FRESH: "set"},
    )


def unclear(asked: Asked) -> Answer:
    """For "Set a timer for one thirty", which may be minutes or hours: asks."""
    match = asked.match
    if clock := match.values("clock"):
        hours, minutes = divmod(int(clock[0]), 60)
    else:
        hours, minutes = int(match.value("clock_hour")), int(match.value("clock_minute"))
    short, long = duration(hours * 60 + minutes), duration(hours * 3600 + minutes * 60)
    name = f"{match.text('name')} " if match.text("name") else ""
    return Answer(
        f"Do you mean {short}, or {long}? Nothing is set yet.",
        (f"Set a {name}timer for {short}", f"Set a {name}timer for {long}"),
        "timer",
        {GAP: f"set a {name}timer for {{}}"},
    )


def nothing(asked: Asked) -> Answer:
    """For "Do not set a timer", and all else that is not wanted."""
    return Answer(NOTHING, ("What timers are set?",) if asked.timers.list() else ())


def remind(asked: Asked) -> Answer:
    """For "Remind me in ten minutes to call mom"."""
    task = asked.match.text("task")
    if ANOTHER_WISH.search(task) or REGULARLY.search(task):
        raise NotUnderstood
    if LENGTH.search(task):
        return Answer(TWO_TIMES)
    return _started(asked, "I will remind you in", task, reminder(task))


def change(asked: Asked) -> Answer:
    """For "Make it fifteen minutes", "add five minutes to the pasta timer"."""
    match, timers = asked.match, asked.timers.list()
    if name := match.text("name"):
        meant = with_name(timers, name)
    elif match.values("old"):
        old_s = seconds_of(match, "old", "old_span")
        meant = [timer for timer in timers if timer.duration_s == old_s]
    else:
        meant = list(_last_one(asked, timers))
    if not meant:
        return none(asked)
    meant = chosen(asked, meant) or meant
    if len({the(timer) for timer in meant}) > 1:
        return which_one(asked, meant, "change")
    return _changed(asked, meant[0])


def _last_one(asked: Asked, timers: Sequence[Timer]) -> Sequence[Timer]:
    """Return the timer that was talked of, or the only one."""
    meant = [timer for timer in timers if timer.id == asked.memory.details.get("timer")] or timers
    if asked.memory.topic != "timer" or len(meant) != 1:
        raise NotUnderstood
    return meant


def _changed(asked: Asked, timer: Timer) -> Answer:
    match = asked.match
    if timer.clock_time:
        return Answer(
            "Say the other time, such as: change the alarm to 8 AM.", (cancelling(timer),)
        )
    if match.text("again"):
        seconds: float | None = timer.duration_s
    else:
        unit = 60 if timer.duration_s >= 60 else 1  # noqa: PLR2004  ("add five")
        seconds = seconds_of(match)
        if bare := match.values("bare"):
            seconds = float(bare[0] * unit)
    before_s = timer.duration_s if timer.rule else left_s(timer, asked.now)
    if seconds is not None and match.text("more"):
        seconds += before_s
    elif seconds is not None and match.text("less"):
        seconds = before_s - seconds
    if timer.rule:
        answer = repeat(asked, seconds, timer.name)
    else:
        answer = _begun(asked, seconds, "Timer changed to", timer.name, timer.text)
    if answer.topic:
        asked.timers.cancel(timer.id)
    return answer


def _started(asked: Asked, done: str, name: str, text: str = "") -> Answer:
    return _begun(asked, seconds_of(asked.match), done, name, text)


def _begun(asked: Asked, seconds: float | None, done: str, name: str, text: str = "") -> Answer:
    """Set a new timer; the answer has no topic if it cannot be set."""
    if seconds is None:
        return Answer(UNCLEAR)
    if not 1 <= seconds <= LONGEST_S:
        return Answer(LIMITS)
    timer = asked.timers.add(seconds, name, text)
    said = f"{done} {duration(seconds)}{': ' if name else ''}{name}"
    return Answer(
        f"{said}{'' if said[-1] in '.!?' else '.'}{unheard(asked)}",
        ("How much time is left?", f"Make it {duration(seconds + 300)}", cancelling(timer)),
        "timer",
        {**details([timer]), FRESH: "set"},
    )


def repeat(asked: Asked, seconds: float | None, task: str) -> Answer:
    """Set what rings every so many seconds; the answer has no topic if it cannot be set."""
    if seconds is None:
        return Answer(UNCLEAR)
    if not SHORTEST_STEP_S <= seconds <= LONGEST_S or seconds != int(seconds):
        return Answer(STEPS)
    rule = recurring.rule_of_length(seconds)
    length = PLURAL.sub("", duration(seconds))
    text = reminder(task) if task else f"Your {length} alarm rings."
    timer = asked.timers.add(seconds, task, text, rule)
    often = recurring.said(rule)
    done = f"I will remind you {often}: {task}" if task else f"Alarm set {often}"
    first = f"The first time is in {duration(seconds)}."
    return Answer(
        f"{done}{'' if done[-1] in '.!?' else '.'} {first}{unheard(asked)}",
        ("How much time is left?", cancelling(timer)),
        "timer",
        {**details([timer]), FRESH: "set"},
    )


def unheard(asked: Asked, rings: str = "It only rings") -> str:
    """Return a warning where nobody would hear what rings; else ""."""
    return "" if asked.timers.listening else f" {rings} while voice-assistant is running."
