"""The sentences that a plan requests, and sound for it."""

from __future__ import annotations

import numpy as np

from voice_assistant.audio.codec.decoder import Decoded


def named(plan):
    """Return the sentences that the plan requests now."""
    words = []
    while (sentence := plan.next_sentence()) is not None:
        words.append(sentence)
    return words


def sound(seconds, file=0):
    """Return sound of two sentences of one length, each with a pause behind it."""
    pcm = np.full(round(seconds * 1000), 5000, np.int16)
    for half in np.array_split(pcm, 2):
        half[-300:] = 0
    return Decoded(pcm, 1000, file)
