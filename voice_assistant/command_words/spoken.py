"""The command words that are said into an answer or an alarm, as a recogniser expects them."""

from __future__ import annotations

from functools import cache
from itertools import chain

from voice_assistant.command_words.language import Name, vocabularies
from voice_assistant.engines.recognition.command_grammar import Commands, of_phrases

STEERING: tuple[Name, ...] = (
    *("stop", "never_mind", "cancel", "pause", "go_on", "repeat", "last_sentence"),
    *("next", "back", "slower", "faster", "louder", "quieter", "snooze"),
)


ENDING: tuple[Name, ...] = (
    *("stop", "never_mind", "cancel", "pause", "agreed", "heeded", "snooze"),
)


def spoken_over_answers() -> Commands:
    """Return what may be said into an answer to steer it, in the recogniser's language."""
    return _of(STEERING)


def spoken_over_alarms() -> Commands:
    """Return what may be said into an alarm to end it, in the recogniser's language."""
    return _of(ENDING)


@cache
def _of(names: tuple[Name, ...]) -> Commands:
    phrases = chain.from_iterable(
        vocabulary.language.phrases.get(name, ()) for vocabulary in vocabularies() for name in names
    )
    return Commands(of_phrases(phrase for phrase in phrases if phrase.isascii()))
