"""The speech of an answer. A form with which the app asks ends one speech, and the next begins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.turns.answer.speech import SpeechOfAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.answer.text import AnswerText


def _unspoken(_: Narration) -> SpeechOfAnswer:
    return SpeechOfAnswer()


class AnswerVoice:
    """Lets an answer's text be spoken.

    Args:
        text: the answer's text.
        narration: gets the first speech.
        renew: returns a new narration for each further speech.

    Attributes:
        narration: gets the speech at this moment.
        speech: the speech at this moment.
    """

    def __init__(
        self, text: AnswerText, narration: Narration, renew: Callable[[], Narration]
    ) -> None:
        self.narration = narration
        self.speech = SpeechOfAnswer()
        self._text = text
        self._renew = renew
        self._make: Callable[[Narration], SpeechOfAnswer] = _unspoken
        self._prompting: asyncio.Task[None] | None = None

    def begin(self, make: Callable[[Narration], SpeechOfAnswer]) -> None:
        """Begin the first speech; `make` makes each one. Without `begin` nothing is spoken."""
        self._make = make
        self._begin()

    def renew(self) -> None:
        """Begin a new speech, for what is said from now on."""
        self.narration = self._renew()
        self._begin()

    async def prompt(self, words: str) -> None:
        """Say words that ask the user, in place of those that are being said; returns at once."""
        await self.hush()
        self.renew()
        self.speech.text(words)
        self.speech.ended()
        self._prompting = asyncio.create_task(self.speech.run())

    async def hush(self) -> None:
        """End the words that ask the user."""
        if self._prompting and not self._prompting.done():
            self._prompting.cancel()
            await asyncio.wait([self._prompting])
            self.speech.interrupted()
        self._prompting = None

    def _begin(self) -> None:
        self.speech = self._make(self.narration)
        self._text.speak(self.speech)
