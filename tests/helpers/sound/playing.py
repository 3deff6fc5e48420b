"""A second of speech for the speaker, and whether it was heard."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from bench import contains, flite, load
from fakes import until

RATE_HZ = 24_000  # what most voices have


@pytest.fixture
def speech():
    """Return a second of speech without silence at its ends, at 16 kHz."""
    pcm = load(flite("What time is it now?"))
    loud = np.flatnonzero(np.abs(pcm) > 500)
    return pcm[loud[0] : loud[-1]]


def at(rate_hz, pcm):
    """Return the sound at another rate than 16 kHz."""
    return soxr.resample(pcm, 16_000, rate_hz)


async def say(playback, pcm, rate_hz=RATE_HZ, block_s=0.1):
    """Write the sound block by block, as it comes from a decoder."""
    pcm = at(rate_hz, pcm)
    for start in range(0, len(pcm), int(rate_hz * block_s)):
        await playback.write(pcm[start : start + int(rate_hz * block_s)], rate_hz)


async def play(speaker, pcm):
    """Return a playback to which the whole sound was written."""
    playback = speaker.play()
    await say(playback, pcm)
    return playback


async def until_heard(playback, seconds):
    await until(lambda: playback.played_s >= seconds)


def heard(capture, *parts):
    return all(contains(capture.pcm, part, at_least=0.97, share=1.0) for part in parts)


def heard_whole(capture, speech):
    """Return whether the first and last syllables were heard, and all between."""
    ends = (speech[:1600], speech[-1600:])
    return heard(capture, speech) and all(
        contains(capture.pcm, end, at_least=0.9, share=1.0, piece_s=0.1) for end in ends
    )
