"""Timers: cancelled, by their name or because nobody wanted them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills import notes, recurring, timing
from voice_assistant.server.skills.lengths import seconds_of
from voice_assistant.server.skills.reply import FRESH, Answer, NotUnderstood
from voice_assistant.server.skills.which import cancelling, named, none, the, which_one
from voice_assistant.server.skills.words import plain
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.timers import Timer

AGAIN = "Set a timer for ten minutes"


def cancel(asked: Asked) -> Answer:
    """For "Cancel the pasta timer"; with several and no name it asks which one."""
    timers = named(asked.timers.list(), asked.match, seconds_of(asked.match))
    if not timers:
        if asked.match.text("known"):  # "stop the music" is not about timers
            raise NotUnderstood
        return none(asked)
    everything = asked.match.text("all")
    if len({the(timer) for timer in timers}) > 1 and not everything:
        return which_one(timers, "cancel")
    return cancelled(asked, timers if everything else timers[:1])


def unwanted(asked: Asked) -> Answer:
    """For "Don't remind me to call mom", "never mind the alarm": cancels what there is of that."""
    if named(asked.timers.list(), asked.match, seconds_of(asked.match)):
        return cancel(asked)
    return timing.nothing(asked)


def choose(asked: Asked, words: str) -> Answer | None:
    """For "The pasta one" after "Which one: …?"; None for what is no answer to that.

    Args:
        asked: its match is not used.
        words: the answer.
    """
    words = re.sub(r"[^\w\s']", " ", words.lower())
    known = asked.memory.details.get("which", "").split()
    timers = [timer for timer in asked.timers.list() if timer.id in known]
    said = re.sub(
        r"^(?:the|my|cancel)\s+(?:the\s+)?|\s+(?:one|timer|alarm|please)$",
        "",
        " ".join(words.split()),
    )
    if said in ("both", "all", "all of them", "both of them", "everything"):
        chosen = timers
    elif said in ("neither", "none", "none of them", "no"):
        return Answer("Okay, nothing is cancelled.", (), "timer")
    elif said in ("first", "1st"):
        chosen = timers[:1]
    elif said in ("second", "last", "other", "2nd"):
        chosen = timers[-1:]
    else:
        names = [plain(name) for name in (f"the {said}", f"the {said} timer", f"the {said} alarm")]
        chosen = [
            timer
            for timer in timers
            if said
            and (
                plain(the(timer)) in names
                or said in (timer.name.lower(), recurring.adjective(timer.rule))
            )
        ][:1]
    if not chosen:
        return None
    return cancelled(asked, chosen)


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
    name = the(timers[0])
    what = f"{capitalised(name)} is"
    if len(timers) > 1:
        what = (
            "All timers are" if not rest else " and ".join(map(the, timers)).capitalize() + " are"
        )
    again = " It will not come again." if len(timers) == 1 and timers[0].rule else ""
    return Answer(f"{what} cancelled.{again}", (AGAIN, "What time is it?"), "timer")
