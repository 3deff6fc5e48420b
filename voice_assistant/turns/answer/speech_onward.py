"""Speaks an answer from a sentence on: the ones before were said."""

from __future__ import annotations

from voice_assistant.text.sentences import Sentences
from voice_assistant.text.speakable import speakable
from voice_assistant.turns.answer.speech import SpeechOfAnswer


class SpeechOnward(SpeechOfAnswer):
    """Leaves out the first sentences; those without words do not count.

    Args:
        speech: speaks the rest.
        said: how many sentences were said.
    """

    def __init__(self, speech: SpeechOfAnswer, said: int) -> None:
        super().__init__()
        self._speech = speech
        self._said = self._left = said
        self._splitter = Sentences()
        self._pending = ""

    def text(self, delta: str) -> None:
        """Add the next piece of the visible text."""
        if self._left:
            self._pending += delta
            self._leave_out(self._splitter.feed(delta))
        else:
            self._speech.text(delta)

    def replaced(self, text: str) -> None:
        """Replace all text so far by `text`."""
        if self._left:
            self._left, self._splitter, self._pending = self._said, Sentences(), ""
            self.text(text)
        else:
            self._speech.replaced(text)

    def left_out(self) -> None:
        """Ignore the stream's audio from now on."""
        self._speech.left_out()

    def audio(self, data: bytes, words: str) -> None:
        """Add the next bytes of the stream's audio."""
        self._speech.audio(data, words)

    def audio_ended(self) -> None:
        """Note that no more audio comes in the stream."""
        self._speech.audio_ended()

    def broke_off(self) -> None:
        """Note that the text stops anywhere, and goes on later."""
        self._speech.broke_off()

    def ended(self, message_id: str = "") -> None:
        """Note that the answer has ended."""
        if self._left:
            self._leave_out(self._splitter.finish())
        self._speech.ended(message_id)

    async def run(self) -> None:
        """Speak the rest. Cancelling `run` stops the speech at once."""
        await self._speech.run()

    def interrupted(self) -> None:
        """Send `Spoken` after `run` was cancelled, unless it was sent."""
        self._speech.interrupted()

    def _leave_out(self, sentences: list[str]) -> None:
        """Leave out sentences, and pass on what follows the last one that is to be left out."""
        for sentence in sentences:
            self._pending = self._pending[len(sentence) :]
            self._left -= bool(speakable(sentence))
            if not self._left:
                self._speech.text(self._pending)
                return
