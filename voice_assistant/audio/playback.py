"""Buffers sound between the program, which writes it, and the device, which takes it."""

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
"""Seconds in which a device must be seen to play, or it counts as silent."""
FULL_SCALE = 32768
"""The full scale of 16-bit samples."""


class ToRate:
    """Resamples samples of changing rates to one rate.

    Args:
        rate_hz: the rate of the output.
    """

    def __init__(self, rate_hz: int) -> None:
        self._to_hz = self._from_hz = rate_hz
        self._resampler = Resampler(rate_hz, rate_hz)

    def feed(self, pcm: Pcm, rate_hz: int) -> Pcm:
        """Take the next samples; return the samples that became ready."""
        if rate_hz == self._from_hz:
            return self._resampler.feed(pcm)
        rest = self.finish(rate_hz)
        return np.concatenate([rest, self._resampler.feed(pcm)])

    def finish(self, next_hz: int | None = None) -> Pcm:
        """Return the samples held back. New sound may follow, at `next_hz` if that is known."""
        rest = self._resampler.finish()
        self._from_hz = next_hz or self._from_hz
        self._resampler = Resampler(self._from_hz, self._to_hz)
        return rest


class PlaybackBuffer:
    """A ring of samples at the device's rate, and how much of it has been heard.

    Samples that were taken stay until they are overwritten: samples that a lost device had taken
    and not yet played can be moved to another device. All times are of one clock.

    Args:
        rate_hz: the device's rate.
        capacity_s: seconds that the buffer holds.
    """

    def __init__(self, rate_hz: int, capacity_s: float = CAPACITY_S) -> None:
        self.rate_hz = rate_hz
        self.capacity_s = capacity_s
        self.alive_at_s = 0.0
        """When the device was last seen to play."""
        self.volume = 1.0
        """The factor for each sample when it is taken."""
        self._ring = np.zeros(int(rate_hz * capacity_s), np.int16)
        self._written = 0
        self._taken = 0
        self._taken_heard_at_s = 0.0
        self._to_rate = ToRate(rate_hz)
        self._played_before_s = 0.0  # by the device that this buffer was moved from

    @property
    def buffered_s(self) -> float:
        """Return the seconds that the device has not yet taken."""
        return (self._written - self._taken) / self.rate_hz

    @property
    def taken(self) -> int:
        """Return the number of samples that the device has taken."""
        return self._taken

    def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Append samples; each call may have another rate.

        Raises:
            BufferError: there is no room for the samples; the buffer keeps its old samples.
        """
        self._append(self._to_rate.feed(pcm, rate_hz))

    def end(self) -> None:
        """Append the samples held back by the resampler: no more samples of this sound follow."""
        self._append(self._to_rate.finish())

    def take(self, count: int, earliest_s: float, latest_s: float) -> npt.NDArray[np.float32]:
        """Return the next samples for the device: `count`, or fewer if there are no more.

        The samples are played directly behind the earlier ones. If the device was silent meanwhile,
        the latest time is assumed: to say a syllable twice is better than to lose it.

        Args:
            count: the number of samples that the device needs.
            earliest_s: the earliest time at which the device plays the first sample.
            latest_s: the latest such time, unless the device takes faster than it plays.

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
        """Return the last `count` taken samples once more, at the present volume."""
        pcm = self._between(self._taken - count, self._taken)
        return pcm * np.float32(self.volume / FULL_SCALE)

    @property
    def heard_until_s(self) -> float:
        """Return the time at which the last taken sample has been played."""
        return self._taken_heard_at_s

    def on_its_way_s(self, now_s: float) -> float:
        """Return the seconds until all taken samples are played."""
        return max(0.0, self._taken_heard_at_s - now_s)

    def played_s(self, now_s: float) -> float:
        """Return the seconds of written sound that were played."""
        return self._played_before_s + self._heard(now_s) / self.rate_hz

    def unplayed_s(self, now_s: float) -> float:
        """Return the seconds of written sound that were not played."""
        return (self._written - self._heard(now_s)) / self.rate_hz

    def moved_to(self, rate_hz: int, now_s: float) -> PlaybackBuffer:
        """Return a buffer for another device: it goes on with the first sample not played."""
        self.end()
        heard = max(self._heard(now_s), self._written - len(self._ring))
        moved = PlaybackBuffer(rate_hz, self.capacity_s)
        moved.write(self._between(heard, self._written), self.rate_hz)
        moved.end()
        moved.volume = self.volume
        moved._played_before_s = self.played_s(now_s)
        return moved

    def _heard(self, now_s: float) -> int:
        # A device that has stopped does not play the samples that it has taken either.
        now_s = min(now_s, self.alive_at_s + ALIVE_S)
        return max(0, self._taken - round(self.on_its_way_s(now_s) * self.rate_hz))

    def _between(self, first: int, end: int) -> Pcm:
        """Return samples by their number since the beginning.

        They are copied in slices: every operation on a long array releases the interpreter's lock,
        and beside busy threads waits 10 ms until it has the lock again.
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
