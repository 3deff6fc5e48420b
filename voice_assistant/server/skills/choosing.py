"""Which of several timers is meant: asked, and understood from the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills import recurring
from voice_assistant.server.skills.numbers import ORDINALS
from voice_assistant.server.skills.reply import Answer
from voice_assistant.server.skills.which import bare_name, rings_at, same_name, the
from voice_assistant.server.skills.words import plain
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked, Memory
    from voice_assistant.server.store.timer import Timer

WHICH = "which"
"""The detail of the memory with the timers that were offered in "Which one: …?"."""

DOES, WHOLE = "does", "whole"
"""The details with what is done to the one that is chosen, and with the whole wish."""

CHOSEN = "chosen"
"""The detail with the timers that were chosen, while the wish is carried out."""

BEFORE = re.compile(
    r"(?:just |only )?(?:(?:the|my) )?"
    r"(?:(?:one|timer|alarm|reminder) (?:for|at|on|to|called|named) (?:the |my )?)?"
)
AFTER = re.compile(r"(?: (?:one|timer|alarm|reminder|please))+$")
ALL = re.compile(r"(?:both|all|everything)(?: of)?(?: (?:them|these|the timers|the alarms))?")
CLOCK = re.compile(r"alarm at 0 oclock ?(?P<half>am|pm|sharp)?")
NONE = re.compile(r"(?:neither|none)(?: (?:one|of them|of these))?|no")
PLACES = {word: place for place, word in enumerate(ORDINALS)} | {"last": -1, "other": -1}


def which_one(asked: Asked, timers: Sequence[Timer], does: str) -> Answer:
    """Ask which of several timers is meant; `choice` understands the answer.

    Args:
        asked: the wish.
        timers: those that may be meant.
        does: what is done to the one that is meant: "cancel", "change", "skip" …
    """
    return _asking(timers, does, asked.words)


def _asking(timers: Sequence[Timer], does: str, wish: str) -> Answer:
    names = list(dict.fromkeys(map(the, timers)))
    suggestions = tuple(map(capitalised, names[:2]))
    if does == "cancel":
        suggestions = (*(f"Cancel {name}" for name in names[:2]), "Cancel all timers")
    details = {WHICH: _ids(timers), DOES: does, WHOLE: wish}
    return Answer(f"Which one: {' or '.join(names)}?", suggestions, "timer", details)


def _ids(timers: Sequence[Timer]) -> str:
    return " ".join(timer.id for timer in timers)


def chosen(asked: Asked, timers: Sequence[Timer]) -> list[Timer]:
    """Return those of the timers that "Which one: …?" was answered with; [] if it was not asked."""
    ids = asked.memory.details.get(CHOSEN, "").split()
    return [timer for timer in timers if timer.id in ids]


def choice(words: str, timers: Sequence[Timer], memory: Memory) -> Answer | None:
    """Return the answer to a choice such as "the pasta one"; None if the words are none.

    It is given by the whole wish instead, with the timers that were chosen.

    Args:
        words: the answer to "Which one: …?".
        timers: all of them.
        memory: has that question.
    """
    does, wish = memory.details[DOES], memory.details[WHOLE]
    said = _plain(words)
    for verb in (does, wish.split()[0].lower()):
        said = said.removeprefix(f"{verb} ")
    known = memory.details[WHICH].split()
    offered = [timer for timer in timers if timer.id in known]
    if NONE.fullmatch(said):
        done = "cancelled" if does == "cancel" else "changed"
        return Answer(f"Okay, nothing is {done}.", (), "timer")
    if not ALL.fullmatch(said):
        offered = _meant(offered, _bare(said))
        if len({*map(the, offered)}) > 1:
            return _asking(offered, does, wish)
        offered = offered[:1]
    elif does == "change":  # two alarms for the same time are of no use
        return Answer(f"One after the other, please. {memory.answer}")
    if not offered:
        return None
    return Answer("", (), "timer", {CHOSEN: _ids(offered)}, instead=wish)


def named_of(words: str, names: Sequence[str]) -> str:
    """Return the one of several names that words mean: "the first one"; "" if that is not clear."""
    said = _bare(_plain(words))
    if said in PLACES:
        found = names[PLACES[said] :][:1]
    else:
        found = [name for name in names if said in (name.lower(), *name.lower().split())]
    return found[0] if len(found) == 1 else ""


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[^\w\s':]", " ", words.lower()).split())


def _bare(said: str) -> str:
    """Return the words that tell one from the others."""
    return AFTER.sub("", BEFORE.sub("", said, count=1))


def _meant(timers: list[Timer], said: str) -> list[Timer]:
    """Return the timers that may be meant by a place, name, time or rule."""
    if not said:
        return []
    if said in PLACES:
        place = PLACES[said]
        return timers[place:][:1]
    names = {plain(f"the {said}{kind}") for kind in ("", " timer", " alarm", " reminder")}
    time = plain(f"alarm at {said}")
    at = CLOCK.fullmatch(time.text)
    return [
        timer
        for timer in timers
        if same_name(timer.name, said)
        or said == recurring.adjective(timer.rule)
        or (at and rings_at(timer, int(time.numbers[0]), at["half"] or ""))
        or {plain(the(timer)), plain(f"the {bare_name(timer)}")} & names
    ]
