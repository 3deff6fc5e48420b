"""Finds where utterances begin in sound without end, at little cost. Pure: samples in and out.

A wake word has to begin an utterance. So only the first 1.5 s of each one are worth a look of the
recogniser, and in a quiet room nothing is.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from voice_assistant.audio.endpointing import FRAME_S, FRAME_SAMPLES, QUIETEST_DB, voice_level_db
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.audio.voice_activity import detector

LOOKS_S = (0.6, 0.9, 1.2, 1.5)
"""When the beginning of an utterance is looked at, in seconds of its sound."""

LEADS_S = (0.3, 0.6)
"""Seconds of sound before the voice was certain that belong to the utterance, one or the other: in
noise it is certain a syllable late, but with more noise before it a word may not be understood. Of
90 wake words in babble, 10 dB softer, 8 are missed so, 20 with the first alone and 24 with the
second alone (all where 0.3 s without a voice end an utterance)."""

END_S = 0.4
"""Seconds without a voice that end an utterance. Of words that sound like "computer" 11 woke in 3.5
minutes with 0.3 s, which sentences of one speaker have between them, and 3 with 0.4 s."""

WORD_END_S = 0.15
"""Seconds without a voice that end a word: within one a voice may be silent for less long."""

ABOVE_NOISE_DB = 6.0
_NOISE_FRAMES = round(5.0 / FRAME_S)
_NOISE_SHARE = 0.1
_ONSET_FRAMES = 3
_SHORT_LEAD, _LONG_LEAD = (round(lead_s * SPEECH_RATE_HZ) for lead_s in LEADS_S)


class UtteranceStarts:
    """Follows the sound of a microphone (16 kHz).

    A frame counts as voice where webrtcvad says so and where it is louder than the quietest moment
    of the last 5 s: see `audio.endpointing`.
    """

    def __init__(self) -> None:
        self._vad = detector("webrtc")()
        self._rest: Pcm = np.empty(0, np.int16)
        self._levels_db: deque[float] = deque(maxlen=_NOISE_FRAMES)
        self._last: Pcm = np.empty(0, np.int16)  # so much as a lead may have
        self._sound: Pcm = np.empty(0, np.int16)  # of the utterance, with its long lead
        self._longer = 0  # samples that this is longer than with the short lead
        self._voiced = 0  # frames in a row with a voice
        self._unvoiced = 0  # frames in a row without one
        self._begun = False
        self._looks: list[float] = []

    @property
    def word_complete(self) -> bool:
        """Return whether the sound ends between words, as far as one will know."""
        return self._unvoiced * FRAME_S >= WORD_END_S or not self._looks

    def feed(self, pcm: Pcm) -> list[Pcm]:
        """Take the next samples; return an utterance's sound so far, if that is worth a look.

        It comes with each lead, the short one first.
        """
        pcm = np.concatenate([self._rest, pcm])
        whole = len(pcm) - len(pcm) % FRAME_SAMPLES
        frames, self._rest = pcm[:whole].reshape(-1, FRAME_SAMPLES), pcm[whole:]
        if not len(frames):
            return []
        levels_db = voice_level_db(frames)
        self._levels_db.extend(levels_db)
        known = len(self._levels_db)
        place = int(known * _NOISE_SHARE)
        noise_db = float(np.partition(np.fromiter(self._levels_db, float, known), place)[place])
        loud = levels_db > max(noise_db, QUIETEST_DB) + ABOVE_NOISE_DB
        worth_a_look: list[Pcm] = []
        for frame, is_loud in zip(frames, loud, strict=True):
            if self._take(frame, loud=bool(is_loud)):
                # The next frame may be after its end.
                worth_a_look = [self._sound[self._longer :], self._sound]
        return worth_a_look

    def _take(self, frame: Pcm, *, loud: bool) -> bool:
        """Take a frame; return whether the utterance is worth a look now."""
        voice = self._vad.is_speech(frame.tobytes(), SPEECH_RATE_HZ) and loud
        self._voiced = self._voiced + 1 if voice else 0
        self._unvoiced = 0 if voice else self._unvoiced + 1
        self._last = np.concatenate([self._last, frame])[-_LONG_LEAD:]
        if not self._begun:
            if self._voiced >= _ONSET_FRAMES:
                self._begun, self._looks = True, list(LOOKS_S)
                self._sound = self._last
                self._longer = max(0, len(self._sound) - _SHORT_LEAD)
            return False
        if self._looks:
            self._sound = np.concatenate([self._sound, frame])
        ended = self._unvoiced * FRAME_S >= END_S
        due = bool(self._looks) and (
            ended or len(self._sound) - self._longer >= round(self._looks[0] * SPEECH_RATE_HZ)
        )
        if due:
            self._looks.pop(0)
        if ended:
            self._begun = False
            self._looks.clear()
        return due
