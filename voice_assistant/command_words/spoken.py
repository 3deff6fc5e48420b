"""The command words that are said into an answer or an alarm, as a recogniser expects them."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from voice_assistant.command_words.language import Name, vocabularies
from voice_assistant.engines.recognition.command_grammar import Commands, of_phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

STEERING: tuple[Name, ...] = (
    *("stop", "never_mind", "cancel", "pause", "go_on", "repeat", "last_sentence"),
    *("next", "back", "slower", "faster", "louder", "quieter", "snooze"),
)


ENDING: tuple[Name, ...] = (
    *("stop", "never_mind", "cancel", "pause", "agreed", "heeded", "snooze"),
)


ALONE: tuple[Name, ...] = (
    *STEERING,
    *("new_conversation", "good", "bad", "conversation_on", "conversation_off", "mute"),
    *("off_the_record", "on_the_record", "read_follow_ups", "heard"),
)
"""Not what listeners say to show that they listen: noise sounds like that."""


def spoken_where_nothing_goes_on() -> list[str]:
    """Return the commands to the assistant itself, in the recogniser's language."""
    return list(_phrases(ALONE))


def spoken_over_answers() -> Commands:
    """Return what may be said into an answer to steer it, in the recogniser's language."""
    return _of(STEERING)


def spoken_over_alarms() -> Commands:
    """Return what may be said into an alarm to end it, in the recogniser's language."""
    return _of(ENDING)


@cache
def _of(names: tuple[Name, ...]) -> Commands:
    return Commands(of_phrases(_phrases(names)))


def _phrases(names: tuple[Name, ...]) -> Iterator[str]:
    """Yield what is said for these names, where it is written in letters and blanks."""
    for vocabulary in vocabularies():
        for phrase in chain.from_iterable(vocabulary.language.phrases[name] for name in names):
            if phrase.isascii() and phrase.replace(" ", "").replace("'", "").isalpha():
                yield phrase
