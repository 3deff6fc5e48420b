"""Finds a person who speaks while the assistant does. Pure: two sounds in, a voice out.

An echo canceller removes the assistant's own voice; what stays is a person's voice if it is clearly
louder than the rest of the echo in the last seconds, and most of it is voiced. The canceller also
damages a voice during the answer: this is good for noticing somebody, not for all of the words.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm, to_pcm
from voice_assistant.audio.voice_activity import detector
from voice_assistant.errors import ConfigError
from voice_assistant.translation import _

if TYPE_CHECKING:
    import numpy.typing as npt

    from voice_assistant.audio.voice_activity import VoiceActivity

FRAME = SPEECH_RATE_HZ // 100
"""Samples of a frame of 10 ms: cancellers take these."""

LEARNED_FRAMES = 100
"""Frames after which the rest of the echo is known: the canceller needs as long to adapt."""
MEMORY_FRAMES = 300
REST_SHARE = 0.7
"""The share of the last 3 s that is quieter than the level which counts as the rest of the echo."""
ABOVE_REST_DB = 9.0
LEAST_DB = -55.0
"""dBFS: what is quieter is nobody who speaks to the assistant."""
LEARNS_UP_TO_DB = 15.0
"""A frame counts as at most this much above the rest of the echo: a person does not become echo."""

LOOKED_AT = 30
LEAST_VOICED = 8
"""Of the last 30 frames (0.3 s) so many must be a person's: cancellers cut holes into a voice."""


class EchoCanceller(Protocol):
    """Removes what the loudspeaker plays from what the microphone hears."""

    def process(
        self, near: npt.NDArray[np.float32], far: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Return a frame of the microphone's sound without the loudspeaker's."""
        ...


def webrtc_canceller() -> EchoCanceller:
    """Return WebRTC's canceller (AEC3), which finds delays up to 0.2 s by itself.

    Raises:
        ConfigError: its package is not installed.
    """
    try:
        from pywebrtc_audio import AudioProcessor  # noqa: PLC0415  (only where it is wanted)
    except ImportError as error:
        raise ConfigError(
            _('hands_free.barge_in is "loudspeaker" and its package is not installed'),
            _('Install it with `pip install pywebrtc-audio`, or set it to "headphones" or "off".'),
        ) from error
    canceller: EchoCanceller = AudioProcessor(sample_rate=SPEECH_RATE_HZ, echo_cancellation=True)
    return canceller


class TalkOver:
    """Finds the voice of a person in the microphone's sound, while the loudspeaker plays.

    Args:
        canceller: removes the loudspeaker's sound; None where the microphone does not hear it.
        vad: decides which frames hold a voice; by default webrtcvad.

    Attributes:
        user_speaks: whether a person has spoken in the last 0.3 s.
    """

    def __init__(self, canceller: EchoCanceller | None, vad: VoiceActivity | None = None) -> None:
        self.user_speaks = False
        self._canceller = canceller
        self._vad = vad or detector("webrtc")()
        self._near: Pcm = np.empty(0, np.int16)
        self._far: Pcm = np.empty(0, np.int16)
        self._levels_db: deque[float] = deque(maxlen=MEMORY_FRAMES)
        self._voiced: deque[bool] = deque(maxlen=LOOKED_AT)

    def feed(self, near: Pcm, far: Pcm) -> Pcm:
        """Take the next samples, 16 kHz; return the microphone's sound without the loudspeaker's.

        Args:
            near: what the microphone has heard.
            far: what the loudspeaker played at that time, or up to 0.2 s earlier; as many samples.
        """
        self._near = np.concatenate([self._near, near])
        self._far = np.concatenate([self._far, far])
        frames = []
        while len(self._near) >= FRAME:
            frames.append(self._clean(self._near[:FRAME], self._far[:FRAME]))
            self._near, self._far = self._near[FRAME:], self._far[FRAME:]
            self._judge(frames[-1])
        return np.concatenate(frames) if frames else np.empty(0, np.int16)

    def _clean(self, near: Pcm, far: Pcm) -> Pcm:
        if self._canceller is None:
            return near
        scale = np.float32(1 / 32768)
        return to_pcm(self._canceller.process(near * scale, far * scale))

    def _judge(self, frame: Pcm) -> None:
        power = float(np.mean((frame / 32768.0) ** 2))
        level_db = 10.0 * np.log10(power + 1e-12)
        learned = len(self._levels_db) >= LEARNED_FRAMES
        rest_db = float(np.quantile(self._levels_db, REST_SHARE)) if learned else 0.0
        loud = learned and level_db > max(LEAST_DB, rest_db + ABOVE_REST_DB)
        self._voiced.append(loud and self._vad.is_speech(frame.tobytes(), SPEECH_RATE_HZ))
        self._levels_db.append(min(level_db, rest_db + LEARNS_UP_TO_DB))
        self.user_speaks = sum(self._voiced) >= LEAST_VOICED


def talk_over(*, loudspeaker: bool) -> TalkOver:
    """Return the `TalkOver` of one answer.

    Args:
        loudspeaker: False for headphones: no echo has to be removed.

    Raises:
        ConfigError: the canceller's package is not installed.
    """
    return TalkOver(webrtc_canceller() if loudspeaker else None)
