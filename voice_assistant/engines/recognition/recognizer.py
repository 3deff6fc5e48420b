"""Recognises speech in a child process.

pocketsphinx holds the interpreter's lock for up to a second while it works: in this process all
other tasks would wait. The child process is `process.py`, which also describes the frames in its
pipes.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import sys
from typing import TYPE_CHECKING, Self

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.engines.recognition.process import HEADER, Kind
from voice_assistant.errors import AssistantError
from voice_assistant.system.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from voice_assistant.audio.format import Pcm

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "voice_assistant.engines.recognition.process")

GOODBYE_S = 2.0
"""How long the child process may take to end after its input is closed; then it is killed."""


PATIENCE_S = 10.0
PATIENCE_PER_SECOND = 3.0
"""Seconds to wait for the words: `PATIENCE_S`, and `PATIENCE_PER_SECOND` per second of speech.

The recogniser needs a fifth of the speech's duration, on a busy machine more. A recogniser that
takes longer counts as hanging, and is replaced."""


class RecognizerDied(AssistantError):
    """The recogniser's process ended; the next use starts another process."""

    code = "recognizer"


def recognizer_available() -> bool:
    """Return whether this machine can recognise speech (some platforms have no pocketsphinx)."""
    return importlib.util.find_spec("pocketsphinx") is not None


class Recognizer:
    """Turns speech (16 kHz) into words; `async with` starts and ends the process.

    One utterance is recognised at a time, the others wait. If the process dies or hangs, the
    waiting call raises `RecognizerDied`, and the next utterance starts a new process.

    Args:
        grammar: the known commands as an FSG, as `Skills.grammar` makes it; "" for no commands.
        command: the command line of the process.
    """

    def __init__(self, grammar: str = "", command: Sequence[str] = COMMAND) -> None:
        self._grammar = grammar
        self._command = command
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._number = 0

    async def __aenter__(self) -> Self:
        """Start the process; the process loads its model in the background."""
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the process."""
        await self._end()

    async def recognize(self, pcm: Pcm) -> str:
        """Return the words of a complete recording; "" without words.

        Raises:
            RecognizerDied: the process ended before it answered, or hangs.
        """
        async with self.utterance() as utterance:
            await utterance.feed(pcm)
            return await utterance.finish()

    @contextlib.asynccontextmanager
    async def utterance(self) -> AsyncIterator[Utterance]:
        """Begin a recording that is recognised while it arrives; an unfinished one is dropped.

        Raises:
            RecognizerDied: no process can be started.
        """
        async with self._turn:
            if self._process is None or self._process.returncode is not None:
                await self._start()
            assert self._process  # noqa: S101  (just started)
            self._number += 1
            try:
                yield Utterance(self._process, self._number)
            except RecognizerDied:
                await self._end()
                raise

    async def _start(self) -> None:
        await self._end()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=child_environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path))),
            )
            send(self._process, Kind.GRAMMAR, self._grammar.encode())
        except OSError as error:
            raise RecognizerDied("Speech recognition cannot be started", str(error)) from error

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin  # noqa: S101  (it is a pipe)
        process.stdin.close()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        finally:
            with contextlib.suppress(ConnectionError):
                await process.stdin.wait_closed()


class Utterance:
    """One recording on its way through the recogniser.

    Args:
        process: the recogniser's process.
        number: tells this recording's words from those of dropped recordings.
    """

    def __init__(self, process: asyncio.subprocess.Process, number: int) -> None:
        self._process = process
        self._number = number
        self._patience_s = PATIENCE_S
        send(process, Kind.BEGIN, str(number).encode())

    async def feed(self, pcm: Pcm) -> None:
        """Send the next samples; waits while the recogniser is far behind.

        Raises:
            RecognizerDied: the process ended, or hangs.
        """
        if not pcm.size:  # pocketsphinx refuses empty blocks
            return
        send(self._process, Kind.AUDIO, pcm.tobytes())
        assert self._process.stdin  # noqa: S101  (it is a pipe)
        self._patience_s += len(pcm) / SPEECH_RATE_HZ * PATIENCE_PER_SECOND
        try:
            async with asyncio.timeout(self._patience_s):
                await self._process.stdin.drain()
        except (ConnectionError, TimeoutError) as error:
            raise _died(self._process) from error

    async def finish(self) -> str:
        """Return the words, in lower case; "" without words.

        Raises:
            RecognizerDied: the process ended before it answered, or takes too long.
        """
        send(self._process, Kind.FINISH)
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._words()
        except TimeoutError as error:
            raise _died(self._process) from error

    async def _words(self) -> str:
        assert self._process.stdout  # noqa: S101  (it is a pipe)
        # `readline` takes a complete line or nothing, so a cancelled call leaves no half line; the
        # next call skips the line of the dropped recording by its number.
        while line := await self._process.stdout.readline():
            number, _, words = line.decode().strip().partition(" ")
            if int(number) == self._number:
                return words
        raise _died(self._process)


def send(process: asyncio.subprocess.Process, kind: Kind, payload: bytes = b"") -> None:
    """Queue a frame; a closed pipe is noticed later, when the answer is read."""
    assert process.stdin  # noqa: S101  (it is a pipe)
    process.stdin.write(HEADER.pack(kind, len(payload)) + payload)


def _died(process: asyncio.subprocess.Process) -> RecognizerDied:
    if process.returncode is None:
        log.warning("the recogniser's process does not answer any more")
    else:
        log.warning("the recogniser's process ended with status %s", process.returncode)
    return RecognizerDied("Speech recognition stopped unexpectedly", "Say it again.")
