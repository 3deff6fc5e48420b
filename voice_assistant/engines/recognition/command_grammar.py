"""The commands that are known, as a network of words; follows a text through it, piece by piece."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.text.number_words import spelt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OPEN = "*"
"""The word of a step that accepts any word."""

END = ""
"""The word of the step to the end of a command."""

_BETWEEN = frozenset("\u2581 -.,?!")
"""What may stand between words; "\u2581" is a space."""


class Beginning(enum.Enum):
    """Whether speech begins with a phrase, and what follows that."""

    OTHER = "other words"
    PHRASE = "the phrase, and nothing yet"
    GOES_ON = "the phrase, and more words"


class Place(NamedTuple):
    """A place within a text: a state of the grammar, and the letters of the word begun there."""

    state: int
    word: str = ""


@dataclass(frozen=True)
class Grammar:
    """A deterministic network of words.

    Attributes:
        steps: for each state, the words that may follow, each with the state behind it.
        start: the state before the first word.
    """

    steps: Sequence[Mapping[str, int]]
    start: int = 0

    @property
    def beginning(self) -> Place:
        """Return the place before every command."""
        return Place(self.start)

    def advance(self, place: Place, text: str) -> Place | None:
        """Return the place behind more of a text; None where no command goes on like that.

        Capitals and punctuation are free, as people and recognisers write them.
        """
        state, word = place
        for letter in text:
            if letter in _BETWEEN:
                after = self._behind(state, word)
                if after is None:
                    return None
                state, word = after, ""
            elif letter.isalpha() or letter == "'":
                word += letter.lower()
                if word not in self._begun[state] and OPEN not in self.steps[state]:
                    return None
            else:
                return None
        return Place(state, word)

    def is_end(self, place: Place) -> bool:
        """Return whether a command may end at this place."""
        state = self._behind(*place)
        return state is not None and END in self.steps[state]

    def accepts(self, text: str) -> bool:
        """Return whether a text is a command; numbers may be written in figures."""
        place = self.advance(self.beginning, spelt(text))
        return place is not None and self.is_end(place)

    def _behind(self, state: int, word: str) -> int | None:
        if not word:
            return state
        steps = self.steps[state]
        return steps.get(word, steps.get(OPEN))

    @cached_property
    def _begun(self) -> list[frozenset[str]]:
        """For each state, the beginnings of the words that may follow."""
        return [
            frozenset(word[:end] for word in steps for end in range(1, len(word) + 1))
            for steps in self.steps
        ]


def beginning_with(phrase: str) -> Grammar:
    """Return the grammar of all utterances that begin with a phrase of letters and blanks."""
    words = phrase.lower().split()
    last = len(words)
    return Grammar([*({word: n + 1} for n, word in enumerate(words)), {END: last, OPEN: last}])


def of_phrases(phrases: Iterable[str]) -> Grammar:
    """Return the grammar of whole phrases; those with other signs than letters are left out."""
    steps: list[dict[str, int]] = [{}, {}]
    for phrase in phrases:
        words = phrase.lower().split()
        if not all(word.replace("'", "").isalpha() for word in words):
            continue
        state = 0
        for word in words:
            if word not in steps[state]:
                steps[state][word] = len(steps)
                steps.append({})
            state = steps[state][word]
        steps[state][END] = 1
    return Grammar(steps)


def with_phrase(grammar: Grammar, phrase: str, *, alone: bool = False) -> Grammar:
    """Return a grammar before whose utterances a phrase may be said.

    Args:
        grammar: what is said.
        phrase: words of letters and blanks.
        alone: whether the phrase may be all that is said.
    """
    words, start = phrase.lower().split(), len(grammar.steps)
    said = start + len(words)
    begun = ({word: n} for n, word in enumerate(words, start + 1))
    begin, *others = begun
    first = grammar.steps[grammar.start]
    end = {END: said} if alone else {}
    return Grammar([*grammar.steps, {**first, **begin}, *others, {**first, **end}], start)


NOTHING = Grammar(({},))
"""The grammar without a command."""


@dataclass(frozen=True)
class Commands:
    """The commands that speech is compared with.

    Attributes:
        spoken: the commands whose words are all known.
        destroying: those that destroy something; they must have been heard more surely.
        open_ended: commands with words in them that are in no list.
    """

    spoken: Grammar = field(default=NOTHING)
    destroying: Grammar = field(default=NOTHING)
    open_ended: Grammar = field(default=NOTHING)

    def after(self, phrase: str) -> Commands:
        """Return the same commands, before which a phrase may be said, or that phrase alone."""
        return Commands(
            with_phrase(self.spoken, phrase, alone=True),
            with_phrase(self.destroying, phrase),
            with_phrase(self.open_ended, phrase),
        )
