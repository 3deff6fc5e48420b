"""Removes what the loudspeaker plays from what the microphone hears. Pure: two sounds in, one out.

A Kalman filter learns what the room makes of the loudspeaker's sound, block by block, for each
frequency (Enzner and Vary 2006; in parts of a long room's answer: Kuech and others 2014). Its model
is linear, and nothing is suppressed beyond it: a voice that speaks meanwhile stays whole, where the
cancellers made for calls cut holes into it.
"""

from __future__ import annotations

import enum
import math
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from voice_assistant.audio.clock_drift import TwoClocks
from voice_assistant.audio.echo_search import EARLIEST, LATEST, Found, find
from voice_assistant.audio.format import SPEECH_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterable

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
SETTLED = 0.25 * CHANGES
"""The same once the room is well known: 4 dB less of the echo stay then."""
DOUBT = 0.01
"""How wrong the first guess (no echo) may be, as a power of each part."""
STEADY = 0.9
"""The share of the last frames in the power of what is not echo."""
LEAST_POWER = 1e-6
"""The power of a frame's spectrum in which there is nothing to learn: the loudspeaker is silent."""
_TINY = 1e-8

HELD_FRAMES = 60
"""Frames of an answer in which its echo has to be found; until then none is given back."""
SEEK_FRAMES = 4
"""Frames after which the echo is sought again."""
LEAST_SOUGHT = 8
"""Frames with an echo that are needed for that."""
SOUGHT_POWER = 10**-5.5
"""The mean power of such a frame: a softer echo disturbs nobody."""
FURTHEST = round(0.5 * SPEECH_RATE_HZ)
"""Samples by which an echo may come later than expected where a sound server has stumbled."""
MOVED_FRAMES = 6, 8, 12, 20, 30
"""Frames in which an echo is sought that has moved in mid-answer: the last ones are all behind the
moment at which it moved, more of them tell the place better."""
SAME_SAMPLES, TIMES = 2.0, 3
"""Where the place is not clear, the echo has to be found there so many times more, this exactly."""
EARLY_FRAMES = 6
"""Frames by which an echo may come earlier than expected."""
LIKELY, CERTAIN = 0.85, 0.95
"""How like the expected echo a sound is where it has moved in mid-answer, and where it has changed
its loudness, too."""

GIVEN_UP_FRAMES, LEARNED_FRAMES = 120, 400
"""Frames after which it learns anew, if the known room does not explain what it hears, and after
which what is removed is all that can be."""

DROPPED = 0.003
"""The share of an expected echo, as a power, below which none came: the sound server stumbles."""

EXPERIENCED_FRAMES = 1000
"""Frames after which the room is known for all sounds of a voice."""

FIRST_FRAMES = 100
"""Frames in which a first idea of the room is got: before that no drift can be seen."""
TRACKED_FRAMES = 4
"""Frames after which the drift of the clocks is looked at."""

KNOWN, KNOWN_FRAMES = 4, 10
"""So many rooms are remembered, each learned so many frames after the one before."""

LOOK_FRAMES = 30
"""Frames after which, and in which, is looked how much of the echo stays."""
SHORT_FRAMES = 12
"""Frames of echo that tell that a room is as it was: nobody speaks without a pause."""
WELL_REMOVED, IN_STEP, BADLY_REMOVED = 0.05, 0.1, 0.3
"""The share of the sound that stays where the room is known, where new sounds come when they are
expected, and where they come earlier or later."""
EXPLAINED = 0.5
"""The share of what stays that stays, at most, where the sound was only read at another place."""
SILENT = 10**-5.5
"""The mean power of next to nothing: there is no echo where the user wears headphones."""


class Step(enum.Enum):
    """What is known of the echo of the sounds at the moment."""

    NEW = "nothing: the room is learned"
    SOUGHT = "the room is known, and not when the echo comes"
    FOUND = "when it comes; whether the room is still the same is not known"
    SURE = "as much of it is removed as before"
    LOST = "it is not explained by the room that was known: the room is learned anew"


class Cleaned(NamedTuple):
    """A frame of the microphone's sound without the echo, and the echo that was in it."""

    rest: Floats
    echo: Floats


class EchoCanceller:
    """Removes the echo of the loudspeaker from the sound of the microphone, frame by frame.

    It learns the room as it goes on, and what it has learned stays valid for the next sounds: see
    `restart`.

    Attributes:
        step: what it knows of the echo at the moment.
        moves: how often the echo was found at another time than expected, in mid-answer.
    """

    def __init__(self) -> None:
        self.moves = 0
        parts = round(ROOM_S * SPEECH_RATE_HZ / FRAME)
        self.step = Step.NEW
        self._clocks = TwoClocks()
        self._far = np.zeros(2 * FRAME, np.float32)
        self._room: Spectra = np.zeros((parts, FRAME + 1), np.complex64)
        self._doubt: Floats = np.full(self._room.shape, DOUBT, np.float32)
        self._others: Floats = np.zeros(FRAME + 1, np.float32)  # the power of what is not echo
        self._before: Spectra = self._room  # the room when the drift was last looked at
        self._learned = 0  # frames
        self._known: deque[tuple[Spectra, Floats]] = deque(maxlen=KNOWN)
        self._last: deque[tuple[Floats, Floats]] = deque(maxlen=LOOK_FRAMES)
        self._held: list[tuple[Floats, Floats]] = []
        self.restart()

    @property
    def in_step(self) -> bool:
        """Return whether as much of the echo is removed as can be."""
        return self.step not in {Step.FOUND, Step.LOST}

    @property
    def experienced(self) -> bool:
        """Return whether it has learned for so long that no sound is new to it."""
        return self._learned >= EXPERIENCED_FRAMES

    def restart(self) -> None:
        """Take other sounds from now on, whose times may be wrong by up to 50 ms."""
        self._clocks.restart()
        self._spectra = np.zeros_like(self._room)
        self._frames = 0  # with a sound of the loudspeaker
        self._late: float | None = None  # where the echo was found the last time
        self._times = 0  # that it was found there again
        self._held.clear()
        self._last.clear()
        if self.step is not Step.NEW:
            self.step = Step.SOUGHT

    def remember(self, far: Floats) -> None:
        """Take what the loudspeaker has played before the first frame."""
        self._clocks.read(far)
        self._reread(0)

    def unlearn(self) -> None:
        """Forget what was learned in the last 0.3 s: somebody spoke meanwhile."""
        if self._known:
            self._room, self._doubt = self._known[0]
            self._before = self._room

    def process(self, near: Floats, far: Floats, *, learn: bool = True) -> list[Cleaned]:
        """Take a frame; return the frames that are ready, each with what stays, and the echo in it.

        While the echo of new sounds is sought, there are none; the next time there are more.

        Args:
            near: what the microphone has heard, from -1.0 to 1.0, shape (FRAME,).
            far: what the loudspeaker played `clock_drift.EARLY_S` later.
            learn: nobody speaks.
        """
        self._far = np.concatenate([self._far[FRAME:], self._clocks.read(far)])
        self._spectra = np.roll(self._spectra, 1, axis=0)
        self._spectra[0] = np.fft.rfft(self._far)
        echo = _second_half((self._spectra * self._room).sum(axis=0))
        powers = np.abs(self._spectra) ** 2
        sounds = float(powers.sum()) > LEAST_POWER
        if self.step is Step.SOUGHT and (sounds or self._held or far.any()):
            self._held.append((near, echo))
            return self._seek()
        rest = near - echo
        if sounds:
            self._last.append((near, echo))
            self._frames += 1
            self._look()
            dropped = float(near @ near) < DROPPED * float(echo @ echo)
            if learn and not dropped and self.step is not Step.FOUND:
                self._learn(rest, powers)
        return [Cleaned(rest, echo)]

    def explains(self) -> bool:
        """Return whether what stayed of the last frames was echo that came at another time.

        If so, it is expected at that time from now on.
        """
        if len(self._last) < LEAST_SOUGHT:
            return False
        learned = self._room, self._doubt, self._before
        self.unlearn()  # it has learned to expect the echo there
        last = list(self._last)
        sought, earliest = self._sought(len(last), FURTHEST)
        for count in MOVED_FRAMES:
            near, echo = _joined(last[-count:])
            stays = float(np.sum((near - echo) ** 2) / (near @ near + _TINY))
            found = find(near, sought[-len(near) - FURTHEST + EARLIEST :])
            if found and found.stays < EXPLAINED * stays and self._believes(found):
                self._clocks.move(earliest + found.late)
                if found.sure > CERTAIN:  # the volume was changed
                    self._room = self._room * np.complex64(found.gain)
                self._reread(0)
                self._last.clear()
                self.moves += 1
                return True
        self._room, self._doubt, self._before = learned
        return False

    def _believes(self, found: Found) -> bool:
        return found.sure > LIKELY or (found.clear and self.step is Step.FOUND)

    def _seek(self) -> list[Cleaned]:
        """Seek the echo in the frames that are held; return them once it is found."""
        near, echo = _joined(self._held)
        loud = np.mean(echo.reshape(-1, FRAME) ** 2, axis=1) > SOUGHT_POWER
        if not loud.any() and len(loud) > EARLY_FRAMES:
            near, echo = self._held.pop(0)
            return [Cleaned(near - echo, echo)]
        count = len(loud)
        if count % SEEK_FRAMES and count < HELD_FRAMES:
            return []
        if np.count_nonzero(loud) >= LEAST_SOUGHT:
            sought, earliest = self._sought(count)
            found = find(near, sought)
            same = found and self._late is not None and abs(found.late - self._late) < SAME_SAMPLES
            self._times = self._times + 1 if same else 0
            self._late = found.late if found else None
            if found and (found.clear or self._times >= TIMES or count >= HELD_FRAMES):
                self._clocks.move(earliest + found.late)
                return self._give_back(Step.FOUND)
        if count < HELD_FRAMES:
            return []
        if float(near @ near) < SILENT * len(near) < float(echo @ echo):
            self._room = np.zeros_like(self._room)
            return self._give_back(Step.SURE)
        return self._give_back(Step.FOUND)

    def _give_back(self, step: Step) -> list[Cleaned]:
        self.step = step
        held, self._held = self._held, []
        cleaned = self._reread(len(held))
        ready = []
        for (near, _), echo in zip(held, cleaned, strict=True):
            self._last.append((near, echo))
            self._frames += 1
            ready.append(Cleaned(near - echo, echo))
        self._look()  # not before: the last frames belong to what was read last
        return ready

    def _reread(self, count: int) -> list[Floats]:
        """Read the loudspeaker's sound again; return the echo in the last frames."""
        far = self._clocks.again((len(self._room) + max(count, 1)) * FRAME)
        self._far = far[-2 * FRAME :]
        spectra = _spectra_of(far)
        self._spectra = spectra[: len(self._room)]
        return self._echoes(spectra, count)

    def _sought(self, count: int, latest: int = LATEST) -> tuple[Floats, float]:
        """Return the echo in the last frames, and before them, as early as it may come.

        Args:
            count: how many frames.
            latest: samples by which the echo may come later than expected.

        Returns:
            The echo, and by how many samples it is later than it is expected now.
        """
        count += (latest - EARLIEST) // FRAME
        earliest = EARLIEST - self._clocks.late
        far = self._clocks.again((len(self._room) + count) * FRAME, earliest)
        return np.concatenate(self._echoes(_spectra_of(far), count)), earliest

    def _echoes(self, spectra: Spectra, count: int) -> list[Floats]:
        """Return the echo in so many frames; `spectra` are those of the sound, the last first."""
        parts = len(self._room)
        return [
            _second_half((spectra[ago : ago + parts] * self._room).sum(axis=0))
            for ago in range(count - 1, -1, -1)
        ]

    def _learn(self, rest: Floats, powers: Floats) -> None:
        if self._learned % KNOWN_FRAMES == 0:
            self._known.append((self._room, self._doubt))
        error = np.fft.rfft(np.concatenate([np.zeros(FRAME, np.float32), rest]))
        self._others *= STEADY
        self._others += (1.0 - STEADY) * np.abs(error) ** 2
        expected = 0.5 * (powers * self._doubt).sum(axis=0) + self._others + _TINY
        gain = self._doubt / expected
        step = np.fft.irfft(gain * np.conj(self._spectra) * error, axis=1)
        step[:, FRAME:] = 0.0  # each part of the room's answer is one frame long
        settled = self.experienced and self.step is Step.SURE
        changes = SETTLED if settled else CHANGES
        # What changes is forgotten, too: else the room's answer to tones that the loudspeaker never
        # plays would grow without end, as noise alone tells it.
        self._room = self._room + np.fft.rfft(step, axis=1).astype(np.complex64)
        self._room *= np.float32(math.sqrt(1.0 - changes))
        kept = (1.0 - changes) * (1.0 - 0.5 * gain * powers) * self._doubt
        self._doubt = (kept + changes * np.abs(self._room) ** 2 + _TINY).astype(np.float32)
        self._learned += 1
        if self._learned % TRACKED_FRAMES == 0:
            apart = TRACKED_FRAMES * FRAME
            if self._learned > FIRST_FRAMES:
                known = self.step is not Step.NEW
                self._clocks.track(self._before, self._room, apart, known=known)
            self._before = self._room

    def _look(self) -> None:
        """Look how much of the echo stays, and what follows from that."""
        match self.step:
            case Step.FOUND if self._stays(SHORT_FRAMES) < IN_STEP:
                self.step = Step.SURE
            case Step.FOUND if self._frames > GIVEN_UP_FRAMES:
                self.step = Step.LOST
                self._doubt = np.maximum(self._doubt, np.float32(DOUBT))
            case Step.FOUND if self._frames % SHORT_FRAMES == 0:
                self.explains()
            case Step.SURE if self._frames % LOOK_FRAMES == 0:
                if self._stays(LOOK_FRAMES) > BADLY_REMOVED:
                    self.explains()
            case Step.NEW if self._stays(LOOK_FRAMES) < WELL_REMOVED:
                self.step = Step.SURE
            case Step.NEW if self._learned > FIRST_FRAMES and self._frames % SHORT_FRAMES == 0:
                self.explains()
            case Step.LOST if self._stays(LOOK_FRAMES) < IN_STEP or self._frames > LEARNED_FRAMES:
                self.step = Step.SURE

    def _stays(self, count: int) -> float:
        """Return the share of the last frames' sound that stays; 1.0 where there is no echo."""
        if len(self._last) < count:
            return 1.0
        near, echo = _joined(list(self._last)[-count:])
        if float(echo @ echo) < SOUGHT_POWER * len(echo):
            return 1.0
        rest = near - echo
        return float(rest @ rest) / (float(near @ near) + _TINY)


def _joined(frames: Iterable[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    near, echo = zip(*frames, strict=True)
    return np.concatenate(near), np.concatenate(echo)


def _spectra_of(far: Floats) -> Spectra:
    """Return the spectra of a sound's frames, each with the one before it, the last first."""
    spectra = np.fft.rfft(sliding_window_view(far, 2 * FRAME)[::FRAME], axis=1)[::-1]
    return spectra.astype(np.complex64)


def _second_half(spectrum: Spectra) -> Floats:
    return np.fft.irfft(spectrum)[FRAME:].astype(np.float32)
