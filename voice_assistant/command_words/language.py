"""The command words of one language, read from its file in this folder."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import msgspec

from voice_assistant.text.letters import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

Name = Literal[
    "stop",
    "never_mind",
    "cancel",
    "pause",
    "go_on",
    "repeat",
    "last_sentence",
    "next",
    "back",
    "slower",
    "faster",
    "louder",
    "quieter",
    "new_conversation",
    "backchannel",
    "agreed",
    "heeded",
    "snooze",
    "good",
    "bad",
    "conversation_on",
    "conversation_off",
    "mute",
    "off_the_record",
    "on_the_record",
    "read_follow_ups",
    "heard",
    "setup",
    "settings",
    "window",
]
"""The names of the commands; every language has phrases for all of them."""


class Consents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words by which a user lets something be sent, or not; no other words count."""

    yes: tuple[str, ...]
    no: tuple[str, ...]


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words that choose a follow-up by its number.

    Attributes:
        counts: the spellings of one, two, three …
        ordinals: the spellings of first, second, third …
        bare: phrases around a number that could also be the answer to a question.
        choices: phrases around a number that only choose.
    """

    counts: tuple[tuple[str, ...], ...]
    ordinals: tuple[tuple[str, ...], ...]
    bare: tuple[str, ...]
    choices: tuple[str, ...]


class Replies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The assistant's replies to commands; {} stands for the words that a command names."""

    heard: str
    nothing_heard: str
    muted: str
    not_sent: str
    follow_up: str


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a language's file."""

    courtesies: tuple[str, ...]
    phrases: dict[Name, tuple[str, ...]]
    consent: Consents
    numbers: Numbers
    replies: Replies


class Choice(msgspec.Struct, frozen=True):
    """A phrase that chooses a follow-up.

    Attributes:
        index: the follow-up's place, from 0.
        bare: the phrase could also be the answer to a question.
    """

    index: int
    bare: bool


class Vocabulary:
    """The command words of a language, by their letters.

    Args:
        language: the content of the language's file.

    Attributes:
        language: the content of the language's file.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._courtesies = sorted(map(letters, language.courtesies), key=len, reverse=True)
        self._commands = {
            letters(phrase): name
            for name, phrases in language.phrases.items()
            for phrase in phrases
        }
        self._choices = dict(_choices(language.numbers))
        self._consents = {
            letters(phrase): given
            for given, phrases in ((True, language.consent.yes), (False, language.consent.no))
            for phrase in phrases
        }

    def find(self, words: str) -> Name | Choice | None:
        """Return what an utterance means; None if it is no command word as a whole."""
        for said in self._with_less_courtesies(words):
            found = self._commands.get(said) or self._choices.get(said)
            if found := found or self._commands.get(_once(said)):
                return found
        return None

    def consents(self, words: str) -> bool | None:
        """Return whether an utterance consents, as a whole; None if it says neither yes nor no."""
        for said in self._with_less_courtesies(words):
            if said in self._consents:
                return self._consents[said]
        return None

    def _with_less_courtesies(self, words: str) -> Iterator[str]:
        """Return an utterance's letters, then the same with fewer and fewer courtesies."""
        said, before = letters(words), ""
        while said != before:
            yield said
            said, before = self._with_less_courtesy(said), said

    def _with_less_courtesy(self, said: str) -> str:
        """Return an utterance's letters without its first, or else its last, word of courtesy."""
        for courtesy in self._courtesies:
            if said.startswith(courtesy):
                return said.removeprefix(courtesy)
        for courtesy in self._courtesies:
            if said.endswith(courtesy):
                return said.removesuffix(courtesy)
        return said


def _once(said: str) -> str:
    """Return what was said again and again, without a pause or another word: "stop stop stop"."""
    return said[: (said + said).find(said, 1)] if said else said


def _choices(numbers: Numbers) -> Iterator[tuple[str, Choice]]:
    for spellings in (numbers.counts, numbers.ordinals):
        for index, spelled in enumerate(spellings):
            for number in spelled:
                for pattern in numbers.choices:
                    yield letters(pattern.format(number)), Choice(index, bare=False)
                for pattern in numbers.bare:
                    yield letters(pattern.format(number)), Choice(index, bare=True)


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """Return the vocabulary of every language that has a file."""
    texts = [file for file in files(__package__).iterdir() if file.name.endswith(".toml")]
    return tuple(
        Vocabulary(msgspec.convert(tomllib.loads(file.read_text("utf-8")), Language))
        for file in texts
    )
