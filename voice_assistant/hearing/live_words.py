"""The words of a recording while it is made, found by this machine's recogniser."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

import numpy as np

from voice_assistant.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.command_grammar import Commands
    from voice_assistant.engines.recognition.recognizer import Recognizer
    from voice_assistant.engines.recognition.utterance import Utterance

log = logging.getLogger(__name__)


class LiveWords:
    """The words of one recording while it goes on; `run` finds them.

    Args:
        recognizer: finds the words; loaded meanwhile, if need be.
        commands: what may be ordered in it; None: the recogniser's own commands.
    """

    def __init__(self, recognizer: Recognizer, commands: Commands | None = None) -> None:
        self._recognizer = recognizer
        self._commands = commands
        self._blocks: asyncio.Queue[Pcm] = asyncio.Queue()
        self._utterance: Utterance | None = None
        self._failed = False
        self._begun = asyncio.Event()
        self._taken = asyncio.Event()  # all blocks so far
        self._taken.set()

    def feed(self, pcm: Pcm) -> None:
        """Take the next samples, 16 kHz; returns at once."""
        if self._failed:
            return
        self._taken.clear()
        self._blocks.put_nowait(pcm)

    @property
    def at_pause(self) -> str:
        """Return all words where the speaker pauses; "" while they are not known.

        The last blocks may not be among them.
        """
        known = self._utterance.words_at_pause if self._utterance else None
        return known.text if known else ""

    async def words(self) -> Transcript | None:
        """Return the words of all samples; None if they cannot be found."""
        await self._taken.wait()
        return await self._utterance.finish() if self._utterance else None

    async def follow(self) -> AsyncGenerator[str, None]:
        """Yield the words so far whenever they have changed, without an end."""
        await self._begun.wait()
        if self._utterance:
            async with contextlib.aclosing(self._utterance.follow()) as coming:
                async for words in coming:
                    yield words

    async def run(self) -> None:
        """Recognise what is fed, until cancelled."""
        try:
            async with self._recognizer.utterance(self._commands) as utterance:
                self._utterance = utterance
                self._begun.set()
                while True:
                    blocks = [await self._blocks.get()]
                    with contextlib.suppress(asyncio.QueueEmpty):
                        while True:
                            blocks.append(self._blocks.get_nowait())
                    await utterance.feed(np.concatenate(blocks))
                    if self._blocks.empty():
                        self._taken.set()
        except AssistantError as error:
            log.info("no words while the recording is made: %s", error.title)
            self._utterance, self._failed = None, True
            self._begun.set()
            self._taken.set()
