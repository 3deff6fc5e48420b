"""Finds a person who speaks while the assistant does. Pure: two sounds in, a voice out.

An echo canceller removes the assistant's own voice; what stays is a person's voice if it is clearly
louder than what usually stays of the echo at that moment, and most of it is voiced.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.echo_canceller import FRAME
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm, to_pcm
from voice_assistant.audio.voice_activity import detector

if TYPE_CHECKING:
    from voice_assistant.audio.echo_canceller import EchoCanceller
    from voice_assistant.audio.voice_activity import VoiceActivity

NOISE_SHARE, NOISE_FRAMES = 0.2, 300
"""The share of the last 3 s that is quieter than the level which counts as the room's noise."""
ABOVE_NOISE_DB = 9.0
STAYS_SHARE, STAYS_FRAMES = 0.7, 300
NOW_SHARE, NOW_FRAMES = 0.65, 100
"""The share of the last 3 s of echo, and of the last second, of which less stays than what counts
as usual: it is more where an answer begins, or a sound server stumbles. A person is noticed within
a third of a second, and does not become usual before that."""
BEGIN_SHARE, BEGIN_FRAMES, BEGINNING = 0.7, 300, 30
"""The same of the first frames of an answer, and of those after its echo has moved, and how many
these are: the room is known by the sounds before, and more of them stays than of what follows."""
ABOVE_ECHO_DB = 12.0
LEAST_DB = -55.0
"""dBFS: what is quieter is nobody who speaks to the assistant."""
LEARNS_UP_TO_DB = 15.0
"""A frame counts as at most this much above the usual: a person does not become usual."""
FALL_DB = 0.6
"""How much the reverberation of an echo loses with each frame: 60 dB in a second."""
LEAST_ECHO_DB = -50.0
"""dBFS: what stays of a softer echo tells nothing."""

RENEWED_FRAMES = 10
KNOWN_SHARE = 0.33
"""The share of its frames after which a level is known."""

AUDIBLE_DB = 6.0
"""A frame that is so much above the usual rest of the echo holds more than that rest."""
SOFT_BEFORE, SOFT_AFTER = 5, 10
"""Frames around such frames that may be soft parts of a word."""
MUTED = 0.05
"""What is left of other frames: recognisers hear the words of an echo that is 30 dB down."""

LOOKED_AT = 30
LEAST_VOICED = 10
"""Of the last 30 frames (0.3 s) so many must be a person's."""


class TalkOver:
    """Finds the voice of a person in the microphone's sound, while the loudspeaker plays.

    What it has learned of room and devices stays valid for the next answer: see `restart`.

    Args:
        canceller: removes the loudspeaker's sound; None where the microphone does not hear it.
        vad: decides which frames hold a voice; by default webrtcvad.

    Attributes:
        user_speaks: whether a person has spoken in the last 0.3 s.
    """

    def __init__(self, canceller: EchoCanceller | None, vad: VoiceActivity | None = None) -> None:
        self._canceller = canceller
        self._vad = vad or detector("webrtc")()
        self._moves = 0  # of the echo
        self._noise_db = _Usual(NOISE_SHARE, NOISE_FRAMES)
        self._stays_db = _Usual(STAYS_SHARE, STAYS_FRAMES)
        self._begin_db = _Usual(BEGIN_SHARE, BEGIN_FRAMES)
        self.restart()

    def restart(self) -> None:
        """Take the sounds of another answer from now on."""
        self.user_speaks = False
        self._near: Pcm = np.empty(0, np.int16)
        self._far: Pcm = np.empty(0, np.int16)
        known = self._canceller is not None and self._canceller.experienced
        usual_db = self._stays_db.level if known else 0.0
        self._stays_now_db = _Usual(NOW_SHARE, NOW_FRAMES, usual_db)
        self._begun = 0  # frames of the echo since it was found
        self._echo_db = -np.inf
        self._voiced: deque[bool] = deque(maxlen=LOOKED_AT)
        self._waiting: deque[Pcm] = deque()  # frames, until what follows is known
        self._audible: deque[bool] = deque(maxlen=SOFT_BEFORE + 1 + SOFT_AFTER)
        if self._canceller:
            self._canceller.restart()

    def remember(self, far: Pcm) -> None:
        """Take what the loudspeaker has played before the first sample."""
        if self._canceller:
            self._canceller.remember(far * np.float32(1 / 32768))

    def feed(self, near: Pcm, far: Pcm) -> Pcm:
        """Take the next samples, 16 kHz; return the microphone's sound without the loudspeaker's.

        What is returned is 50 ms late where an echo is removed.

        Args:
            near: what the microphone has heard.
            far: what the loudspeaker played `clock_drift.EARLY_S` later; as many samples.
        """
        self._near = np.concatenate([self._near, near])
        self._far = np.concatenate([self._far, far])
        frames = []
        while len(self._near) >= FRAME:
            frames += self._take(self._near[:FRAME], self._far[:FRAME])
            self._near, self._far = self._near[FRAME:], self._far[FRAME:]
        return np.concatenate(frames) if frames else np.empty(0, np.int16)

    def _take(self, near: Pcm, far: Pcm) -> list[Pcm]:
        """Take a frame; return the frames that are ready."""
        if self._canceller is None:
            self._judge(near, -np.inf)
            return [near]
        scale = np.float32(1 / 32768)
        ready = []
        learn = not self.user_speaks
        for rest, echo in self._canceller.process(near * scale, far * scale, learn=learn):
            frame = to_pcm(min(rest, rest + echo, key=_level_db))  # no echo came where one was due
            self._audible.append(self._judge(frame, _level_db(echo)))
            self._waiting.append(frame)
            if len(self._waiting) > SOFT_BEFORE:
                frame = self._waiting.popleft()
                ready.append(frame if any(self._audible) else (frame * MUTED).astype(np.int16))
        return ready

    def _judge(self, frame: Pcm, echo_db: float) -> bool:
        """Judge whether somebody speaks; return whether a frame holds more than the echo's rest."""
        level_db = _level_db(frame / np.float32(32768))
        self._echo_db = max(echo_db, self._echo_db - FALL_DB)
        begins = self._begun < BEGINNING
        usual = [self._stays_db, self._stays_now_db, *([self._begin_db] if begins else [])]
        stays_db = self._echo_db + max(stays.level for stays in usual)
        loud = level_db > max(
            LEAST_DB, self._noise_db.level + ABOVE_NOISE_DB, stays_db + ABOVE_ECHO_DB
        )
        # Before it is known when the echo comes, it is the echo that is heard.
        in_step = self._canceller is None or self._canceller.in_step
        voiced = in_step and loud and self._vad.is_speech(frame.tobytes(), SPEECH_RATE_HZ)
        self._voiced.append(voiced)
        self._noise_db.learn(level_db)
        paused = self.user_speaks and echo_db < LEAST_ECHO_DB
        if in_step and self._echo_db > LEAST_ECHO_DB and not paused:
            self._begun += 1
            for stays in usual:
                stays.learn(level_db - self._echo_db)
        speaks = sum(self._voiced) >= LEAST_VOICED
        if speaks and not self.user_speaks and self._canceller:
            self._canceller.explains()
        if self._canceller and self._moves != self._canceller.moves:
            self._moves = self._canceller.moves
            self._voiced.clear()  # that was the echo
            self._begun = 0
            speaks = False
        if speaks and not self.user_speaks:  # the last frames were not usual
            self._stays_db.forget(LOOKED_AT)
            self._stays_now_db.forget(LOOKED_AT)
            if begins:
                self._begin_db.forget(self._begun)
            if self._canceller:
                self._canceller.unlearn()
        self.user_speaks = speaks
        return level_db > stays_db + AUDIBLE_DB


class _Usual:
    """A level in dB below which a share of the last frames is; 0.0 while too few are known.

    Args:
        share: the share.
        frames: how many frames are looked at.
        level: what was usual before; 0.0 if that is not known.
    """

    def __init__(self, share: float, frames: int, level: float = 0.0) -> None:
        self.level = level
        self._share = share
        self._known = round(KNOWN_SHARE * frames)
        self._last: deque[float] = deque([level] * frames if level else (), frames)
        self._since = 0  # frames since it was looked at

    def learn(self, level: float) -> None:
        self._last.append(min(level, self.level + LEARNS_UP_TO_DB))
        self._since = (self._since + 1) % RENEWED_FRAMES
        if self._since == 0 and len(self._last) >= self._known:
            place = int(self._share * len(self._last))
            self.level = float(np.partition(self._last, place)[place])

    def forget(self, frames: int) -> None:
        """Forget the last frames."""
        for _ in range(min(frames, len(self._last))):
            self._last.pop()


def _level_db(sound: np.ndarray) -> float:
    return float(10.0 * np.log10(np.mean(sound**2) + 1e-10))
