"""Whether somebody speaks, and when they have finished. Pure: samples in, an opinion out.

webrtcvad alone takes a fan or a mains hum, 10 dB below the voice, for speech without end (measured
in every one of its modes). So a frame counts as speech only where it is also clearly louder than
the quietest moment of the last seconds: steady noise is its own quietest moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import webrtcvad

from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.format import Pcm

FRAME_S = 0.02
FRAME_SAMPLES = int(FRAME_S * SPEECH_RATE_HZ)
"""webrtcvad takes 10, 20 or 30 ms."""

AGGRESSIVENESS = 2
"""Of webrtcvad's 0 to 3: below 2 the first 0.14 s of any recording count as speech."""

MEMORY_FRAMES = round(5.0 / FRAME_S)
"""How long the quietest moment is remembered: speech pauses for breath more often than that."""

ABOVE_NOISE_DB = 6.0
QUIETEST_DB = 20.0
"""10 units of 32768: less is silence, and no measure for anything."""

SMOOTHED = 5
"""Frames of which most must be speech: a click or a key stroke is shorter."""

LEAST_SPEECH_S = 0.1
"""The shortest "yes" has three times as much."""


_WINDOW = np.hanning(FRAME_SAMPLES)
_VOICE = slice(round(300 * FRAME_S), round(3000 * FRAME_S))


class Endpointing:
    """Listens to one recording while it grows.

    What was said at the very beginning is known for speech only once there was something quieter,
    so the opinion on the last seconds is formed anew with every block.

    Attributes:
        heard: somebody has spoken.
        silence_s: how long nobody has spoken since, or at all.
    """

    def __init__(self) -> None:
        self.heard = False
        self.silence_s = 0.0
        self._vad = webrtcvad.Vad(AGGRESSIVENESS)
        self._silent_frames = 0
        self._rest: Pcm = np.empty(0, np.int16)
        self._voiced: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._level_db: npt.NDArray[np.float64] = np.empty(0)

    def feed(self, pcm: Pcm) -> None:
        """The next samples, 16 kHz, in blocks of any size."""
        pcm = np.concatenate([self._rest, pcm])
        whole = len(pcm) - len(pcm) % FRAME_SAMPLES
        self._rest = pcm[whole:]
        if not whole:
            return
        frames = pcm[:whole].reshape(-1, FRAME_SAMPLES)
        voiced = [self._vad.is_speech(frame.tobytes(), SPEECH_RATE_HZ) for frame in frames]
        self._voiced = np.append(self._voiced, voiced)[-MEMORY_FRAMES:]
        self._level_db = np.append(self._level_db, _level_db(frames))[-MEMORY_FRAMES:]
        self._judge(len(frames))

    def _judge(self, new_frames: int) -> None:
        level_db = _smooth(self._level_db)
        quietest_db = max(level_db.min(), QUIETEST_DB)
        loud = level_db > quietest_db + ABOVE_NOISE_DB
        speech = np.flatnonzero(_smooth((self._voiced & loud).astype(float)) > 0.5)  # noqa: PLR2004
        self.heard = self.heard or len(speech) * FRAME_S >= LEAST_SPEECH_S
        silent_frames = self._silent_frames + new_frames
        if self.heard and speech.size:
            silent_frames = min(silent_frames, len(loud) - 1 - int(speech[-1]))
        self._silent_frames = silent_frames
        self.silence_s = silent_frames * FRAME_S


def _level_db(frames: Pcm) -> npt.NDArray[np.float64]:
    """The level of each frame, where voices are loud: below it there is hum, above it hiss."""
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)[:, _VOICE]
    power = np.sum(np.abs(spectrum) ** 2, axis=1) / (FRAME_SAMPLES * np.sum(_WINDOW**2) / 2)
    level_db: npt.NDArray[np.float64] = 10.0 * np.log10(np.maximum(power, 1.0))
    return level_db


def _smooth(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Each with its neighbours; the ends count as often as there are neighbours missing."""
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")
