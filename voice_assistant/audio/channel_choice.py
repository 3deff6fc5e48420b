"""Makes mono sound of several channels, with the voice in it. Pure: blocks in, samples out.

The mean of all channels is right if every channel has the voice alike. Otherwise the mean does
harm: a voice on one channel of eight loses 18 dB, sound on the other channels drowns the voice, and
a channel that is wired the other way round cancels it.

A voice differs from music and hum by its pauses: once a second it is much quieter for a moment. So
its level rises and falls all the time; music that begins rises once, however softly it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.audio.format import to_pcm

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.format import Pcm

    Rows = npt.NDArray[np.float32]  # a row per channel, shape (channels, n); mono sound: (n,)

STEP_S = 0.02
RECENT_STEPS = round(1.0 / STEP_S)
"""The quietest of this many steps is a channel's noise: speech has a gap in each second."""
REMEMBERED_S = 3.0
"""After this many seconds, a sound counts for a third of its first weight."""

NOISE_DB = 6.0
"""The loudest and the quietest step of noise differ by at most about this much."""
MOST_DB = 15.0
"""The most that one step counts: a loud beginning, as in music, is no clearer a voice."""
STEADY_DB = 1.0
"""A step as loud as the one before, within this, tells no beginning: music and hum go on."""
LEAST_EVIDENCE = 0.2  # seconds times dB
"""One step of a voice that is 16 dB above the noise."""
CLEARLY = 2.0
"""Another channel is better if it has this many times the evidence, or power, of the one in use."""
BROKEN_POWER = 4.0
"""Samples from -1.0 to 1.0 cannot have this power: the block is broken, as with NaN."""
LEAST_POWER = 1e-9
"""The power of a difference of one unit in 32768. A channel with less is off."""
OFF_DB = -90.0
"""The level of this power."""

ALIKE, UNLIKE = 0.7, 0.45
"""Limits for the power of the mean, divided by the power of the loudest channel: 1 if all channels
are the same, 0.25 if one of two is silent, 0 if the two are opposite."""


class ChannelChoice:
    """Makes one channel of several: their mean while they are alike, else the one with the voice.

    The channel in use stays until another one is clearly better; the change fades over one step.

    Args:
        rate_hz: samples per second of each channel.
    """

    def __init__(self, rate_hz: int) -> None:
        self._step = max(2, round(rate_hz * STEP_S))
        self._chosen: int | None = None  # None: the mean
        self._alike = True
        self._levels_db: npt.NDArray[np.float64] = np.empty((0, 0))  # of the last steps
        self._at = 0  # the oldest of them
        self._rises: npt.NDArray[np.float64] = np.empty(0)  # seconds times dB
        self._falls: npt.NDArray[np.float64] = np.empty(0)
        self._power: npt.NDArray[np.float64] = np.empty(0)
        self._power_of_mean = 0.0

    def feed(self, samples: npt.NDArray[np.floating[Any]]) -> Pcm:
        """Return the next samples as mono.

        Args:
            samples: from -1.0 to 1.0, shape (n, channels) or (n,); a broken file may hold any.
        """
        if samples.ndim == 1 or samples.shape[1] == 1:
            return to_pcm(samples)
        rows = np.ascontiguousarray(samples.T, np.float32)
        channels, count = rows.shape
        if channels != len(self._power):
            self._begin(channels)
        if count <= self._step * 3 // 2:
            return to_pcm(self._mixed(rows))
        starts = range(0, count, self._step)
        return to_pcm(np.concatenate([self._mixed(rows[:, s : s + self._step]) for s in starts]))

    def peek(self, samples: npt.NDArray[np.floating[Any]]) -> Pcm:
        """Return samples as mono with the present choice, and do not change the choice."""
        return to_pcm(_of(samples.T, self._chosen))

    def _begin(self, channels: int) -> None:
        self._levels_db = np.full((RECENT_STEPS, channels), OFF_DB)
        self._rises, self._falls = np.zeros(channels), np.zeros(channels)
        self._power = np.zeros(channels)
        self._power_of_mean = 0.0
        self._chosen, self._alike = None, True

    def _mixed(self, rows: Rows) -> Rows:
        before = self._chosen
        # The differences of samples hold no constant offset, little hum, and much of a voice.
        with np.errstate(invalid="ignore", over="ignore"):  # a broken file
            change = rows[:, 1:] - rows[:, :-1]
            power = np.einsum("ij,ij->i", change, change) / max(1, change.shape[1])
        loudest = float(power.max())
        if not loudest < BROKEN_POWER:
            rows = np.nan_to_num(np.clip(rows, -8.0, 8.0))
        elif loudest > LEAST_POWER:
            self._judge(change, power.astype(np.float64))
        if self._chosen == before:
            return _of(rows, before)
        fade = np.linspace(0.0, 1.0, rows.shape[1], endpoint=False, dtype=np.float32)
        old, new = _of(rows, before), _of(rows, self._chosen)
        return old + fade * (new - old)

    def _judge(self, change: Rows, power: npt.NDArray[np.float64]) -> None:
        """Learn from one step: the differences of its samples, and the power of each channel."""
        mean = _of(change, None)
        lasting = 1.0 - change.shape[1] / self._step * STEP_S / REMEMBERED_S
        self._power = lasting * self._power + power
        self._power_of_mean = lasting * self._power_of_mean + float(mean @ mean) / len(mean)
        self._weigh(power, lasting)
        alike = self._power_of_mean / self._power.max()
        self._alike = alike > (UNLIKE if self._alike else ALIKE)
        self._chosen = None if self._alike else self._best()

    def _weigh(self, power: npt.NDArray[np.float64], lasting: float) -> None:
        """Add the evidence of this step for a voice on each channel."""
        level_db = 10.0 * np.log10(np.maximum(power, LEAST_POWER))
        recent_db = self._levels_db
        steady = np.abs(level_db - recent_db[self._at - 1]) < STEADY_DB
        recent_db[self._at] = level_db
        self._at = (self._at + 1) % RECENT_STEPS
        quietest_db = recent_db.min(axis=0, where=recent_db > OFF_DB, initial=np.inf)
        rise_db = level_db - quietest_db
        fall_db = recent_db.max(axis=0) - level_db
        self._rises = lasting * self._rises + np.where(steady, 0.0, _counted(rise_db))
        self._falls = lasting * self._falls + _counted(fall_db)

    def _best(self) -> int:
        """Return the channel with the clearest voice, or the loudest until somebody speaks."""
        both = np.minimum(self._rises, self._falls)
        told_by = next((e for e in (both, self._rises) if e.max() >= LEAST_EVIDENCE), self._power)
        best, chosen = int(told_by.argmax()), self._chosen
        return best if chosen is None or told_by[best] > CLEARLY * told_by[chosen] else chosen


def _counted(change_db: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return what one step's distance from the quietest, or loudest, recent one counts."""
    return np.clip(change_db - NOISE_DB, 0.0, MOST_DB) * STEP_S


def _of(rows: Rows, chosen: int | None) -> Rows:
    """Return one channel, or their mean."""
    mono: Rows = rows[chosen] if chosen is not None else np.add.reduce(rows) / len(rows)
    return mono
