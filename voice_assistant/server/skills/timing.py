"""Timers: set, asked for, changed and cancelled."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked, Match
    from voice_assistant.server.timers import Timer

UNITS_S = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
PLURAL = re.compile(r"(?<=[a-z])s\b")
LONGEST_S = 30 * 86400


def duration(seconds: float) -> str:
    """As "1 hour 30 minutes"; in whole seconds, the two largest units of it."""
    rest = round(seconds)
    parts: list[str] = []
    for unit, size in UNITS_S.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit if count > 1 else unit[:-1]}")
    return " ".join(parts[:2]) or "0 seconds"


def start(asked: Asked) -> Answer:
    """For "Set a pasta timer for ten minutes"."""
    return _started(asked, "Timer set for", asked.match.text("name"))


def remind(asked: Asked) -> Answer:
    """For "Remind me in ten minutes to call mom"."""
    task = asked.match.text("task")
    return _started(asked, "I will remind you in", task, f"You wanted to be reminded: {task}.")


def change(asked: Asked) -> Answer:
    """For "Make it fifteen minutes"."""
    timers = asked.timers.list()
    meant = [timer for timer in timers if timer.id == asked.memory.details.get("timer")] or timers
    if asked.memory.topic != "timer" or len(meant) != 1:
        raise NotUnderstood
    answer = _started(asked, "Timer changed to", meant[0].name, meant[0].text)
    if answer.topic:
        asked.timers.cancel(meant[0].id)
    return answer


def left(asked: Asked) -> Answer:
    """For "How much time is left"."""
    timers = _named(asked.timers.list(), asked.match)
    if not timers:
        return _none(asked)
    text = ". ".join(
        f"{duration(max(timer.due - asked.now.timestamp(), 0))} left on {_the(timer)}"
        for timer in timers
    )
    return Answer(f"{text}.", (_cancel(timers[0]), "What time is it?"), "timer", _details(timers))


def listing(asked: Asked) -> Answer:
    """For "What timers are set"."""
    timers = asked.timers.list()
    if not timers:
        return _none(asked)
    count = "one timer" if len(timers) == 1 else f"{len(timers)} timers"
    names = ", ".join(
        f"{_the(timer)} with {duration(max(timer.due - asked.now.timestamp(), 0))} left"
        for timer in timers
    )
    return Answer(
        f"You have {count}: {names}.",
        (_cancel(timers[0]), *(["Cancel all timers"] if len(timers) > 1 else [])),
        "timer",
        _details(timers),
    )


def cancel(asked: Asked) -> Answer:
    """For "Cancel the pasta timer"; with several and no name it asks which one."""
    timers = _named(asked.timers.list(), asked.match)
    if not timers:
        return _none(asked)
    everything = asked.match.text("all")
    names = list(dict.fromkeys(map(_the, timers)))
    if len(names) > 1 and not everything:
        suggestions = (*(f"Cancel {name}" for name in names[:2]), "Cancel all timers")
        return Answer(f"Which one: {' or '.join(names)}?", suggestions, "timer")
    cancelled = timers if everything else timers[:1]
    for timer in cancelled:
        asked.timers.cancel(timer.id)
    what = "All timers are" if len(cancelled) > 1 else f"{names[0].capitalize()} is"
    return Answer(
        f"{what} cancelled.", ("Set a timer for ten minutes", "What time is it?"), "timer"
    )


def _started(asked: Asked, done: str, name: str, text: str = "") -> Answer:
    """A new timer; an answer without a topic where it cannot be."""
    seconds = _seconds(asked.match)
    if not 1 <= seconds <= LONGEST_S:
        return Answer("A timer can be set for one second up to thirty days.")
    timer = asked.timers.add(seconds, name, text)
    heard = "" if asked.timers.listening else " It only rings while voice-assistant is running."
    return Answer(
        f"{done} {duration(seconds)}{': ' if name else ''}{name}.{heard}",
        ("How much time is left?", f"Make it {duration(seconds + 300)}", _cancel(timer)),
        "timer",
        _details([timer]),
    )


def _seconds(match: Match) -> float:
    spans = zip(match.values("time"), match.texts("span"), strict=True)
    return float(sum((value * int(span) for value, span in spans), Fraction(0)))


def _named(timers: Sequence[Timer], match: Match) -> list[Timer]:
    """Those that are meant: by name, by duration, or all of them."""
    if name := match.text("name"):
        return [timer for timer in timers if timer.name == name]
    if seconds := _seconds(match):
        return [timer for timer in timers if timer.duration_s == seconds]
    return list(timers)


def _none(asked: Asked) -> Answer:
    which = "such timer" if asked.timers.list() else "timer running"
    more = "What timers are set?" if asked.timers.list() else "Set a timer for ten minutes"
    return Answer(f"There is no {which}.", (more, "What time is it?"), "timer")


def _the(timer: Timer) -> str:
    return f"the {timer.name or PLURAL.sub('', duration(timer.duration_s))} timer"


def _cancel(timer: Timer) -> str:
    return f"Cancel {_the(timer)}"


def _details(timers: Sequence[Timer]) -> dict[str, str]:
    return {"timer": timers[0].id} if len(timers) == 1 else {}
