"""Removes what the loudspeaker plays from what the microphone hears. Pure: two sounds in, one out.

A Kalman filter learns what the room makes of the loudspeaker's sound, block by block, for each
frequency (Enzner and Vary 2006; in parts of a long room's answer: Kuech and others 2014). Its model
is linear, and nothing is suppressed beyond it: a voice that speaks meanwhile stays whole, where the
cancellers made for calls cut holes into it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.audio.clock_drift import TwoClocks
from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Spectra = npt.NDArray[np.complex64]

FRAME = SPEECH_RATE_HZ // 100
"""Samples of a frame, 10 ms."""

ROOM_S = 0.4
"""Seconds in which an echo and its reverberation arrive; what comes later stays."""

CHANGES = 1.0 - 0.998**2
"""The share of the room's answer, as a power, that counts as changed with each frame. With half of
it 2 dB more of the echo are removed, and a new room is learned half as fast."""
DOUBT = 0.01
"""How wrong the first guess (no echo) may be, as a power of each part."""
STEADY = 0.9
"""The share of the last frames in the power of what is not echo."""
LEAST_POWER = 1e-6
"""The power of a frame's spectrum in which there is nothing to learn: the loudspeaker is silent."""
_TINY = 1e-8

COMPLETE_FRAMES = round(ROOM_S * 100)
"""Frames until the room's answer to new sounds is complete."""
GIVEN_UP_FRAMES, LEARNED_FRAMES = 120, 400
"""Frames after which it learns anew, if the known room does not explain what it hears, and after
which what is removed is all that can be."""

FIRST_FRAMES = 100
"""Frames in which a first idea of the room is got: before that no drift can be seen."""
TRACKED_FRAMES = 4
"""Frames after which the drift of the clocks is looked at."""

LOOK_FRAMES = 30
"""Frames after which, and in which, is looked how much of the echo stays."""
WELL_REMOVED, IN_STEP, BADLY_REMOVED = 0.05, 0.1, 0.3
"""The share of the sound that stays where the room is known, where new sounds come when they are
expected, and where they come earlier or later."""
SILENT = 10**-5.5
"""The mean power of next to nothing: there is no echo where the user wears headphones."""

LEARNED_SAMPLES = 16
"""A smaller difference is learned."""
SURE = 0.5
"""How like the expected echo the sound must be there, from 0 to 1."""


class EchoCanceller:
    """Removes the echo of the loudspeaker from the sound of the microphone, frame by frame.

    It learns the room as it goes on, and what it has learned stays valid for the next sounds: see
    `restart`.

    Attributes:
        learns: whether it follows the room; False for a moment where sounds begin.
        in_step: whether as much of the echo is removed as before; False also while it learns anew.
    """

    def __init__(self) -> None:
        parts = round(ROOM_S * SPEECH_RATE_HZ / FRAME)
        self._clocks = TwoClocks()
        self._far = np.zeros(2 * FRAME, np.float32)
        self._room: Spectra = np.zeros((parts, FRAME + 1), np.complex64)
        self._doubt: Floats = np.full(self._room.shape, DOUBT, np.float32)
        self._others: Floats = np.zeros(FRAME + 1, np.float32)  # the power of what is not echo
        self._before: Spectra = self._room  # the room when the drift was last looked at
        self._known = False  # the room
        self._moved = False  # the loudspeaker's sound, since it was in step
        self._learned = 0  # frames
        self._past: deque[tuple[Floats, Floats]] = deque(maxlen=LOOK_FRAMES)
        self.restart()

    def restart(self) -> None:
        """Take other sounds from now on, whose times may be wrong by up to 50 ms."""
        self._clocks.restart()
        self._spectra = np.zeros_like(self._room)
        self._moved = False
        self._begin()

    def _begin(self) -> None:
        """Learn nothing before the room's answer to new sounds is complete."""
        self.learns = self.in_step = not self._known
        self._frames = 0  # with a sound of the loudspeaker
        self._past.clear()

    def process(self, near: Floats, far: Floats) -> tuple[Floats, Floats]:
        """Return what stays of a frame of the microphone's sound, and the echo in it.

        Args:
            near: what the microphone has heard, from -1.0 to 1.0, shape (FRAME,).
            far: what the loudspeaker played `clock_drift.EARLY_S` later.
        """
        self._far = np.concatenate([self._far[FRAME:], self._clocks.read(far)])
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(self._far)
        echo = _second_half((self._spectra * self._room).sum(axis=0))
        rest = near - echo
        powers = np.abs(self._spectra) ** 2
        if powers.sum() > LEAST_POWER:
            self._past.append((near, echo))
            self._frames += 1
            if self._frames % LOOK_FRAMES == 0 and self._frames > COMPLETE_FRAMES:
                self._look()
            if self.learns:
                self._learn(rest, powers)
        return rest, echo

    def _learn(self, rest: Floats, powers: Floats) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(FRAME, np.float32), rest]))
        self._others *= STEADY
        self._others += (1.0 - STEADY) * np.abs(error) ** 2
        expected = 0.5 * (powers * self._doubt).sum(axis=0) + self._others + _TINY
        gain = self._doubt / expected
        step = np.fft.irfft(gain * np.conj(self._spectra) * error, axis=1)
        step[:, FRAME:] = 0.0  # each part of the room's answer is one frame long
        self._room = self._room + np.fft.rfft(step, axis=1).astype(np.complex64)
        kept = (1.0 - CHANGES) * (1.0 - 0.5 * gain * powers) * self._doubt
        self._doubt = (kept + CHANGES * np.abs(self._room) ** 2 + _TINY).astype(np.float32)
        self._learned += 1
        if self._learned % TRACKED_FRAMES == 0:
            apart = TRACKED_FRAMES * FRAME
            if self._learned > FIRST_FRAMES:
                self._clocks.track(self._before, self._room, apart, known=self._known)
            self._before = self._room

    def _look(self) -> None:
        """Look how much of the echo stays; move the loudspeaker's sound if it is out of step."""
        near, echo = (np.concatenate(sounds) for sounds in zip(*self._past, strict=True))
        rest = near - echo
        stays = float(rest @ rest) / (float(near @ near) + _TINY)
        silent = float(rest @ rest) < SILENT * len(rest)
        self._known = self._known or stays < WELL_REMOVED
        if stays < IN_STEP or silent:
            self.learns, self.in_step, self._moved = True, True, False
        badly = self._known and stays > BADLY_REMOVED
        if badly and not self._moved and (late := _late(near, echo)):
            self._moved = True
            self._clocks.move(late)
            self._begin()
        elif not self.learns and (self._moved or self._frames > GIVEN_UP_FRAMES):
            self.learns = True  # anew: the room has changed
            self._doubt = np.maximum(self._doubt, np.float32(DOUBT))
        self.in_step = self.in_step or self._frames > LEARNED_FRAMES


def _late(near: Floats, echo: Floats) -> int:
    """Return how many samples later the echo comes than expected; 0 if that is not sure."""
    size = 2 * len(near)
    like = np.fft.irfft(np.fft.rfft(near, size) * np.conj(np.fft.rfft(echo, size)), size)
    late = int(np.argmax(like))
    sure = like[late] > SURE * np.linalg.norm(near) * np.linalg.norm(echo)
    late -= size if late > len(near) else 0
    return late if sure and abs(late) > LEARNED_SAMPLES else 0


def _second_half(spectrum: Spectra) -> Floats:
    return np.fft.irfft(spectrum)[FRAME:].astype(np.float32)
