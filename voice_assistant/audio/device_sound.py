"""Makes speech of a device's blocks: one channel, 16 kHz. Pure: blocks in, samples out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.channel_choice import ChannelChoice
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.resampler import Resampler

if TYPE_CHECKING:
    from voice_assistant.audio.format import Mix, Pcm


class DeviceSound:
    """The sound of one device, which comes in blocks of 16-bit samples, interleaved.

    Args:
        rate_hz: samples per second of each channel.
        channels: the number of channels.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._channels = channels
        self._choice = ChannelChoice(rate_hz)
        self._resampler = Resampler(rate_hz, SPEECH_RATE_HZ)

    def feed(self, raw: bytes) -> Pcm:
        """Return the next samples at 16 kHz; the resampler holds the newest ones back."""
        return self._resampler.feed(self._mono(raw, self._choice.feed))

    def finish(self) -> Pcm:
        """Return the samples that the resampler held back; what is fed later begins anew."""
        pcm = self._resampler.finish()
        self._resampler = Resampler(self._rate_hz, SPEECH_RATE_HZ)
        return pcm

    def peek(self, raw: bytes) -> Pcm:
        """Return samples as mono at the device's rate; nothing changes by that."""
        return self._mono(raw, self._choice.peek)

    def _mono(self, raw: bytes, mix: Mix) -> Pcm:
        samples = np.frombuffer(raw, np.int16)
        if self._channels == 1:
            return samples
        return mix(samples.reshape(-1, self._channels) * np.float32(1 / 32768))
