"""Makes soft speech louder: a steady gain, with a limiter. Pure: samples in and out.

The gain follows the level of the speech, which is known from its loudest part and never falls. So
noise does not swell in pauses. Speech of an ordinary level stays exactly as it is.
"""

from __future__ import annotations

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm

SOFT_DBFS = -38.0
"""Softer speech is amplified; people who speak into a microphone on their desk reach -30."""
WANTED_DBFS = -26.0
MOST_DB = 30.0
LIMIT = 29_000.0
"""The largest sample: 1 dB below full scale."""
RELEASE_S = 0.5
"""Seconds in which the limiter lets the gain come back."""
_RAMP = SPEECH_RATE_HZ // 200
"""Samples in which the gain changes: a step would click."""


class Amplifier:
    """Amplifies one recording (16 kHz)."""

    def __init__(self) -> None:
        self._gain = 1.0

    def feed(self, pcm: Pcm, voice_dbfs: float | None) -> Pcm:
        """Take the next samples, and return as many.

        Args:
            pcm: the samples.
            voice_dbfs: the level of the speech so far; None while nobody has spoken.
        """
        wanted = gain_for(voice_dbfs)
        if not len(pcm) or (wanted == self._gain == 1.0):
            return pcm
        loudest = float(np.abs(pcm.astype(np.int32)).max())
        released = self._gain + (wanted - self._gain) * min(
            1.0, len(pcm) / (RELEASE_S * SPEECH_RATE_HZ)
        )
        gain = wanted if self._gain == 1.0 else min(wanted, released)
        gain = min(gain, max(1.0, LIMIT / max(loudest, 1.0)))
        gains = np.full(len(pcm), gain)
        ramp = min(_RAMP, len(pcm))
        gains[:ramp] = np.linspace(self._gain, gain, ramp)
        self._gain = gain
        amplified = np.clip(pcm * gains, -max(LIMIT, loudest), max(LIMIT, loudest))
        louder: Pcm = np.rint(amplified).astype(np.int16)
        return louder


def gain_for(voice_dbfs: float | None) -> float:
    """Return how many times louder speech of a level becomes."""
    if voice_dbfs is None or voice_dbfs >= SOFT_DBFS:
        return 1.0
    decibels = min(WANTED_DBFS - voice_dbfs, MOST_DB)
    return float(10.0 ** (decibels / 20.0))
