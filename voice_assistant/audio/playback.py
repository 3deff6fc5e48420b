"""What is to be heard: between the program, which writes, and the device, which takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.resampler import Resampler

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

CAPACITY_S = 4.0
"""Seconds that a buffer holds."""
ALIVE_S = 0.1
"""A device that plays asks for more within this time."""


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

    One thread writes, another one (the device's) takes; neither ever waits for the other, for
    both only count upwards. What was taken stays until it is overwritten: what a lost device had
    taken and not yet sounded can be moved to another one. All times are of one clock.

    Args:
        rate_hz: the device's rate.
        capacity_s: seconds that can be held.
    """

    def __init__(self, rate_hz: int, capacity_s: float = CAPACITY_S) -> None:
        self.rate_hz = rate_hz
        self.capacity_s = capacity_s
        self.underruns = 0
        """Gaps: how often more came after the device had found nothing, or it asked too late."""
        self.asked_at_s = 0.0
        """When the device asked for sound last."""
        self.volume = 1.0
        """What each sample is multiplied by when it is taken."""
        self._ring = np.zeros(int(rate_hz * capacity_s), np.int16)
        self._written = 0
        self._taken = 0
        self._starving = False
        self._to_rate = ToRate(rate_hz)
        self._heard_before_s = 0.0  # by the device this was moved from
        # Samples taken by the device, and when the last of them is heard. Replaced as a whole.
        self._mark = (0, 0.0)

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

    def take(self, frames: Pcm, now_s: float, delay_s: float) -> None:
        """Fill the device's block, with silence where there is nothing. Never waits nor raises.

        Args:
            frames: the block to fill, shape (n, channels); each channel gets the same.
            now_s: the time.
            delay_s: seconds until the first sample of the block will be heard.
        """
        count = min(len(frames), self._written - self._taken)
        at = self._taken % len(self._ring)
        first = min(count, len(self._ring) - at)
        frames[:first] = self._ring[at : at + first, None]
        frames[first:count] = self._ring[: count - first, None]
        frames[count:] = 0
        if (volume := self.volume) != 1.0:
            frames[:count] = frames[:count] * volume
        if count:
            self.underruns += self._starving
            self._taken += count
            self._mark = (self._taken, now_s + delay_s + count / self.rate_hz)
        self._starving = self._taken > 0 and count < len(frames)
        self.asked_at_s = now_s

    def heard_s(self, now_s: float) -> float:
        """Seconds of what was written that have been heard."""
        return self._heard_before_s + self._heard(now_s) / self.rate_hz

    def unheard_s(self, now_s: float) -> float:
        """Seconds of what was written that have not been heard."""
        return (self._written - self._heard(now_s)) / self.rate_hz

    def moved_to(self, rate_hz: int, now_s: float) -> PlaybackBuffer:
        """A buffer for another device, which goes on with the first sample that was not heard."""
        self.end()
        heard = max(self._heard(now_s), self._written - len(self._ring))
        moved = PlaybackBuffer(rate_hz, self.capacity_s)
        moved.write(self._ring[np.arange(heard, self._written) % len(self._ring)], self.rate_hz)
        moved.end()
        moved.underruns = self.underruns
        moved.volume = self.volume
        moved._heard_before_s = self.heard_s(now_s)
        return moved

    def _heard(self, now_s: float) -> int:
        taken, heard_at_s = self._mark
        # A device that does not ask any more does not sound what it has taken either.
        now_s = min(now_s, self.asked_at_s + ALIVE_S)
        return max(0, taken - max(0, round((heard_at_s - now_s) * self.rate_hz)))

    def _append(self, pcm: Pcm) -> None:
        if len(pcm) > len(self._ring) - (self._written - self._taken):
            raise BufferError("more was written than can be held")
        at = self._written % len(self._ring)
        first = min(len(pcm), len(self._ring) - at)
        self._ring[at : at + first] = pcm[:first]
        self._ring[: len(pcm) - first] = pcm[first:]
        self._written += len(pcm)  # only now: the device's thread looks at this alone
