"""Turns the audio bytes within an answer's stream into sentences of sound on the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.audio.codec.mp3 import parse_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.speech.clip import Decoder
    from voice_assistant.speech.plan import SpeechPlan
    from voice_assistant.speech.script import Script

_REGULAR = 2  # pieces of the largest size that must have come


class StreamedSpeech:
    """Adds the stream's audio to the script, and tells the plan of it while the plan needs it.

    Args:
        plan: decides which sentences the stream speaks.
        script: gets the sound.
        decoder: makes a decoder for a row of audio files.
        on_begin: called with the first sound.

    Attributes:
        seconds: how much of the audio is in the script.
    """

    def __init__(
        self,
        plan: SpeechPlan,
        script: Script,
        decoder: Callable[[], Decoder],
        on_begin: Callable[[], None],
    ) -> None:
        self.seconds = 0.0
        self._plan = plan
        self._script = script
        self._make_decoder = decoder
        self._on_begin = on_begin
        self._decoder = decoder()
        self._pieces = Pieces()
        self._files = self._earlier_files = 0
        self._file_began_s = 0.0

    @property
    def last_whole(self) -> bool | None:
        """Return whether the last file came to its end; None if the pieces' sizes do not tell."""
        return self._pieces.last_whole

    def feed(self, data: bytes, words: str = "") -> None:
        """Take the next bytes, as the server cut them; `words` is the sentence they begin."""
        if not self._plan.listens:
            return
        if words:  # the decoder may hold back some milliseconds of the sentence before
            self._script.name_sentence(words)
        if self._pieces.add(data):
            self._add_sounds(self._decoder.close())
            self._decoder = self._make_decoder()
            self._earlier_files = self._files
        self._add_sounds(self._decoder.feed(data))

    def end(self, *, last_whole: bool | None) -> None:
        """End the audio: none comes, or the plan waits no longer; see `SpeechPlan.audio_ended`."""
        if not self._plan.listens:
            return
        self._add_sounds(self._decoder.close())
        if self._decoder.cut_off:
            last_whole = False
        self._script.begin_sentence()
        last_played = self._script.reached_s > self._file_began_s
        self._plan.audio_ended(last_whole=last_whole, last_played=last_played)
        if self._plan.broken:
            came_s = self._script.end_s
            self._script.cut(self._file_began_s)
            self.seconds -= came_s - self._script.end_s

    def _add_sounds(self, sounds: list[Decoded]) -> None:
        for decoded in sounds:
            if not self._files:
                self._on_begin()
            sound = decoded._replace(file=self._earlier_files + decoded.file)
            if sound.file >= self._files:
                self._files = sound.file + 1
                self._file_began_s = self._script.end_s
            for begins, pcm in self._plan.audio(sound):
                if begins:
                    self._script.begin_sentence()
                self._script.add(pcm, sound.rate_hz)
            self.seconds += len(sound.pcm) / sound.rate_hz


class Pieces:
    """Finds the ends of audio files by the sizes of the pieces that a stream comes in.

    A provider hands out a file in pieces of one size, except the last: 4096 bytes on both servers
    that were watched. So a shorter piece ends a file, where the sizes keep to that at all.
    """

    def __init__(self) -> None:
        self._size = 0
        self._full = 0
        self._short = 0
        self._files = 1
        self._last = 0

    def add(self, data: bytes) -> bool:
        """Note the next piece; return whether it begins a file that has no mark of its own."""
        begins = 0 < self._last < self._size and _begins_file(data)
        self._files += begins
        self._last = len(data)
        if self._last > self._size:
            self._short += self._full
            self._size, self._full = self._last, 0
        self._full += self._last == self._size
        self._short += self._last < self._size
        return begins

    @property
    def last_whole(self) -> bool | None:
        """Return whether the last file came to its end; None if the sizes do not tell."""
        if self._full < _REGULAR or self._short != self._files - (self._last == self._size):
            return None
        return self._last < self._size


def _begins_file(data: bytes) -> bool:
    return data.startswith((b"ID3", b"RIFF")) or parse_header(data) is not None
