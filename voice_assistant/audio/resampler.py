"""From one rate to another, in a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from voice_assistant.audio.format import to_pcm

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm


class Resampler:
    """Changes the rate of a stream that comes in blocks, as if it had come whole.

    It holds back about 20 ms until more comes or the stream is finished.

    Args:
        from_hz: the rate of what is fed.
        to_hz: the rate of what comes out; the same rate passes everything through.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        # Floats inside: with int16 soxr dithers, and silence would be silence no more.
        self._stream = (
            None
            if from_hz == to_hz
            else soxr.ResampleStream(from_hz, to_hz, num_channels=1, dtype="float32")
        )

    def feed(self, pcm: Pcm) -> Pcm:
        """The next block in, what became ready out: often fewer samples, sometimes none."""
        return self._resample(pcm, last=False)

    def finish(self) -> Pcm:
        """What was held back. The resampler is of no use afterwards."""
        return self._resample(np.empty(0, np.int16), last=True)

    def _resample(self, pcm: Pcm, *, last: bool) -> Pcm:
        if self._stream is None:
            return pcm
        samples = pcm.astype(np.float32) / np.float32(32768.0)
        return to_pcm(self._stream.resample_chunk(samples, last=last))
