"""The command words that steer an answer, as a recogniser expects them in a damaged voice."""

from __future__ import annotations

from functools import cache
from itertools import chain

from voice_assistant.command_words.language import Name, vocabularies
from voice_assistant.engines.recognition.command_grammar import Commands, of_phrases

STEERING: tuple[Name, ...] = (
    *("stop", "never_mind", "cancel", "pause", "go_on", "repeat", "last_sentence"),
    *("next", "back", "slower", "faster", "louder", "quieter", "snooze"),
)


@cache
def spoken_over_answers() -> Commands:
    """Return what may be said into an answer to steer it, in the recogniser's language."""
    phrases = chain.from_iterable(
        vocabulary.language.phrases.get(name, ())
        for vocabulary in vocabularies()
        for name in STEERING
    )
    return Commands(of_phrases(phrase for phrase in phrases if phrase.isascii()))
