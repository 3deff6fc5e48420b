"""Speaks texts by the speech programs of this machine, or by a network in this process.

The programs run as commands: this project's code could not be linked with some of them because of
their licences, and a command can be killed in the middle of a word. The text goes to standard
input, because all users can read the process list.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import re
import subprocess
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.engines.voices.ascii import ascii_of, keeps_words
from voice_assistant.errors import AssistantError, StorageError
from voice_assistant.system.child_environment import child_environment
from voice_assistant.system.temporary import temporary_folder
from voice_assistant.text.languages import in_scripts, language_of, language_of_han, script_of
from voice_assistant.text.signs import has_signs, in_words
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence

    from voice_assistant.audio.format import Pcm

    Speaks = Callable[[str], AsyncGenerator[tuple[Pcm, int], None]]

PATIENCE_S = 10.0
"""A program without output for this long hangs: programs need 0.1 s for a sentence."""

PIECE_BYTES = 8192
LONGEST = 300
SENTENCE = re.compile(
    rf"""\S(?: .{{0,{LONGEST}}}? (?: [.!?…]+ ["')\]]* (?=\s) | $ )
          | .{{0,{LONGEST}}} [:;,] (?=\s) | .{{0,{LONGEST}}} (?=\s) | .{{0,{LONGEST}}} )""",
    re.DOTALL | re.VERBOSE,
)
"""A sentence; of a longer one the part before a pause, else as many words as fit, else letters.
A program makes no sound before it has read its text to the end, so parts must not be longer; each
shorter part would sound like the end of a sentence."""

COMMANDS_IN_TEXT = re.compile(r"\[\[|\]\]|</?[a-zA-Z][^<>]*>")
"""espeak-ng reads [[phonemes]], `say` obeys [[commands]], and markup must not be spoken."""

_WORD = re.compile(r"[^\W_]")
_HINT = N_("Install espeak-ng, or a voice of this text's language.")

NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)

log = logging.getLogger(__name__)


class VoiceFailed(AssistantError):
    """The voice did not speak."""

    code = "voice"


class Way(NamedTuple):
    """A way to turn words into sound.

    Attributes:
        command: a program's command line; "{file}" stands for the WAV file that the program
            writes; without "{file}" the WAV comes from its standard output. Or a function that
            yields samples and their rate in Hz.
        gain: the factor that makes the sound as loud as that of other voices.
    """

    command: Sequence[str] | Speaks
    gain: float = 1.0


class Voice:
    """One voice of one engine.

    Args:
        name: engine and voice, such as "flite slt".
        command: how the voice speaks, see `Way`.
        foreign: the command line for other languages, with "{language}" in it; empty without one.
        language: the language of `command`, such as "en"; "" if it is unknown: then `command`
            speaks all text in Latin letters.
        names: the name in `foreign` of each language that has its own letters, if the name differs
            from the language's code.
        gain: the gain of `command`, see `Way`.
        load: makes the voice ready to speak at once, if that takes time.
        ascii_only: True if the program knows English letters only.
        can_read: returns whether the programs can read words with the voice of a language (its
            code). Words of a sentence that no program reads are left out, and `speak` raises an
            error after the other words.
        as_base64: True gives the program its text in Base64: PowerShell reads standard input by a
            code page.
        patience_s: a program without output for this long has failed.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str] | Speaks,
        foreign: Sequence[str] = (),
        *,
        gain: float = 1.0,
        load: Callable[[], None] | None = None,
        language: str = "",
        names: Mapping[str, str] = MappingProxyType({}),
        ascii_only: bool = False,
        can_read: Callable[[str, str], bool] = lambda _words, _language: True,
        as_base64: bool = False,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.name = name
        self._own = Way(command, gain)
        self._load = load
        self._foreign = foreign
        self._language = language
        self._names = names
        self._patience_s = patience_s
        self._ascii_only = ascii_only
        self._as_base64 = as_base64
        self._can_read = can_read

    async def warm(self) -> None:
        """Make the voice ready, so that the first sentence need not wait for it."""
        if self._load:
            with contextlib.suppress(VoiceFailed):
                await asyncio.to_thread(self._load)

    async def speak(
        self, text: str, within: Sequence[str] = ()
    ) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Speak a text: yield blocks of samples and their rate in Hz, sentence by sentence.

        Closing the iterator ends the program at once.

        Args:
            text: the text to speak.
            within: texts that may tell the language if the letters of `text` do not, the best
                first.

        Raises:
            VoiceFailed: the program is missing, fails, or cannot read such a text.
        """
        language = await self._other_language(within)
        around = "\n".join((text, *within))
        unread = False
        for sentence in sentences(self._in_words(text, language)):
            apart = self._foreign or self._ascii_only
            parts = in_scripts(sentence) if apart else [sentence]
            for part in filter(_WORD.search, parts):
                ways = self._ways(part, language, around, quoted=len(parts) > 1)
                unread = unread or not ways
                if ways:
                    async with contextlib.aclosing(self._by_the_first(ways)) as blocks:
                        async for block in blocks:
                            yield block
        if unread:
            raise VoiceFailed(_("{name} cannot read all of a sentence", name=self.name), _(_HINT))

    def _in_words(self, text: str, language: str) -> str:
        """Return the text with the words for its signs, as far as this voice says such words."""
        if not has_signs(text):
            return text
        return in_words(text, script_of(text) or language or self._language)

    async def _by_the_first(
        self, ways: list[tuple[Way, str]]
    ) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Yield the sound of the first of the ways that makes a sound."""
        said = False
        while not said:
            way, words = ways.pop(0)
            try:
                async with contextlib.aclosing(self._sound(way.command, words)) as blocks:
                    async for pcm, rate_hz in blocks:
                        said = True
                        yield louder(pcm, way.gain), rate_hz
            except VoiceFailed as error:
                if said or not ways:
                    raise
                log.info("another voice is tried: %s", error.title)

    async def _other_language(self, texts: Sequence[str]) -> str:
        """Return the language of the first text that tells one; "" if only one voice is there."""
        if self._foreign and self._language:
            for text in texts:
                if language := await asyncio.to_thread(language_of, text):
                    return language
        return ""

    def _ways(
        self, words: str, language: str, around: str, *, quoted: bool
    ) -> list[tuple[Way, str]]:
        """Return the ways that can speak words, the best first, each with its input.

        Args:
            words: words in letters of one script.
            language: the language of the text.
            around: the text, and the texts around it.
            quoted: True if other words of the sentence are in other letters.
        """
        own: list[tuple[Way, str]] = []
        if self._ascii_only:
            own = [(self._own, ascii_of(words))] * keeps_words(words)
        elif self._can_read(words, self._language):
            own = [(self._own, words)]
        script = script_of(words) if self._foreign else ""
        if script == "zh":
            script = language_of_han(words, around)
        other = script or language or self._language
        if not self._foreign or not other:
            return own
        name = self._names.get(script, other)
        foreign: list[tuple[Way, str]] = []
        if self._can_read(words, other):
            foreign = [(Way([part.replace("{language}", name) for part in self._foreign]), words)]
        if other == self._language:
            return [*own, *foreign]
        return foreign if script and not quoted else [*foreign, *own]

    async def _sound(
        self, command: Sequence[str] | Speaks, text: str
    ) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Yield the sound that a command makes of a text."""
        if callable(command):
            async with contextlib.aclosing(command(text)) as blocks:
                async for block in blocks:
                    yield block
            return
        if self._as_base64:
            text = base64.b64encode(text.encode()).decode()
        wav = _from_file if "{file}" in command else _from_output
        decoder = SpeechDecoder()
        async with contextlib.aclosing(wav(command, text)) as pieces:
            while piece := await self._next(pieces):
                for pcm, rate_hz, _place in decoder.feed(piece):
                    yield pcm, rate_hz
        for pcm, rate_hz, _place in decoder.close():
            yield pcm, rate_hz
        if not decoder.files:
            raise VoiceFailed(_("{name} cannot read a sentence", name=self.name), _(_HINT))

    async def _next(self, pieces: AsyncGenerator[bytes, None]) -> bytes:
        """Return the program's next output; empty at its end."""
        try:
            async with asyncio.timeout(self._patience_s):
                return await anext(pieces, b"")
        except TimeoutError as error:
            raise VoiceFailed(f"{self.name} hangs") from error


def louder(pcm: Pcm, gain: float) -> Pcm:
    """Return sound with another loudness, clipped."""
    if gain == 1.0:
        return pcm
    scaled: Pcm = np.clip(np.rint(pcm * gain), -32768, 32767).astype(np.int16)
    return scaled


def sentences(text: str) -> list[str]:
    """Return the text without markup, in parts that are spoken one after the other."""
    plain = COMMANDS_IN_TEXT.sub(" ", text)
    return [sentence for sentence in SENTENCE.findall(plain) if _WORD.search(sentence)]


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
