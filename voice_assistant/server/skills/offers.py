"""Finds the wish that somebody may have said in other words, to be asked: "Do you mean ...?".

Words in common are counted, and rare words count more. That knows an intent and not its values, so
it is only good to ask.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from importlib import resources

import yaml

from voice_assistant.text.number_words import SMALL, TENS

LEAST = 0.5
"""How alike a question and an example must be, from 0 to 1. Other talk reached 0.4."""

WORD = re.compile(r"[a-z]+")
LACKING = re.compile(
    r"(?:please )?(?:(?:i|we)(?:'ve| have| 'll| will)? (?:need|want|got|have) to )?buy "
    r"(?:some |more |a |an )?(?P<bought>[\w ]{2,30}?)[.!]?"
    r"|(?:i|we)(?:'m| am|'re| are|'ve| have)? (?:run )?out of (?P<out>[\w ]{2,30}?)[.!]?"
    rf"|add (?!(?:another|{'|'.join((*SMALL, *TENS))})\b)(?P<added>[a-z][\w ]{1, 30}?)[.!]?"
    r"|(?:i|we) need (?:some|more) (?P<needed>[\w ]{2,30}?)[.!]?",
    re.IGNORECASE,
)
"""Words of somebody who lacks something."""

ENDINGS = re.compile(r"(?<=\w{3})(?:ing|ed|s)\b")


def offer(question: str) -> str:
    """Return the sentence that may be meant; "" if none is likely."""
    if lacking := LACKING.fullmatch(question.strip()):
        (thing,) = filter(None, lacking.groups())
        return f"add {thing} to the shopping list"
    weights = _weights()
    said = _stems(question)
    best, example = max(
        (_likeness(said, stems, weights), sentence) for stems, sentence in _examples()
    )
    return example if best >= LEAST else ""


def _likeness(one: frozenset[str], other: frozenset[str], weights: dict[str, float]) -> float:
    """Return the share of the words' weight that both have; words in no example weigh most."""
    most = max(weights.values())
    common, either = (
        sum(weights.get(word, most) for word in words) for words in (one & other, one | other)
    )
    return common / either if either else 0.0


@cache
def _examples() -> tuple[tuple[frozenset[str], str], ...]:
    text = resources.files(__package__).joinpath("examples.yaml").read_text("utf-8")
    table: dict[str, list[str]] = yaml.safe_load(text)
    return tuple(
        (_stems(example), sentence) for sentence, examples in table.items() for example in examples
    )


@cache
def _weights() -> dict[str, float]:
    examples = _examples()
    count = Counter(word for stems, _ in examples for word in stems)
    return {word: math.log(1 + len(examples) / number) for word, number in count.items()}


def _stems(text: str) -> frozenset[str]:
    return frozenset(ENDINGS.sub("", word) for word in WORD.findall(text.lower().replace("'", "")))
