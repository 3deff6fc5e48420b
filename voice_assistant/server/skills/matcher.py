"""From plain words to an intent and its slots, by hassil and the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.server.skills.names import is_name
from voice_assistant.server.skills.reply import Match
from voice_assistant.server.skills.templates import templates
from voice_assistant.server.skills.unit_table import KINDS
from voice_assistant.server.skills.verbatim import PLACE, commands
from voice_assistant.server.skills.words import negated, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from hassil import Intents, RecognizeResult
    from hassil.models import MatchEntity

    from voice_assistant.server.skills.unit_table import Unit
    from voice_assistant.server.skills.words import Plain

INDEXED = ("number", "amount", "day", "year", "clock_hour", "clock_minute")
"""Lists that are numbers: in plain words, indices into its numbers."""

OPEN = ("word", "name", "task", "place", "item", "program", "numeral")
"""Lists that take any words."""

NAMES = ("name", "name2")
"""Slots of what somebody calls a timer."""


class Understood(NamedTuple):
    """What a question means.

    Attributes:
        match: its intent, with the user's own words.
        negated: whether its words, the user's own left out, say that something is not wanted.
    """

    match: Match
    negated: bool


class Matcher:
    """The templates, compiled."""

    def __init__(self) -> None:
        from hassil import Intents  # noqa: PLC0415  (0.2 s: only who matches pays for it)

        source = templates()
        indices = {"range": {"from": 0, "to": 99, "words": False}}
        lists: dict[str, Any] = {
            **source["lists"],
            **dict.fromkeys(INDEXED, indices),
            **{name: {"wildcard": True} for name in OPEN},
            **{kind: {"values": _names(units)} for kind, units in KINDS.items()},
        }
        self._intents: Intents = Intents.from_dict({**source, "lists": lists})

    def wish(self, question: str) -> Understood | None:
        """Return what a question means; None if no template fits."""
        for command in commands(question):
            words = plain(command.text)
            match = self.match(words)
            if match and match.keeps(PLACE, command.words):
                return Understood(match.with_words(PLACE, command.words), negated(words.text))
        return None

    def match(self, words: Plain) -> Match | None:
        """Return what the words mean; of several templates the one that leaves least open."""
        from hassil import recognize_all  # noqa: PLC0415

        found = recognize_all(words.text, self._intents)
        results = [result for result in found if all(map(_is_plausible, result.entities_list))]
        if not results:
            return None
        best = min(results, key=_openness)
        slots = [(entity.name, _value(entity, words.numbers)) for entity in best.entities_list]
        return Match(best.intent.name, tuple(slots))


def _names(units: Iterable[Unit]) -> list[dict[str, str]]:
    return [
        {"in": name, "out": unit.name} for unit in units for name in (*unit.spoken, *unit.written)
    ]


def _is_plausible(entity: MatchEntity) -> bool:
    """Return whether the words for a name can be one."""
    return entity.name not in NAMES or not entity.is_wildcard or is_name(entity.text.split())


def _openness(result: RecognizeResult) -> int:
    return sum(len(entity.text) for entity in result.entities_list if entity.is_wildcard)


def _value(entity: MatchEntity, numbers: tuple[Fraction, ...]) -> Fraction | str:
    if isinstance(entity.value, str):
        words = entity.value.split()
        if entity.is_wildcard:  # it holds indices too: "remind me to buy 2 apples"
            words = [str(numbers[int(word)]) if word.isdigit() else word for word in words]
        return " ".join(words)
    return numbers[int(entity.value)]
