"""Detects whether a person speaks, and when the speech has ended. Pure: samples in, times out.

webrtcvad alone takes a fan or a mains hum, 10 dB below the voice, for speech without end (measured
in every one of its modes). So a frame counts as speech only where it is also clearly louder than
the quietest moment of the last seconds: steady noise is its own quietest moment. webrtcvad does not
tell voices apart either: speech that is much quieter than the loudest speech counts as television.
Nor does it tell a voice from a bell or a chord: where one of those may be what the speech is
compared with, Silero's network is asked which it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.voice_activity import detector, second_opinion

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.echo import BandStop
    from voice_assistant.audio.format import Pcm
    from voice_assistant.audio.voice_activity import VoiceActivity

FRAME_S = 0.02
FRAME_SAMPLES = int(FRAME_S * SPEECH_RATE_HZ)
"""Samples of a frame; webrtcvad takes 10, 20 or 30 ms."""

FRAMES_AT_ONCE = 25

PORTION_SAMPLES = 10 * SPEECH_RATE_HZ
"""Samples that are filtered at once: as floats they take four times their room."""

MEMORY_FRAMES = round(5.0 / FRAME_S)
"""Frames for which the quietest moment is remembered: speakers pause for breath more often."""

ABOVE_NOISE_DB = 5.0
FULL_SCALE_DB = 90.3
QUIETEST_DB = 20.0
"""10 units of 32768: quieter frames are not measured; some devices begin with them."""
QUIET_SHARE = 0.1
"""The share of frames that count as quiet: longer than the moment in which a device fades in."""

SMOOTHED = 5
"""Frames in a row of which most must be speech: a click or a key stroke is shorter."""

BELOW_VOICE_DB = 16.0
"""How much quieter than its loudest part speech may be."""
LOUDEST_SHARE = 0.2
"""The share of the speech that is its loudest part: longer than a cough."""

DOUBTFUL_S = 0.2
"""Seconds of speech, quieter than that and behind the last of it, for which a loud noise may be the
reason. Twice as many after each question about that: an answer takes up to 0.2 s of CPU."""

LEAST_SPEECH_S = 0.1
"""Seconds of speech that count as speech: the shortest "yes" has three times as much."""


_WINDOW = np.hanning(FRAME_SAMPLES)
_VOICE = slice(round(300 * FRAME_S), round(3000 * FRAME_S))


class Endpointing:
    """Finds the speech in one recording while it grows.

    Speech is found by comparing it with the sound around it. So the last seconds are judged again
    with every block; the result is final only for older frames.

    Args:
        vad: decides which frames hold a voice; by default webrtcvad.
        without: removes the assistant's own sounds; None if the assistant plays none.

    Attributes:
        speech_detected: whether a person has spoken.
        speech_s: seconds of speech so far.
        silence_s: seconds since the last speech, or since the begin if there was none.
        voice_dbfs: the level of the speech's loudest part; None while nobody has spoken.
    """

    def __init__(self, vad: VoiceActivity | None = None, without: BandStop | None = None) -> None:
        self.speech_detected = False
        self.speech_s = 0.0
        self.silence_s = 0.0
        self.voice_dbfs: float | None = None
        self._vad = vad or detector("webrtc")()
        self._without = without
        self._rest: Pcm = np.empty(0, np.int16)
        # The last seconds, frame by frame.
        self._voiced: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._level_db: npt.NDArray[np.float64] = np.empty(0)
        self._speech: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._frames: Pcm = np.empty((0, FRAME_SAMPLES), np.int16)
        # The frames before: how many were speech, and how many came since the last speech.
        self._begun = False  # whether they were more than zeros
        self._spoken = 0
        self._silent = 0
        self._voice_db = 0.0  # how loud the loudest part of the speech was
        self._certain_db = 0.0  # up to this level, that part is known to be a voice
        self._doubtful_s = DOUBTFUL_S

    def feed(self, pcm: Pcm) -> None:
        """Take the next samples, 16 kHz, in blocks of any size, also hours at once."""
        for start in range(0, len(pcm), PORTION_SAMPLES):
            self._feed(pcm[start : start + PORTION_SAMPLES])

    def _feed(self, pcm: Pcm) -> None:
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
        self._level_db = np.append(self._level_db, voice_level_db(frames))
        self._frames = np.concatenate([self._frames, frames])
        self._finalise(max(0, len(self._voiced) - MEMORY_FRAMES))
        self._judge()

    def _finalise(self, count: int) -> None:
        """Make the result for the `count` oldest frames final."""
        gone = self._speech[:count]
        self._spoken += int(np.count_nonzero(gone))
        self._silent = _since_last(gone, self._silent)
        self._begun |= bool((self._level_db[:count] > QUIETEST_DB).any())
        self._voiced, self._level_db = self._voiced[count:], self._level_db[count:]
        self._frames = self._frames[count:]

    def _judge(self) -> None:
        level_db = np.minimum(_smooth(self._level_db), _typical(self._level_db))
        # Devices begin with zeros, which must not count as the quietest moment. Later zeros do: a
        # microphone that is silent between words has no other one.
        sound = _smooth((self._level_db > QUIETEST_DB).astype(float)) > 0.99  # noqa: PLR2004
        sound |= self._begun | np.logical_or.accumulate(sound)
        measured_db = np.sort(level_db[sound])
        noise_db = measured_db[int(len(measured_db) * QUIET_SHARE)] if sound.any() else QUIETEST_DB
        loud = level_db > max(noise_db, QUIETEST_DB) + ABOVE_NOISE_DB
        spoken = self._compare(level_db, loud)
        if self._may_be_a_noise(spoken) and self._drop_noise(level_db, spoken):
            self._compare(level_db, loud)
        self.speech_s = (self._spoken + int(np.count_nonzero(self._speech))) * FRAME_S
        self.speech_detected = self.speech_s >= LEAST_SPEECH_S
        self.silence_s = _since_last(self._speech, self._silent) * FRAME_S
        self.voice_dbfs = self._voice_db - FULL_SCALE_DB if self.speech_detected else None

    def _compare(
        self, level_db: npt.NDArray[np.float64], loud: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Find the speech: what may be a voice and is not much softer than the loudest part of it.

        Returns:
            Which frames may be a voice.
        """
        spoken = _smooth((self._voiced & loud).astype(float)) > 0.5  # noqa: PLR2004
        self._voice_db = max(self._voice_db, _loudest(level_db[spoken]))
        self._speech = spoken & (level_db > self._voice_db - BELOW_VOICE_DB)
        return spoken

    def _may_be_a_noise(self, spoken: npt.NDArray[np.bool_]) -> bool:
        """Return whether the loudest part of the speech may be none: somebody goes on, softer."""
        if self._spoken or self._voice_db <= self._certain_db:
            return False
        since = _since_last(self._speech, 0)
        softer = np.count_nonzero(spoken[len(spoken) - since :])
        return bool(softer * FRAME_S >= self._doubtful_s)

    def _drop_noise(self, level_db: npt.NDArray[np.float64], spoken: npt.NDArray[np.bool_]) -> bool:
        """Let nothing count as speech that is louder than the voice, and none itself."""
        self._doubtful_s *= 2
        opinion = second_opinion()
        if opinion is None:
            return False
        sure = [opinion.is_speech(frame.tobytes(), SPEECH_RATE_HZ) for frame in self._frames]
        voice_db = _loudest(level_db[spoken & sure])
        self._certain_db = min(voice_db, self._voice_db)
        if not 0.0 < voice_db < self._voice_db:
            return False
        self._voiced &= np.array(sure) | (level_db <= voice_db)
        self._voice_db = voice_db
        return True


def _loudest(speech_db: npt.NDArray[np.float64]) -> float:
    """Return the level of the loudest part of speech; 0.0 if there is too little of it."""
    if len(speech_db) * FRAME_S < LEAST_SPEECH_S:
        return 0.0
    return float(np.sort(speech_db)[-1 - int(len(speech_db) * LOUDEST_SHARE)])


def _since_last(speech: npt.NDArray[np.bool_], before: int) -> int:
    """Return how many frames came after the last speech; `before` of them came before these."""
    spoken = np.flatnonzero(speech)
    return len(speech) - 1 - int(spoken[-1]) if spoken.size else before + len(speech)


def voice_level_db(frames: Pcm) -> npt.NDArray[np.float64]:
    """Return the level of each frame in the band of voices: hum lies below it, hiss above."""
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)[:, _VOICE]
    power = np.sum(np.abs(spectrum) ** 2, axis=1) / (FRAME_SAMPLES * np.sum(_WINDOW**2) / 2)
    level_db: npt.NDArray[np.float64] = 10.0 * np.log10(np.maximum(power, 1.0))
    return level_db


def _typical(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the median of each value and its neighbours: a click does not change it."""
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    beside = sliding_window_view(padded, SMOOTHED)
    typical: npt.NDArray[np.float64] = np.sort(beside)[:, SMOOTHED // 2]  # cheaper than np.median
    return typical


def _smooth(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean of each value and its neighbours; end values replace missing neighbours."""
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")
