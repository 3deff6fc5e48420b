"""Speech that is listened to, and not recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.live_words import LiveWords


def sounding(pcm: Pcm) -> Pcm:
    """Return speech without the silence around it."""
    loud = np.flatnonzero(np.abs(pcm) > 300)
    return pcm[loud[0] : loud[-1] + 1]


class NoRecording:
    """Takes what would be recorded."""

    seconds, voice_dbfs = 0.0, None

    def __init__(self, live: LiveWords | None) -> None:
        self._live = live

    def write(self, pcm: Pcm) -> None:
        self.seconds += len(pcm) / SPEECH_RATE_HZ
        if self._live:
            self._live.feed(pcm)

    def forget(self) -> None:
        pass
