"""Tells whether a sound begins with a phrase, such as a wake word, and whether more follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.engines.recognition.beam_search import BEAMS, Beam, longer_beams
from voice_assistant.engines.recognition.command_grammar import Beginning
from voice_assistant.engines.recognition.moonshine import END

if TYPE_CHECKING:
    from voice_assistant.engines.recognition.command_grammar import Grammar
    from voice_assistant.engines.recognition.moonshine import Floats, Moonshine

OTHER_WORDS_NATS, OTHER_WORDS_GAP = -0.7, 3.0
"""The least logarithm of the probability of other words at the beginning, and how much less likely
than those a phrase may be: who says "compete" does not say "computer". In noise nothing else is so
likely. Of 39 times that words sounding alike woke, 28 are left, and of 360 wake words in babble 2
more are missed."""

PHRASE_FLOOR_NATS = -6.5
"""The least logarithm of the probability that an utterance begins with a phrase."""
_PHRASE_TOKENS = 16
LONGER_WORD_NATS = 0.5
"""How much likelier a longer word than the phrase's last may be: "Computer, stop" has an s, too."""


def begins_with(
    network: Moonshine, vectors: Floats, phrase: Grammar, *, whole: bool = True
) -> Beginning:
    """Return whether a sound probably begins with a phrase, in whole words, and what follows.

    Args:
        network: writes down what it hears.
        vectors: the encoded sound.
        phrase: all utterances that begin with the phrase: see `beginning_with`.
        whole: the last word of the sound is complete; else another one must follow the phrase.
    """
    behind = len(phrase.steps) - 1
    decoding = network.decoding(vectors)
    likely = decoding.begin()
    beams = [Beam(0.0, 0, (), phrase.beginning)]
    alone = goes_on = PHRASE_FLOOR_NATS
    longer_word = -math.inf
    for _ in range(_PHRASE_TOKENS):
        longer: list[Beam] = []
        for text, beam in enumerate(beams):
            if whole and phrase.is_end(beam.place):
                alone = max(alone, beam.log_probability + float(likely[text, END]))
            longer_word = max(longer_word, _longer_word(network, phrase, beam, likely[text]))
            longer += longer_beams(
                network, phrase, beam, text, likely[text], floor=PHRASE_FLOOR_NATS
            )
        followed = [b for b in longer if b.place.state == behind and b.place.word]
        goes_on = max([goes_on, *(beam.log_probability for beam in followed)])
        beams = sorted((beam for beam in longer if beam not in followed), reverse=True)[:BEAMS]
        if not beams:
            break
        likely = decoding.go_on([b.tokens[-1] for b in beams], [b.text for b in beams])
    found = max(alone, goes_on)
    if found <= max(PHRASE_FLOOR_NATS, longer_word - LONGER_WORD_NATS):
        return Beginning.OTHER
    if found < _surely_others(network, vectors, phrase) - OTHER_WORDS_GAP:
        return Beginning.OTHER
    return Beginning.GOES_ON if goes_on > alone else Beginning.PHRASE


def _surely_others(network: Moonshine, vectors: Floats, phrase: Grammar) -> float:
    """Return how likely other words are with which the sound surely begins; -inf without those."""
    wanted = [word for steps in phrase.steps[:-1] for word in steps]
    decoding = network.decoding(vectors)
    likely = decoding.begin()[0]
    tokens: list[int] = []
    total = 0.0
    while total > OTHER_WORDS_NATS and len(tokens) < _PHRASE_TOKENS:
        token = int(likely.argmax())
        words = network.text((*tokens, token)).split() if token != END else []
        if not 0 < len(words) <= len(wanted):
            break
        total += float(likely[token])
        tokens.append(token)
        likely = decoding.go_on([token])[0]
    heard = [word.strip(".,?!-").lower() for word in network.text(tokens).split()]
    others = heard and heard != wanted and total > OTHER_WORDS_NATS
    return total if others else -math.inf


def _longer_word(network: Moonshine, phrase: Grammar, beam: Beam, likely: Floats) -> float:
    """Return how likely the next token makes the phrase's last word a longer one: "computers"."""
    *before, last = (word for steps in phrase.steps[:-1] for word in steps)
    best = -math.inf
    for token in np.flatnonzero(likely > PHRASE_FLOOR_NATS - beam.log_probability).tolist():
        text = network.text((*beam.tokens, token)) if network.is_text(token) else ""
        words = [word.strip(".,?!-") for word in text.lower().split()]
        if words[:-1] == before and words and words[-1] != last and words[-1].startswith(last):
            best = max(best, beam.log_probability + float(likely[token]))
    return best
