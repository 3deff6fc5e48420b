"""What is to be heard: between the program, which writes, and the device, which takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.resampler import Resampler

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.format import Pcm

CAPACITY_S = 5.0
"""Seconds that a buffer holds."""
ALIVE_S = 0.1
"""A device that plays was seen to within this time."""
FULL_SCALE = 32768
"""Of 16-bit samples."""


class ToRate:
    """Samples of changing rates in, of one rate out.

    Args:
        rate_hz: the rate of what comes out.
    """

    def __init__(self, rate_hz: int) -> None:
        self._to_hz = self._from_hz = rate_hz
        self._resampler = Resampler(rate_hz, rate_hz)

    def feed(self, pcm: Pcm, rate_hz: int) -> Pcm:
        """The next samples in, what became ready out."""
        if rate_hz == self._from_hz:
            return self._resampler.feed(pcm)
        rest = self.finish(rate_hz)
        return np.concatenate([rest, self._resampler.feed(pcm)])

    def finish(self, next_hz: int | None = None) -> Pcm:
        """What was held back. Something new may follow, at `next_hz` where that is known."""
        rest = self._resampler.finish()
        self._from_hz = next_hz or self._from_hz
        self._resampler = Resampler(self._from_hz, self._to_hz)
        return rest


class PlaybackBuffer:
    """A ring of samples at the device's rate, and how much of it has been heard.

    What was taken stays until it is overwritten: what a lost device had taken and not yet sounded
    can be moved to another one. All times are of one clock.

    Args:
        rate_hz: the device's rate.
        capacity_s: seconds that can be held.
    """

    def __init__(self, rate_hz: int, capacity_s: float = CAPACITY_S) -> None:
        self.rate_hz = rate_hz
        self.capacity_s = capacity_s
        self.alive_at_s = 0.0
        """When the device was last seen to play."""
        self.volume = 1.0
        """What each sample is multiplied by when it is taken."""
        self._ring = np.zeros(int(rate_hz * capacity_s), np.int16)
        self._written = 0
        self._taken = 0
        self._taken_heard_at_s = 0.0
        self._to_rate = ToRate(rate_hz)
        self._played_before_s = 0.0  # by the device this was moved from

    @property
    def buffered_s(self) -> float:
        """Seconds that the device has not yet taken."""
        return (self._written - self._taken) / self.rate_hz

    def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Append samples; their rate may be another one each time.

        Raises:
            BufferError: there is no room for them; nothing was lost of what was there.
        """
        self._append(self._to_rate.feed(pcm, rate_hz))

    def end(self) -> None:
        """Append what is held back until more comes: nothing follows that belongs to it."""
        self._append(self._to_rate.finish())

    def take(self, count: int, earliest_s: float, latest_s: float) -> npt.NDArray[np.float32]:
        """The next samples, for the device: as many of `count` as there are.

        They are heard behind those before. Where that cannot be, for the device was silent
        meanwhile, the latest is assumed: better to say a syllable twice than not at all.

        Args:
            count: how many are wanted.
            earliest_s: before that the device cannot sound the first of them.
            latest_s: by then it does, unless it takes faster than it sounds.

        Returns:
            Samples from -1.0 to 1.0, shape (n,); more where the volume is above 1.0.
        """
        count = max(0, min(count, self._written - self._taken))
        if count:
            if self._taken_heard_at_s < earliest_s:
                self._taken_heard_at_s = latest_s
            self._taken += count
            self._taken_heard_at_s += count / self.rate_hz
        return self.again(count)

    def again(self, count: int) -> npt.NDArray[np.float32]:
        """The last `count` samples that were taken, once more; as loud as is wanted by now."""
        pcm = self._between(self._taken - count, self._taken)
        return pcm * np.float32(self.volume / FULL_SCALE)

    def on_its_way_s(self, now_s: float) -> float:
        """Seconds until all that was taken is heard."""
        return max(0.0, self._taken_heard_at_s - now_s)

    def played_s(self, now_s: float) -> float:
        """Seconds of what was written that have been heard."""
        return self._played_before_s + self._heard(now_s) / self.rate_hz

    def unplayed_s(self, now_s: float) -> float:
        """Seconds of what was written that have not been heard."""
        return (self._written - self._heard(now_s)) / self.rate_hz

    def moved_to(self, rate_hz: int, now_s: float) -> PlaybackBuffer:
        """A buffer for another device, which goes on with the first sample that was not heard."""
        self.end()
        heard = max(self._heard(now_s), self._written - len(self._ring))
        moved = PlaybackBuffer(rate_hz, self.capacity_s)
        moved.write(self._between(heard, self._written), self.rate_hz)
        moved.end()
        moved.volume = self.volume
        moved._played_before_s = self.played_s(now_s)
        return moved

    def _heard(self, now_s: float) -> int:
        # A device that plays no more does not sound what it has taken either.
        now_s = min(now_s, self.alive_at_s + ALIVE_S)
        return max(0, self._taken - round(self.on_its_way_s(now_s) * self.rate_hz))

    def _between(self, first: int, end: int) -> Pcm:
        """Samples by their number since the beginning.

        In slices: every operation on a long array gives the interpreter's lock away, and beside
        busy threads waits 10 ms until it has it again.
        """
        at = first % len(self._ring)
        pcm = self._ring[at : at + end - first]
        rest = self._ring[: end - first - len(pcm)]
        return np.concatenate([pcm, rest]) if len(rest) else pcm

    def _append(self, pcm: Pcm) -> None:
        if len(pcm) > len(self._ring) - (self._written - self._taken):
            raise BufferError("more was written than can be held")
        at = self._written % len(self._ring)
        first = pcm[: len(self._ring) - at]
        self._ring[at : at + len(first)] = first
        self._ring[: len(pcm) - len(first)] = pcm[len(first) :]
        self._written += len(pcm)
