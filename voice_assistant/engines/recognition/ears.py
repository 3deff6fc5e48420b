"""Recognises one utterance while it arrives. Synchronous: samples in, words out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.api.models import Transcript
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.level import rms_dbfs
from voice_assistant.engines.recognition.decoding import words_of
from voice_assistant.engines.recognition.gate import Gate
from voice_assistant.engines.recognition.pieces import Pieces

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.command_grammar import Commands
    from voice_assistant.engines.recognition.moonshine import Moonshine

_BEFORE_S = 0.9
"""Seconds of a piece that are left before its first voice."""

_ONSET_S = 0.15
"""Seconds before it that may be its first consonant."""

_NOISE_DB = 6.0
"""What comes before the voice, and is softer than the voice by less than that, is no quiet room."""

_VOICE_S = 1.0
"""Seconds of the voice whose level is compared with that."""

_FADE = SPEECH_RATE_HZ // 32
"""Samples in which the sound comes back."""

_PHANTOMS = frozenset({"", "you"})
"""What the network hears in noise that sounds like a voice: nothing, a note, and "You"."""
_IN_MUSIC = frozenset({"thankyou", "thankyouforwatching", "thanksforwatching"})
_IN_MUSIC_S = 4.0
"""What it hears in music, and the seconds of sound that are too many for so few words."""
_CREDITS = "\u00a9"
"""The sign of credits behind a film, which the network writes for chords; nobody says it."""
_HUMMED = 5
"""As many equal letters, and no others, are no word."""
_LAST_LATIN = "\u024f"


_NO_WORDS = Transcript(text="")


class Said(NamedTuple):
    """The utterance so far.

    Attributes:
        pieces: the words of the pieces that are complete.
        sound: the piece that may go on; empty without a voice.
    """

    pieces: tuple[Transcript, ...]
    sound: Pcm


class Ears:
    """One utterance.

    Args:
        network: writes down what it hears.
        commands: what may be ordered; a command is one piece of speech, without a long silence.
    """

    def __init__(self, network: Moonshine, commands: Commands) -> None:
        self._network = network
        self._commands = commands
        self._pieces = Pieces()
        self._gate = Gate()
        self._heard: tuple[Transcript, ...] = ()

    @property
    def spoken_s(self) -> float:
        """Return the seconds of speech so far."""
        return self._pieces.spoken_s

    @property
    def paused(self) -> bool:
        """Return whether the speaker pauses: all may have been said."""
        return self._pieces.paused

    def take(self, pcm: Pcm) -> None:
        """Take the next samples, 16 kHz.

        The words of what is complete are found at once; those of 15 s in half a second.
        """
        for piece in self._pieces.feed(pcm):
            self._heard = (*self._heard, self._hear(self._voiced(piece)))
            self._gate = Gate()

    def said(self) -> Said:
        """Return what has been said so far, for `words`."""
        return Said(self._heard, self._voiced(self._pieces.said))

    def words(self, said: Said) -> Transcript:
        """Return all words. More samples may be taken meanwhile."""
        found = (*said.pieces, self._hear(said.sound))
        pieces = [piece for piece in found if piece.text] or [_NO_WORDS]
        if len(pieces) == 1:
            return pieces[0]
        return Transcript(
            text=" ".join(piece.text for piece in pieces),
            sure=all(piece.sure for piece in pieces),
            guessed=any(piece.guessed for piece in pieces),
        )

    def _voiced(self, piece: Pcm) -> Pcm:
        """Return a piece from just before its first voice on; nothing if there is no voice."""
        voice_at = self._gate.look(piece)
        if voice_at is None:
            return piece[:0]
        begin = max(0, voice_at - int(_BEFORE_S * SPEECH_RATE_HZ))
        return _without_noise(piece[begin:], voice_at - begin)

    def _hear(self, sound: Pcm) -> Transcript:
        if not sound.size:
            return _NO_WORDS
        found = words_of(self._network, sound, self._commands)
        return _NO_WORDS if is_phantom(found.text, len(sound) / SPEECH_RATE_HZ) else found


def is_phantom(text: str, sound_s: float) -> bool:
    """Return whether nobody said a text, which the network heard in so many seconds of sound.

    The network knows English alone: other letters than Latin ones are what it makes of tones. So is
    a figure alone: a number that somebody says alone it writes as a word.
    """
    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    in_music = letters in _IN_MUSIC or (len(letters) == 1 and letters.isdigit())
    if letters in _PHANTOMS or _CREDITS in text or (in_music and sound_s > _IN_MUSIC_S):
        return True
    hummed = len(letters) >= _HUMMED and len(set(letters)) == 1 and letters.isalpha()
    return hummed or max(letters) > _LAST_LATIN


def _without_noise(sound: Pcm, voice_at: int) -> Pcm:
    """Return the sound, silent before the voice where a noise is there: a bell, a cough, a chord.

    The network takes that for the level of the speech, and writes what was not said.
    """
    onset = max(0, voice_at - int(_ONSET_S * SPEECH_RATE_HZ))
    voice = sound[voice_at : voice_at + int(_VOICE_S * SPEECH_RATE_HZ)]
    if rms_dbfs(sound[:onset]) <= rms_dbfs(voice) - _NOISE_DB:
        return sound
    quiet = sound.copy()
    quiet[:onset] = 0
    fade = quiet[onset : onset + _FADE]
    fade[:] = fade * np.linspace(0.0, 1.0, len(fade))
    return quiet
