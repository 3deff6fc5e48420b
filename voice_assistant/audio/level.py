"""Measures how loud a block of samples is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

FLOOR_DBFS = -96.0
"""The level of silence: the smallest sound that 16 bits can hold."""

QUIETEST_DBFS = -60.0
"""The level at which meters begin: below that of a quiet room."""


def rms_dbfs(pcm: Pcm) -> float:
    """Return the loudness of a block of any length: 0 is full scale, `FLOOR_DBFS` silence."""
    if not pcm.any():
        return FLOOR_DBFS
    samples = pcm.astype(np.float64)  # int16 has no room for squares
    rms = math.sqrt(float(np.mean(samples**2)))
    return max(FLOOR_DBFS, 20.0 * math.log10(rms / 32768.0))


def meter(level_dbfs: float, full: str, empty: str = "", width: int = 20) -> str:
    """Return a level as a bar: empty at `QUIETEST_DBFS`, full at 0."""
    share = min(max(1.0 - level_dbfs / QUIETEST_DBFS, 0.0), 1.0)
    filled = round(share * width)
    return full * filled + empty * (width - filled)
