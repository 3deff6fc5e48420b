"""Finds the words of a sound: those that the network hears, or a command that it heard nearly.

The network writes any sentence, and so "Said a time or" for "set a timer". Where its words are no
command, a beam search follows only those tokens that go on with a command of the grammar. The best
command is taken if the network holds it nearly as likely as its own words.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.api.models import Transcript
from voice_assistant.engines.recognition.moonshine import END

if TYPE_CHECKING:
    from voice_assistant.engines.recognition.command_grammar import Commands, Grammar, Place
    from voice_assistant.engines.recognition.moonshine import Floats, Moonshine

GAP_NATS = 7.0
"""How much less likely a command may be than the network's own words, as a natural logarithm.

Of 690 commands of seven voices (clean, 20 and 10 dB) 617 are then exact instead of 387, and 4 of
887 other utterances become a command; 9 nats give 2 commands more and twice as many mistakes."""

DESTROYING_GAP_NATS = 3.0
"""The same for commands that destroy something."""

SURE_COMMAND, SURE_WORDS = 0.45, 0.82
"""How probable each token must be on average, so that words count as surely heard.

Of 234 commands in the voices and noises of `bench_recognition.py` 181 of 183 sure ones are right,
and 27 of 51 others; of 360 other utterances the sure ones have few wrong words (6 of 248 have 30 %
or more), the others many (70 of 112)."""

TOKENS_PER_S = 6.5
"""The most that anybody says; a network that repeats itself ends there."""
_LEAST_TOKENS = 4

PHRASE_FLOOR_NATS = -6.5
"""The least logarithm of the probability that an utterance begins with a phrase."""
_PHRASE_TOKENS = 16
LONGER_WORD_NATS = 0.5
"""How much likelier a longer word than the phrase's last may be: "Computer, stop" has an s, too."""

LONGEST_COMMAND_S = 10.0
"""Seconds of sound, pauses included, in which commands are looked for: nobody orders for longer."""

BEAMS = 12
"""Beginnings of commands that are followed side by side. Of 159 commands in a room with people, 10
dB below the speech, 119 are right with 12, 116 with 8, 107 with 5 of them (and 14 ms earlier)."""

BEAM_S = 72.0
"""Seconds of sound for all of them together, of which each takes 0.6 MB: long speech has fewer."""

_MORE_TOKENS = 12
"""A command may be spelt in so many more tokens than the network's own words."""


class Heard(NamedTuple):
    """A text, and the logarithm of its probability."""

    text: str
    log_probability: float
    tokens: int

    def transcript(self, sure_from: float) -> Transcript:
        """Return the text; it is sure if its tokens have this probability on average."""
        mean = math.exp(self.log_probability / self.tokens)
        return Transcript(text=self.text, sure=mean >= sure_from)


def words_of(network: Moonshine, vectors: Floats, seconds: float, commands: Commands) -> Transcript:
    """Return the words of a sound: a command if it was probably one, else what was heard.

    Args:
        network: writes down what it hears.
        vectors: the encoded sound.
        seconds: the length of the sound.
        commands: what may be ordered.
    """
    most = max(_LEAST_TOKENS, int(seconds * TOKENS_PER_S) + 3)
    free = freely(network, vectors, most)
    if not free.text:
        return Transcript(text="")
    if commands.spoken.accepts(free.text):
        return free.transcript(SURE_COMMAND)
    if seconds > LONGEST_COMMAND_S:
        return free.transcript(SURE_WORDS)
    floor = free.log_probability - GAP_NATS
    beams = min(BEAMS, math.ceil(BEAM_S / max(seconds, 1.0)))
    bound = within(
        network, vectors, commands.spoken, free.tokens + _MORE_TOKENS, floor, beams=beams
    )
    if bound is None or _much_shorter(bound, free):
        return free.transcript(SURE_WORDS)
    gap = free.log_probability - bound.log_probability
    if gap > DESTROYING_GAP_NATS and commands.destroying.accepts(bound.text):
        return free.transcript(SURE_WORDS)
    return bound.transcript(SURE_COMMAND)


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


def begins_with(
    network: Moonshine, vectors: Floats, phrase: Grammar, *, whole: bool = True
) -> bool:
    """Return whether a sound probably begins with a phrase, in whole words.

    Args:
        network: writes down what it hears.
        vectors: the encoded sound.
        phrase: all utterances that begin with the phrase: see `beginning_with`.
        whole: the last word of the sound is complete; else another one must follow the phrase.
    """
    behind = len(phrase.steps) - 1
    decoding = network.decoding(vectors)
    likely = decoding.begin()
    beams = [_Beam(0.0, 0, (), phrase.beginning)]
    found, longer_word = PHRASE_FLOOR_NATS, -math.inf
    for _ in range(_PHRASE_TOKENS):
        longer: list[_Beam] = []
        for text, beam in enumerate(beams):
            if whole and phrase.is_end(beam.place):
                found = max(found, beam.log_probability + float(likely[text, END]))
            longer_word = max(longer_word, _longer_word(network, phrase, beam, likely[text]))
            longer += _longer(network, phrase, beam, text, likely[text], floor=PHRASE_FLOOR_NATS)
        followed = [b for b in longer if b.place.state == behind and b.place.word]
        found = max([found, *(beam.log_probability for beam in followed)])
        beams = sorted((beam for beam in longer if beam not in followed), reverse=True)[:BEAMS]
        if not beams:
            break
        likely = decoding.go_on([b.tokens[-1] for b in beams], [b.text for b in beams])
    return found > max(PHRASE_FLOOR_NATS, longer_word - LONGER_WORD_NATS)


def _longer_word(network: Moonshine, phrase: Grammar, beam: _Beam, likely: Floats) -> float:
    """Return how likely the next token makes the phrase's last word a longer one: "computers"."""
    *before, last = (word for steps in phrase.steps[:-1] for word in steps)
    best = -math.inf
    for token in np.flatnonzero(likely > PHRASE_FLOOR_NATS - beam.log_probability).tolist():
        text = network.text((*beam.tokens, token)) if network.is_text(token) else ""
        words = [word.strip(".,?!-") for word in text.lower().split()]
        if words[:-1] == before and words and words[-1] != last and words[-1].startswith(last):
            best = max(best, beam.log_probability + float(likely[token]))
    return best


class _Beam(NamedTuple):
    """The beginning of a command."""

    log_probability: float
    text: int  # which of the texts before it goes on
    tokens: tuple[int, ...]
    place: Place


def within(
    network: Moonshine,
    vectors: Floats,
    grammar: Grammar,
    most: int,
    floor: float,
    *,
    beams: int = BEAMS,
) -> Heard | None:
    """Return the likeliest command; None if none is likelier than `floor`.

    Args:
        network: writes down what it hears.
        vectors: the encoded sound.
        grammar: the commands.
        most: the most tokens of a command.
        floor: the least logarithm of a command's probability.
        beams: how many beginnings are followed side by side.
    """
    decoding = network.decoding(vectors)
    likely = decoding.begin()
    begun = [_Beam(0.0, 0, (), grammar.beginning)]
    best: Heard | None = None
    for _ in range(most):
        longer: list[_Beam] = []
        for text, beam in enumerate(begun):
            ended = beam.log_probability + float(likely[text, END])
            if ended > floor and grammar.is_end(beam.place):
                best = Heard(network.text(beam.tokens), ended, len(beam.tokens) + 1)
                floor = ended
            longer += _longer(network, grammar, beam, text, likely[text], floor=floor)
        begun = sorted((beam for beam in longer if beam.log_probability > floor), reverse=True)
        begun = begun[:beams]
        if not begun:
            break
        likely = decoding.go_on([b.tokens[-1] for b in begun], [b.text for b in begun])
    return best


def _longer(
    network: Moonshine, grammar: Grammar, beam: _Beam, text: int, likely: Floats, *, floor: float
) -> list[_Beam]:
    """Return the beginnings of commands with one token more that are likelier than `floor`."""
    found = []
    for token in np.flatnonzero(likely > floor - beam.log_probability).tolist():
        if not network.is_text(token):
            continue
        place = grammar.advance(beam.place, network.tokens[token])
        if place is not None:
            total = beam.log_probability + float(likely[token])
            found.append(_Beam(total, text, (*beam.tokens, token), place))
    return found


def _much_shorter(command: Heard, heard: Heard) -> bool:
    """Return whether a command leaves out so much that it cannot be what was said."""
    return command.tokens < 0.6 * heard.tokens - 1
