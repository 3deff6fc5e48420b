"""How loud a block is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

FLOOR_DBFS = -96.0
"""The level of silence: what 16 bits can tell apart from nothing."""

QUIETEST_DBFS = -60.0
"""Where meters begin: less than a quiet room."""


class Level(NamedTuple):
    """The loudness of a block in dBFS: 0 is full scale, `FLOOR_DBFS` silence."""

    rms_dbfs: float
    peak_dbfs: float
    all_zeros: bool  # not even noise: a muted or missing microphone; True for an empty block too


def level(pcm: Pcm) -> Level:
    """Measure a block of any length."""
    if not pcm.any():
        return Level(FLOOR_DBFS, FLOOR_DBFS, all_zeros=True)
    samples = pcm.astype(np.float64)  # int16 has no room for squares, nor for abs(-32768)
    rms = math.sqrt(float(np.mean(samples**2)))
    return Level(_dbfs(rms), _dbfs(float(np.abs(samples).max())), all_zeros=False)


def meter(level_dbfs: float, full: str, empty: str = "", width: int = 20) -> str:
    """A level as a bar: empty at `QUIETEST_DBFS`, full at 0."""
    share = min(max(1.0 - level_dbfs / QUIETEST_DBFS, 0.0), 1.0)
    filled = round(share * width)
    return full * filled + empty * (width - filled)


def _dbfs(amplitude: float) -> float:
    return max(FLOOR_DBFS, 20.0 * math.log10(amplitude / 32768.0))
