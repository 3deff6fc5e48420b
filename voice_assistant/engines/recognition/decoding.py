"""Finds the words of a sound: those that the network hears, or a command that it heard nearly.

The network writes any sentence, and so "Said a time or" for "set a timer". Where its words are no
command, a beam search follows only those tokens that go on with a command of the grammar. The best
command is taken if the network holds it nearly as likely as its own words. Unsure words that are no
command are looked for once more, with several beginnings side by side.
"""

from __future__ import annotations

import math
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.api.models import Transcript
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.engines.recognition.beam_search import (
    BEAMS,
    FREE_BEAMS,
    Heard,
    freely,
    likelier,
    within,
    worth,
)
from voice_assistant.text.letters import letters
from voice_assistant.text.number_words import spelt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.command_grammar import Commands
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

TOKENS_PER_S = 6.5
"""The most that anybody says; a network that repeats itself ends there."""
_LEAST_TOKENS = 4

LONGEST_COMMAND_S = 10.0
"""Seconds of sound, pauses included, in which commands are looked for: nobody orders for longer."""

BEAM_S = 72.0
"""Seconds of sound for all beams of a search, each of which takes 0.6 MB a second: long speech has
fewer beams."""


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
    gap = worth(free) - worth(command)
    return gap > DESTROYING_GAP_NATS and commands.destroying.accepts(command.text)
