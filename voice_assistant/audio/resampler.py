"""Changes the rate of a stream of samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from voice_assistant.audio.format import to_pcm

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm


class Resampler:
    """Changes the rate of a stream that comes in blocks, with the same result as in one piece.

    About 20 ms are held back until more samples come or the stream is finished.

    Args:
        from_hz: the rate of the input.
        to_hz: the rate of the output; the same rate changes nothing.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        # Floats inside: with int16 soxr adds dither, and silence would no longer be silent.
        self._stream = (
            None
            if from_hz == to_hz
            else soxr.ResampleStream(from_hz, to_hz, num_channels=1, dtype="float32")
        )

    def feed(self, pcm: Pcm) -> Pcm:
        """Take the next block; return the samples that became ready: often fewer, or none."""
        return self._resample(pcm, last=False)

    def finish(self) -> Pcm:
        """Return the samples that were held back. The resampler cannot be used afterwards."""
        return self._resample(np.empty(0, np.int16), last=True)

    def _resample(self, pcm: Pcm, *, last: bool) -> Pcm:
        if self._stream is None:
            return pcm
        samples = pcm.astype(np.float32) / np.float32(32768.0)
        return to_pcm(self._stream.resample_chunk(samples, last=last))
