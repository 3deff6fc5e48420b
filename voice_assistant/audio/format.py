"""The one form in which sound travels inside the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
"""Samples of one channel, shape (n,), int16."""

Mix = Callable[[npt.NDArray[np.floating[Any]]], Pcm]
"""Makes the next samples, shape (n,) or (n, channels), mono."""

_LOUDEST = 8.0  # far above the overshoot of decoders

SPEECH_RATE_HZ = 16_000
"""The rate of recorded speech; every recogniser expects it."""


def mean_mix(rate_hz: int) -> Mix:  # noqa: ARG001  (for other mixes it matters)
    """Return the mix that takes the mean of all channels."""
    return to_pcm


def to_pcm(samples: npt.NDArray[np.floating[Any]]) -> Pcm:
    """Return samples from -1.0 to 1.0, shape (n,) or (n, channels), as mono `Pcm`, clipped.

    A broken file of floats may hold any value: "not a number" becomes silence.
    """
    samples = np.clip(samples, -_LOUDEST, _LOUDEST)
    if np.isnan(samples).any():  # the check costs less than the repair
        samples = np.nan_to_num(samples)
    mono = samples.mean(axis=1) if samples.ndim > 1 else samples
    pcm: Pcm = np.clip(np.rint(mono * 32768.0), -32768, 32767).astype(np.int16)
    return pcm
