"""The one form in which sound travels inside the program."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
"""Samples of one channel, shape (n,), int16."""

SPEECH_RATE_HZ = 16_000
"""The rate of recorded speech; what every recogniser expects."""
