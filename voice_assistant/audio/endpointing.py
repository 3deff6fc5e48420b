"""Whether somebody speaks, and when they have finished. Pure: samples in, an opinion out.

webrtcvad alone takes a fan or a mains hum, 10 dB below the voice, for speech without end (measured
in every one of its modes). So a frame counts as speech only where it is also clearly louder than
the quietest moment of the last seconds: steady noise is its own quietest moment. Nor does it tell
whose voice it is: what is much quieter than the loudest that was said comes from the television.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.voice_activity import detector

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.echo import BandStop
    from voice_assistant.audio.format import Pcm
    from voice_assistant.audio.voice_activity import VoiceActivity

FRAME_S = 0.02
FRAME_SAMPLES = int(FRAME_S * SPEECH_RATE_HZ)
"""webrtcvad takes 10, 20 or 30 ms."""

FRAMES_AT_ONCE = 25

MEMORY_FRAMES = round(5.0 / FRAME_S)
"""How long the quietest moment is remembered: speech pauses for breath more often than that."""

ABOVE_NOISE_DB = 5.0
QUIETEST_DB = 20.0
"""10 units of 32768: less is no sound, as some devices begin with, and no measure for anything."""
QUIET_SHARE = 0.1
"""So much of the time is quiet: more than the moment in which a device is faded in."""

SMOOTHED = 5
"""Frames of which most must be speech: a click or a key stroke is shorter."""

BELOW_VOICE_DB = 16.0
"""So much quieter than the loudest part of the speech may the rest of it be."""
LOUDEST_SHARE = 0.2
"""So much of the speech is its loudest part: more than a cough."""

LEAST_SPEECH_S = 0.1
"""The shortest "yes" has three times as much."""


_WINDOW = np.hanning(FRAME_SAMPLES)
_VOICE = slice(round(300 * FRAME_S), round(3000 * FRAME_S))


class Endpointing:
    """Finds the speech in one recording while it grows.

    Speech shows only beside what is none: the opinion on the last seconds is formed again with
    every block, and final only for what is older.

    Args:
        vad: which frames hold a voice; webrtcvad where nothing is said.
        without: takes out what the assistant itself plays; None where that is nothing.

    Attributes:
        speech_detected: somebody has spoken.
        speech_s: seconds of speech so far.
        silence_s: how long nobody has spoken since, or at all.
    """

    def __init__(self, vad: VoiceActivity | None = None, without: BandStop | None = None) -> None:
        self.speech_detected = False
        self.speech_s = 0.0
        self.silence_s = 0.0
        self._vad = vad or detector("webrtc")()
        self._without = without
        self._rest: Pcm = np.empty(0, np.int16)
        # The last seconds, frame by frame.
        self._voiced: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._level_db: npt.NDArray[np.float64] = np.empty(0)
        self._speech: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        # What was before them: how many frames were speech, and how many came since the last.
        self._spoken = 0
        self._silent = 0
        self._voice_db = 0.0  # how loud the loudest part of the speech was

    def feed(self, pcm: Pcm) -> None:
        """The next samples, 16 kHz, in blocks of any size."""
        if self._without:
            pcm = self._without.feed(pcm)
        pcm = np.concatenate([self._rest, pcm])
        whole = len(pcm) - len(pcm) % FRAME_SAMPLES
        self._rest = pcm[whole:]
        frames = pcm[:whole].reshape(-1, FRAME_SAMPLES)
        for start in range(0, len(frames), FRAMES_AT_ONCE):
            self._take(frames[start : start + FRAMES_AT_ONCE])

    def _take(self, frames: Pcm) -> None:
        voiced = [self._vad.is_speech(frame.tobytes(), SPEECH_RATE_HZ) for frame in frames]
        self._voiced = np.append(self._voiced, voiced)
        self._level_db = np.append(self._level_db, _level_db(frames))
        self._finalise(max(0, len(self._voiced) - MEMORY_FRAMES))
        self._judge()

    def _finalise(self, count: int) -> None:
        """Keep the last opinion on the `count` oldest frames for good."""
        gone = self._speech[:count]
        self._spoken += int(np.count_nonzero(gone))
        self._silent = _since_last(gone, self._silent)
        self._voiced, self._level_db = self._voiced[count:], self._level_db[count:]

    def _judge(self) -> None:
        level_db = np.minimum(_smooth(self._level_db), _typical(self._level_db))
        # Devices begin with zeros: they are no measure for anything.
        sound = _smooth((self._level_db > QUIETEST_DB).astype(float)) > 0.99  # noqa: PLR2004
        measured_db = np.sort(level_db[sound])
        noise_db = measured_db[int(len(measured_db) * QUIET_SHARE)] if sound.any() else QUIETEST_DB
        loud = level_db > max(noise_db, QUIETEST_DB) + ABOVE_NOISE_DB
        self._speech = _smooth((self._voiced & loud).astype(float)) > 0.5  # noqa: PLR2004
        spoken_db = np.sort(level_db[self._speech])
        if len(spoken_db) * FRAME_S >= LEAST_SPEECH_S:
            loudest_db = float(spoken_db[-1 - int(len(spoken_db) * LOUDEST_SHARE)])
            self._voice_db = max(self._voice_db, loudest_db)
        self._speech &= level_db > self._voice_db - BELOW_VOICE_DB
        self.speech_s = (self._spoken + int(np.count_nonzero(self._speech))) * FRAME_S
        self.speech_detected = self.speech_s >= LEAST_SPEECH_S
        self.silence_s = _since_last(self._speech, self._silent) * FRAME_S


def _since_last(speech: npt.NDArray[np.bool_], before: int) -> int:
    """How many frames came after the last speech; `before` of them, before these."""
    spoken = np.flatnonzero(speech)
    return len(speech) - 1 - int(spoken[-1]) if spoken.size else before + len(speech)


def _level_db(frames: Pcm) -> npt.NDArray[np.float64]:
    """The level of each frame, where voices are loud: below it there is hum, above it hiss."""
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)[:, _VOICE]
    power = np.sum(np.abs(spectrum) ** 2, axis=1) / (FRAME_SAMPLES * np.sum(_WINDOW**2) / 2)
    level_db: npt.NDArray[np.float64] = 10.0 * np.log10(np.maximum(power, 1.0))
    return level_db


def _typical(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The middle one of each with its neighbours, to which a click makes no difference."""
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    beside = sliding_window_view(padded, SMOOTHED)
    typical: npt.NDArray[np.float64] = np.sort(beside)[:, SMOOTHED // 2]  # cheaper than np.median
    return typical


def _smooth(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Each with its neighbours; the ends count as often as there are neighbours missing."""
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")
