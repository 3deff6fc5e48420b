"""Searches the words of a sound: the likeliest ones, and the likeliest ones that a grammar allows.

The network tells how likely each next token is. A beam search follows several beginnings of a text
side by side, as the likeliest first token need not begin the likeliest text.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.api.models import Transcript
from voice_assistant.engines.recognition.moonshine import END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_assistant.engines.recognition.command_grammar import Grammar, Place
    from voice_assistant.engines.recognition.moonshine import Floats, Moonshine

GUESSED_WORDS = 0.5
"""How probable each token must be on average, so that the words are no mere guess."""

BEAMS = 12
"""Beginnings of commands that are followed side by side. Of 159 commands in a room with people, 10
dB below the speech, 119 are right with 12, 116 with 8, 107 with 5 of them (and 14 ms earlier)."""

FREE_BEAMS = 8
"""Beginnings of any words that are followed side by side where the likeliest ones are unsure. Of
other speech than commands (20 sentences of three voices) 10 % of the words are then wrong at 20 dB
and 30 % at 10 dB, instead of 14 % and 40 %. It takes 55 ms where all is unsure."""

WORD_NATS = 0.6
"""What each word adds to the logarithm of a probability where words are compared with fewer words:
"remind me to call the doctor" is hardly less likely where "at five p.m." was said in it."""

_MORE_WORDS = 3
"""The words that a command may have more than what it is compared with."""

_MORE_TOKENS = 12
"""A command may be spelt in so many more tokens than the network's own words."""


class Heard(NamedTuple):
    """A text, and the logarithm of its probability."""

    text: str
    log_probability: float
    tokens: int

    def transcript(self, sure_from: float, perhaps: str = "") -> Transcript:
        """Return the text; it is sure if its tokens have this probability on average.

        Args:
            sure_from: the probability.
            perhaps: the command that may have been said instead.
        """
        sure, guessed = self.mean >= sure_from, self.mean < GUESSED_WORDS
        return Transcript(text=self.text, sure=sure, guessed=guessed, perhaps=perhaps)

    @property
    def mean(self) -> float:
        """Return how probable each of its tokens is on average."""
        return math.exp(self.log_probability / self.tokens)


def freely(network: Moonshine, vectors: Floats, most: int) -> Heard:
    """Return the words that the network hears: the likeliest token each time, `most` of them."""
    decoding = network.decoding(vectors)
    likely = decoding.begin()[0]
    tokens: list[int] = []
    total = 0.0
    while True:
        token = int(likely.argmax())
        total += float(likely[token])
        if token == END or len(tokens) == most:
            return Heard(network.text(tokens), total, len(tokens) + 1)
        tokens.append(token)
        likely = decoding.go_on([token])[0]


def likelier(
    network: Moonshine, vectors: Floats, most: int, than: Heard, *, beams: int = FREE_BEAMS
) -> Heard:
    """Return the likeliest words that some beginnings, followed side by side, lead to.

    Args:
        network: writes down what it hears.
        vectors: the encoded sound.
        most: the most tokens.
        than: what is known already; returned where nothing is likelier.
        beams: how many beginnings are followed.
    """
    decoding = network.decoding(vectors)
    likely = decoding.begin()
    texts: list[tuple[int, ...]] = [()]
    totals, best = np.zeros(1), than
    for _ in range(most):
        sums = totals[:, None] + likely
        ended = int(sums[:, END].argmax())
        text = texts[ended]
        if sums[ended, END] > best.log_probability and len(text) + 1 >= _least_tokens(than):
            best = Heard(network.text(text), float(sums[ended, END]), len(text) + 1)
        sums[:, END] = -math.inf
        places = np.argpartition(sums, -beams, axis=None)[-beams:]
        places = places[sums.flat[places] > best.log_probability]
        if not places.size:
            break
        going_on, tokens = (part.tolist() for part in np.divmod(places, sums.shape[1]))
        totals = sums.flat[places]
        texts = [(*texts[text], token) for text, token in zip(going_on, tokens, strict=True)]
        likely = decoding.go_on(tokens, going_on)
    return best


class Beam(NamedTuple):
    """The beginning of a command."""

    log_probability: float
    text: int  # which of the texts before it goes on
    tokens: tuple[int, ...]
    place: Place


def within(
    network: Moonshine,
    ways: Sequence[Floats],
    grammar: Grammar,
    free: Heard,
    gap: float,
    *,
    beams: int = BEAMS,
) -> Heard | None:
    """Return the command that is worth most; None without one that is worth enough.

    Args:
        network: writes down what it hears.
        ways: the sound, encoded in one way or in several ways.
        grammar: the commands.
        free: what is heard freely.
        gap: how much less than that a command may be worth.
        beams: how many beginnings are followed side by side.
    """
    decoding = network.decoding(*ways)
    likely = decoding.begin()
    begun = [Beam(0.0, 0, (), grammar.beginning)]
    best: Heard | None = None
    least = worth(free) - gap
    floor = free.log_probability - gap - WORD_NATS * _MORE_WORDS
    for _ in range(free.tokens + _MORE_TOKENS):
        longer: list[Beam] = []
        for text, beam in enumerate(begun):
            ended = beam.log_probability + float(likely[text, END])
            if ended > floor and grammar.is_end(beam.place):
                found = Heard(network.text(beam.tokens), ended, len(beam.tokens) + 1)
                if worth(found) > least:
                    best, least = found, worth(found)
                    floor = max(floor, ended - WORD_NATS * _MORE_WORDS)
            nexts = longer_beams(network, grammar, beam, text, likely[text], floor=floor)
            longer += islice(nexts, beams)  # no beam can have more of the best ones
        begun = sorted((beam for beam in longer if beam.log_probability > floor), reverse=True)
        begun = begun[:beams]
        if not begun:
            break
        likely = decoding.go_on([b.tokens[-1] for b in begun], [b.text for b in begun])
    return best


def worth(heard: Heard) -> float:
    """Return how probable words are, such that some words can be compared with fewer."""
    return heard.log_probability + WORD_NATS * len(heard.text.split())


def longer_beams(
    network: Moonshine, grammar: Grammar, beam: Beam, text: int, likely: Floats, *, floor: float
) -> Iterator[Beam]:
    """Yield the beginnings of commands with one token more, the likeliest first.

    All are likelier than `floor`.
    """
    tokens = np.flatnonzero(likely > floor - beam.log_probability)
    for token in tokens[np.argsort(-likely[tokens])].tolist():
        if not network.is_text(token):
            continue
        place = grammar.advance(beam.place, network.tokens[token])
        if place is not None:
            total = beam.log_probability + float(likely[token])
            yield Beam(total, text, (*beam.tokens, token), place)


def _least_tokens(heard: Heard) -> float:
    """Return how many tokens a text must have: a shorter one leaves out too much of the sound."""
    return max(2.0, 0.6 * heard.tokens - 1)
