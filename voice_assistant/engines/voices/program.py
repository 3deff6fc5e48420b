"""Runs the speech programs of this machine, and reads the sound that they make.

The programs run as commands: this project's code could not be linked with some of them because of
their licences, and a command can be killed in the middle of a word. The text goes to standard
input, because all users can read the process list.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import subprocess
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Self

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.errors import AssistantError, StorageError
from voice_assistant.system.child_environment import child_environment
from voice_assistant.system.temporary import temporary_folder
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence

    from voice_assistant.audio.format import Pcm

PATIENCE_S = 10.0
"""A program without output for this long hangs: programs need 0.1 s for a sentence."""

PIECE_BYTES = 8192
NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
HINT = N_("Install espeak-ng, or a voice of this text's language.")


class VoiceFailed(AssistantError):
    """The voice did not speak."""

    code = "voice"


class Program(NamedTuple):
    """A speech program, which is run anew for each sentence.

    Attributes:
        name: engine and voice as people know them, such as "flite slt".
        command: the command line. "{file}" in it stands for the WAV file that the program writes;
            without "{file}" the WAV comes from its standard output. "{language}" stands for a
            language, see `speaking`.
        languages: the program's names of those languages that it does not name by their codes.
        as_base64: True gives the program its text in Base64: PowerShell reads standard input by a
            code page.
        patience_s: a program without output for this long has failed.
    """

    name: str
    command: Sequence[str]
    languages: Mapping[str, str] = MappingProxyType({})
    as_base64: bool = False
    patience_s: float = PATIENCE_S

    def speaking(self, language: str) -> Self:
        """Return the program that speaks a language, as the program names it."""
        return self._replace(
            command=[part.replace("{language}", language) for part in self.command]
        )

    async def speak(self, text: str) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Yield the samples of a sentence and their rate in Hz.

        Closing the iterator ends the program at once.

        Raises:
            VoiceFailed: the program is missing, fails, hangs, or makes no sound of the sentence.
        """
        if self.as_base64:
            text = base64.b64encode(text.encode()).decode()
        wav = _from_file if "{file}" in self.command else _from_output
        decoder = SpeechDecoder()
        async with contextlib.aclosing(wav(self.command, text)) as pieces:
            while piece := await self._next(pieces):
                for pcm, rate_hz, _place in decoder.feed(piece):
                    yield pcm, rate_hz
        for pcm, rate_hz, _place in decoder.close():
            yield pcm, rate_hz
        if not decoder.files:
            raise VoiceFailed(_("{name} cannot read a sentence", name=self.name), _(HINT))

    async def _next(self, pieces: AsyncGenerator[bytes, None]) -> bytes:
        """Return the program's next output; empty at its end."""
        try:
            async with asyncio.timeout(self.patience_s):
                return await anext(pieces, b"")
        except TimeoutError as error:
            raise VoiceFailed(_("{name} hangs", name=self.name)) from error


async def _from_output(command: Sequence[str], text: str) -> AsyncGenerator[bytes, None]:
    """Yield the output of a program as soon as the program writes it."""
    async with _program(command, text) as process:
        assert process.stdout  # noqa: S101  (it is a pipe)
        while data := await process.stdout.read(PIECE_BYTES):
            yield data
        await _succeed(process)


async def _from_file(command: Sequence[str], text: str) -> AsyncGenerator[bytes, None]:
    """Yield the file of a program that can only write to a file (flite rewrites the header)."""
    try:
        with temporary_folder() as folder:
            file = Path(folder) / "speech.wav"
            arguments = [part.replace("{file}", str(file)) for part in command]
            async with _program(arguments, text) as process:
                await _succeed(process)
            yield file.read_bytes()
    except StorageError as error:
        raise VoiceFailed(error.title, error.hint) from error
    except OSError as error:
        raise VoiceFailed(
            _("{command} wrote no speech", command=command[0]), f"{error.strerror}."
        ) from error


@contextlib.asynccontextmanager
async def _program(command: Sequence[str], text: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the program with the text on its standard input; the end of the context kills it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(),
            creationflags=NO_WINDOW,
        )
    except OSError as error:
        raise VoiceFailed(
            _("{command} cannot be started", command=command[0]), str(error)
        ) from error
    assert process.stdin  # noqa: S101  (it is a pipe)
    try:
        process.stdin.write(text.encode())
        process.stdin.close()
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _succeed(process: asyncio.subprocess.Process) -> None:
    if status := await process.wait():
        raise VoiceFailed(_("The speech program failed with status {status}", status=status))
