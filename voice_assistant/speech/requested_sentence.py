"""The speech of one requested sentence while it comes from the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.errors import ServerBug
from voice_assistant.speech.audibility import AudibleSpan, has_words, is_heard
from voice_assistant.speech.coverage import StreamFiles
from voice_assistant.speech.prosody import longest_s
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.errors import BackendError
    from voice_assistant.speech.clip import Clip, Decoder
    from voice_assistant.speech.prosody import Prosody

_LONGEST_SILENCE_S = 5.0
"""The rest of a longer silence within a sentence is not played, and does not count as speech."""


class NotHeard(ServerBug):
    """The server sent sound that cannot be the speech of the sentence."""


class RequestedSentence:
    """Fills a clip with the bytes of one sentence, and checks them.

    Args:
        clip: gets the sound that can be played.
        decoder: decodes this sentence only.

    Attributes:
        speech: the timing of the speech.
        awaited: True while we wait for the server, False while we wait for the listener.
        useful_bytes: the bytes that have come, without those of long silence.
    """

    def __init__(self, clip: Clip, decoder: Decoder) -> None:
        self.clip = clip
        self.decoder = decoder
        self.speech = StreamFiles()
        self.awaited = True
        self.useful_bytes = 0
        self._span = AudibleSpan()
        self._held: list[Decoded] = []  # silence, until something audible follows

    def feed(self, data: bytes) -> None:
        """Add the next bytes."""
        self.add(self.decoder.feed(data))
        if self._span.silence_s <= _LONGEST_SILENCE_S:
            self.useful_bytes += len(data)

    def add(self, sounds: list[Decoded]) -> None:
        """Add the next sounds."""
        for sound in sounds:
            self.speech.add(sound)
            self._span.add(sound)
            if self._span.silence_s <= _LONGEST_SILENCE_S:
                self._held.append(sound)
            if self._span.seconds:
                self.clip.sounds.extend(self._held)
                self._held.clear()

    @property
    def endless(self) -> bool:
        """Return whether the sound is too long for its sentence: music, or noise."""
        return self._span.seconds > longest_s(self.clip.words)

    def fault(self, words: str, prosody: Prosody) -> BackendError | None:
        """Return why the sound cannot be the speech of `words`; None if it can be."""
        settings = _("Look at the text-to-speech settings of the app.")
        if not self.speech.pauses:
            return ServerBug(_("The server sent no speech for a sentence"), settings)
        if has_words(words) and not self._span.seconds:
            return NotHeard(_("The server sent silence for a sentence"), settings)
        if self.decoder.cut_off:
            return NotHeard(_("The server's speech of a sentence breaks off"), settings)
        if self.endless:
            return NotHeard(_("The server's sound is far too long for its sentence"), settings)
        span = self._span
        if not is_heard(words, span.seconds, span.peak, prosody, breaks_off=span.breaks_off):
            return NotHeard(_("The server's speech is too short for its sentence"), settings)
        return None
