"""Finds the words of a sound: those that the network hears, or a command that it heard nearly.

The network writes any sentence, and so "Said a time or" for "set a timer". Where its words are no
command, a beam search follows only those tokens that go on with a command of the grammar. The best
command is taken if the network holds it nearly as likely as its own words. Unsure words that are no
command are looked for once more, with several beginnings side by side.
"""

from __future__ import annotations

import math
from itertools import islice
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.api.models import Transcript
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.engines.recognition.command_grammar import Beginning
from voice_assistant.engines.recognition.moonshine import END
from voice_assistant.text.letters import letters
from voice_assistant.text.number_words import spelt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.command_grammar import Commands, Grammar, Place
    from voice_assistant.engines.recognition.moonshine import Floats, Moonshine

GAP_NATS = 7.0
"""How much less likely a command may be than the network's own words, as a natural logarithm.

Of 690 commands of seven voices (clean, 20 and 10 dB) 617 are then exact instead of 387, and 4 of
887 other utterances become a command; 9 nats give 2 commands more and twice as many mistakes."""

ASKED_GAP_NATS = 12.0
"""The same for a command that is only asked back, instead of unsure words. Of 24 coins that were
to be flipped in a kitchen (three voices, 20 dB) 23 are then flipped or asked back; of 150
utterances that are no commands 5 are."""

LEAST_LETTERS = 0.5
"""The least part of the letters heard freely that a command has. Of 277 commands found in noise the
right ones have 0.5 and more; what is found in other speech has less: "Thank you" in half a
sentence."""

DESTROYING_GAP_NATS = 3.0
"""The same for commands that destroy something."""

SURE_COMMAND, SURE_WORDS = 0.45, 0.82
"""How probable each token must be on average, so that words count as surely heard.

Of 234 commands in the voices and noises of `bench_recognition.py` 181 of 183 sure ones are right,
and 27 of 51 others; of 360 other utterances the sure ones have few wrong words (6 of 248 have 30 %
or more), the others many (70 of 112)."""

GUESSED_WORDS = 0.5
"""How probable each token must be on average, so that the words are no mere guess."""

LOOKS = ((0.3, GAP_NATS), (0.05, 5.0), (0.6, 5.0))
"""Seconds of silence around the sound, with which it is encoded until its words are sure or a
command; and how much less likely a command may be. Of 54 further commands of four voices in babble,
10 dB softer, 46 are then right, with the first look alone 42."""

PLAUSIBLE_AGAIN = 0.2
"""How probable each token of a command must be on average that the first look did not find: "And
one" was found in "who won the football world cup" with 0.08."""

LOOKED_AGAIN_S = 6.0
"""Seconds of the longest sound that is encoded more than once, for 60 ms of CPU each time."""

LISTED_GAP_NATS = 2.0
"""The same for a command with a word of a list, where another word was heard: "put the meitos on
the list" means tomatoes, "add oat milk" is more than milk."""

OTHER_WORDS_NATS, OTHER_WORDS_GAP = -0.7, 3.0
"""The least logarithm of the probability of other words at the beginning, and how much less likely
than those a phrase may be: who says "compete" does not say "computer". In noise nothing else is so
likely. Of 39 times that words sounding alike woke, 28 are left, and of 360 wake words in babble 2
more are missed."""

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

FREE_BEAMS = 8
"""Beginnings of any words that are followed side by side where the likeliest ones are unsure. Of
other speech than commands (20 sentences of three voices) 10 % of the words are then wrong at 20 dB
and 30 % at 10 dB, instead of 14 % and 40 %. It takes 55 ms where all is unsure."""

BEAM_S = 72.0
"""Seconds of sound for all of them together, of which each takes 0.6 MB: long speech has fewer."""

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


def words_of(network: Moonshine, sound: Pcm, commands: Commands) -> Transcript:
    """Return the words of a sound: a command if it was probably one, else what was heard.

    Args:
        network: writes down what it hears.
        sound: the samples, 16 kHz.
        commands: what may be ordered.
    """
    seconds = len(sound) / SPEECH_RATE_HZ
    most = max(_LEAST_TOKENS, int(seconds * TOKENS_PER_S) + 3)
    side_by_side = math.ceil(BEAM_S / max(seconds, 1.0))
    beams = min(BEAMS, side_by_side) if seconds <= LONGEST_COMMAND_S else 0
    looks: list[_Look] = []
    for around_s, gap in LOOKS:
        vectors = network.encode(sound, around_s)
        look = _Look(vectors, freely(network, vectors, most))
        if look.free.text:
            command = _command(network, look, commands, gap, beams)
            if command and (command.mean >= PLAUSIBLE_AGAIN or not looks):
                return command.transcript(SURE_COMMAND)
            looks.append(look)
        if look.free.mean >= SURE_WORDS or not look.free.text or seconds > LOOKED_AGAIN_S:
            break
    if not looks:
        return Transcript(text="")
    vectors, free = max(looks, key=lambda look: look.free.mean)
    if free.mean < SURE_WORDS:
        free = likelier(network, vectors, most, free, beams=min(FREE_BEAMS, side_by_side))
    unclear = free.mean < SURE_WORDS and seconds <= LOOKED_AGAIN_S
    return free.transcript(SURE_WORDS, _perhaps(network, looks, commands, beams) if unclear else "")


class _Look(NamedTuple):
    """A sound, encoded, and what is heard in it freely."""

    vectors: Floats
    free: Heard


def _command(
    network: Moonshine, look: _Look, commands: Commands, gap: float, beams: int
) -> Heard | None:
    """Return the command that was probably said: what was heard freely, or nearly that; or None."""
    free = look.free
    if commands.spoken.accepts(free.text):
        return free._replace(text=spelt(free.text))
    open_ended = commands.open_ended.accepts(free.text)
    for grammar in (commands.spoken, commands.open_ended):
        if open_ended and grammar is commands.open_ended:
            return free
        allowed = LISTED_GAP_NATS if open_ended else gap
        ways = [look.vectors]
        found = within(network, ways, grammar, free, allowed, beams=beams) if beams else None
        if found and _is_whole(found, free) and not _destroys(commands, found, free):
            return found
    return None


def _perhaps(network: Moonshine, looks: Sequence[_Look], commands: Commands, beams: int) -> str:
    """Return the command that all looks together make likeliest; "" if none is likely enough."""
    longest = max((look.free for look in looks), key=lambda free: free.tokens)
    mean = fmean(look.free.log_probability for look in looks)
    free = longest._replace(log_probability=mean)
    ways = [look.vectors for look in looks]
    for grammar in (commands.spoken, commands.open_ended) if beams else ():
        found = within(network, ways, grammar, free, ASKED_GAP_NATS, beams=beams)
        if found and _is_whole(found, free):
            return found.text
    return ""


def _is_whole(command: Heard, free: Heard) -> bool:
    """Return whether a command leaves out little of the sound, judged by what is heard freely."""
    least = LEAST_LETTERS * len(letters(spelt(free.text))) - 1
    return len(letters(spelt(command.text))) >= least


def _destroys(commands: Commands, command: Heard, free: Heard) -> bool:
    """Return whether a command was not heard surely enough for what it destroys."""
    gap = _worth(free) - _worth(command)
    return gap > DESTROYING_GAP_NATS and commands.destroying.accepts(command.text)


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
    beams = [_Beam(0.0, 0, (), phrase.beginning)]
    alone = goes_on = PHRASE_FLOOR_NATS
    longer_word = -math.inf
    for _ in range(_PHRASE_TOKENS):
        longer: list[_Beam] = []
        for text, beam in enumerate(beams):
            if whole and phrase.is_end(beam.place):
                alone = max(alone, beam.log_probability + float(likely[text, END]))
            longer_word = max(longer_word, _longer_word(network, phrase, beam, likely[text]))
            longer += _longer(network, phrase, beam, text, likely[text], floor=PHRASE_FLOOR_NATS)
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
    begun = [_Beam(0.0, 0, (), grammar.beginning)]
    best: Heard | None = None
    least = _worth(free) - gap
    floor = free.log_probability - gap - WORD_NATS * _MORE_WORDS
    for _ in range(free.tokens + _MORE_TOKENS):
        longer: list[_Beam] = []
        for text, beam in enumerate(begun):
            ended = beam.log_probability + float(likely[text, END])
            if ended > floor and grammar.is_end(beam.place):
                found = Heard(network.text(beam.tokens), ended, len(beam.tokens) + 1)
                if _worth(found) > least:
                    best, least = found, _worth(found)
                    floor = max(floor, ended - WORD_NATS * _MORE_WORDS)
            nexts = _longer(network, grammar, beam, text, likely[text], floor=floor)
            longer += islice(nexts, beams)  # no beam can have more of the best ones
        begun = sorted((beam for beam in longer if beam.log_probability > floor), reverse=True)
        begun = begun[:beams]
        if not begun:
            break
        likely = decoding.go_on([b.tokens[-1] for b in begun], [b.text for b in begun])
    return best


def _worth(heard: Heard) -> float:
    """Return how probable words are, such that some words can be compared with fewer."""
    return heard.log_probability + WORD_NATS * len(heard.text.split())


def _longer(
    network: Moonshine, grammar: Grammar, beam: _Beam, text: int, likely: Floats, *, floor: float
) -> Iterator[_Beam]:
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
            yield _Beam(total, text, (*beam.tokens, token), place)


def _least_tokens(heard: Heard) -> float:
    """Return how many tokens a text must have: a shorter one leaves out too much of the sound."""
    return max(2.0, 0.6 * heard.tokens - 1)
