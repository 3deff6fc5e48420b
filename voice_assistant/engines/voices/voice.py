"""Speaks texts by a voice of this machine, and by another one what the voice cannot read."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.engines.voices.ascii import ascii_of, keeps_words
from voice_assistant.engines.voices.portions import WORD, portions
from voice_assistant.engines.voices.program import HINT, VoiceFailed
from voice_assistant.text.languages import in_scripts, language_of, language_of_han, script_of
from voice_assistant.text.signs import has_signs, in_words
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.voices.program import Program

    Speak = Callable[[str], AsyncGenerator[tuple[Pcm, int], None]]

log = logging.getLogger(__name__)


class _Way(NamedTuple):
    """A way to turn words into sound.

    Attributes:
        speak: yields the samples of a text and their rate in Hz.
        words: the text for it.
        gain: the factor that makes the sound as loud as that of other voices.
    """

    speak: Speak
    words: str
    gain: float = 1.0


class Voice:
    """One voice of one engine.

    Args:
        name: engine and voice, such as "flite slt".
        own: speaks a sentence: a program, or a network in this process.
        foreign: the program for other languages, with "{language}" in its command.
        language: the language of `own`, such as "en"; "" if it is unknown: then `own` speaks all
            text in Latin letters.
        gain: the factor that makes `own` as loud as other voices.
        load: makes the voice ready to speak at once, if that takes time.
        ascii_only: True if `own` knows English letters only.
        can_read: returns whether the programs can read words with the voice of a language (its
            code). Words of a sentence that no program reads are left out, and `speak` raises an
            error after the other words.
    """

    def __init__(
        self,
        name: str,
        own: Speak,
        foreign: Program | None = None,
        *,
        language: str = "",
        gain: float = 1.0,
        load: Callable[[], None] | None = None,
        ascii_only: bool = False,
        can_read: Callable[[str, str], bool] = lambda _words, _language: True,
    ) -> None:
        self.name = name
        self._own = own
        self._foreign = foreign
        self._language = language
        self._gain = gain
        self._load = load
        self._ascii_only = ascii_only
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
        for sentence in portions(self._in_words(text, language)):
            apart = self._foreign or self._ascii_only
            parts = in_scripts(sentence) if apart else [sentence]
            for part in filter(WORD.search, parts):
                ways = self._ways(part, language, around, quoted=len(parts) > 1)
                unread = unread or not ways
                if ways:
                    async with contextlib.aclosing(self._by_the_first(ways)) as blocks:
                        async for block in blocks:
                            yield block
        if unread:
            raise VoiceFailed(_("{name} cannot read all of a sentence", name=self.name), _(HINT))

    def _in_words(self, text: str, language: str) -> str:
        """Return the text with the words for its signs, as far as this voice says such words."""
        if not has_signs(text):
            return text
        return in_words(text, script_of(text) or language or self._language)

    async def _by_the_first(self, ways: list[_Way]) -> AsyncGenerator[tuple[Pcm, int], None]:
        """Yield the sound of the first of the ways that makes a sound."""
        said = False
        for way in ways:
            try:
                async with contextlib.aclosing(way.speak(way.words)) as blocks:
                    async for pcm, rate_hz in blocks:
                        said = True
                        yield louder(pcm, way.gain), rate_hz
            except VoiceFailed as error:
                if said or way is ways[-1]:
                    raise
                log.info("another voice is tried: %s", error.title)
            if said:
                return

    async def _other_language(self, texts: Sequence[str]) -> str:
        """Return the language of the first text that tells one; "" if only one voice is there."""
        if self._foreign and self._language:
            for text in texts:
                if language := await asyncio.to_thread(language_of, text):
                    return language
        return ""

    def _ways(self, words: str, language: str, around: str, *, quoted: bool) -> list[_Way]:
        """Return the ways that can speak words, the best first.

        Args:
            words: words in letters of one script.
            language: the language of the text.
            around: the text, and the texts around it.
            quoted: True if other words of the sentence are in other letters.
        """
        own = self._own_ways(words)
        script = script_of(words) if self._foreign else ""
        if script == "zh":
            script = language_of_han(words, around)
        other = script or language or self._language
        if not self._foreign or not other:
            return own
        program = self._foreign.speaking(self._foreign.languages.get(script, other))
        foreign = [_Way(program.speak, words)] if self._can_read(words, other) else []
        if other == self._language:
            return [*own, *foreign]
        return foreign if script and not quoted else [*foreign, *own]

    def _own_ways(self, words: str) -> list[_Way]:
        if self._ascii_only:
            plain = [ascii_of(words)] if keeps_words(words) else []
        else:
            plain = [words] if self._can_read(words, self._language) else []
        return [_Way(self._own, text, self._gain) for text in plain]


def louder(pcm: Pcm, gain: float) -> Pcm:
    """Return sound with another loudness, clipped."""
    if gain == 1.0:
        return pcm
    scaled: Pcm = np.clip(np.rint(pcm * gain), -32768, 32767).astype(np.int16)
    return scaled
