"""A recogniser that needs no network."""

from __future__ import annotations

from contextlib import asynccontextmanager

from voice_assistant.api.models import Transcript


class FakeRecognizer:
    """This machine's recogniser, which hears the same words in every recording."""

    words_at_pause = None

    def __init__(self, words: str) -> None:
        self._words = words

    def available(self) -> bool:
        return True

    def knows(self, words: str) -> bool:
        return False

    @asynccontextmanager
    async def utterance(self, commands=None):
        yield self

    async def feed(self, pcm) -> None:
        pass

    async def finish(self) -> Transcript:
        return Transcript(text=self._words)

    async def follow(self):
        for words in ():
            yield words
