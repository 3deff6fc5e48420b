"""A recogniser that needs no network."""

from __future__ import annotations

from contextlib import asynccontextmanager

from voice_assistant.api.models import Transcript


class FakeRecognizer:
    """This machine's recogniser, which hears the same words in every recording."""

    words_at_pause = None

    def __init__(self, heard: str | Transcript) -> None:
        self._heard = Transcript(text=heard) if isinstance(heard, str) else heard

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
        return self._heard

    async def follow(self):
        for words in ():
            yield words
