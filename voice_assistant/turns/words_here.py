"""The words of a question that this machine's recogniser hears while it is spoken."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.command_words.spoken import spoken_over_alarms, spoken_over_answers
from voice_assistant.errors import BackendError
from voice_assistant.hearing.end_of_question import Said, judge

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.command_words.meaning import Meaning
    from voice_assistant.engines.recognition.command_grammar import Commands
    from voice_assistant.turns.occasion import Occasion
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)


class WordsHere:
    """Hears one question along, where this machine recognises speech; `run` does the work.

    Args:
        services: what the turn works with.
        occasion: tells whether the wake word may begin what is said.
        meaning: returns the meaning of words that are a command for the assistant itself.

    Attributes:
        feed: takes the next samples, 16 kHz; None if this machine does not hear along.
    """

    def __init__(
        self,
        services: TurnServices,
        occasion: Occasion,
        meaning: Callable[[str], Meaning | None],
    ) -> None:
        self._services = services
        self._occasion = occasion
        self._meaning = meaning
        self._live = services.live_words(_expected(occasion), here=occasion.in_pause)
        self.feed = self._live.feed if self._live else None

    async def run(self) -> None:
        """Recognise what is fed, until cancelled."""
        if self._live:
            await self._live.run()

    def so_far(self) -> AsyncGenerator[str, None]:
        """Yield the words so far whenever they have changed; those of the server, failing that."""
        return self._live.follow() if self._live else self._services.server_words()

    async def command(self) -> Transcript | None:
        """Return all words if they are a command for the assistant itself, else None."""
        heard = await self._live.words() if self._live else None
        words = self.without_wake_word(heard.text) if heard else ""
        return heard if words and self._meaning(words) else None

    async def of(self, pcm: Pcm) -> Transcript:
        """Return the words of the whole recording, of which most are found already."""
        words = await self._live.words() if self._live else None
        return await self._services.local_words(pcm) if words is None else words

    async def tell(self, found: Transcript) -> None:
        """Tell a backend with our own recogniser how surely that has heard a question here."""
        if not self._live:
            return
        told = msgspec.structs.replace(
            found,
            text=self.without_wake_word(found.text),
            perhaps=self.without_wake_word(found.perhaps),
        )
        try:
            await self._services.tell_heard(told)
        except BackendError as error:  # the question fails as well
            log.info("the backend does not know how surely it was heard: %s", error.title)

    def judge(self) -> Said:
        """Return what was said until now."""
        heard = self._live.at_pause if self._live else ""
        words = self.without_wake_word(heard)
        if heard and not words:
            return Said.NOTHING
        recognizer = self._services.recognizer
        known = bool(recognizer and recognizer.knows(words)) or self._meaning(words)
        return judge(words, command=bool(known))

    def without_wake_word(self, words: str) -> str:
        """Return words without the wake word at their beginning, where one may be said."""
        hands_free, woken = self._services.settings.hands_free, self._occasion.wake_word_said
        if not (woken or (self._occasion.by_itself and hands_free.wake_word)):
            return words
        from voice_assistant.hearing.wake_phrase import without_phrase  # noqa: PLC0415

        return without_phrase(words, hands_free.wake_phrase, woken=woken)


def _expected(occasion: Occasion) -> Commands | None:
    """Return what is expected in a voice that the removal of an echo has damaged."""
    if occasion.over_alarm:
        return spoken_over_alarms()
    return spoken_over_answers() if occasion.into_answer else None
