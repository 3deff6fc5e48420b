"""The words of a recording, asked for while it is still being made.

All but the last syllable is on the server when the key is released, so that the words are there a
round trip later, however long one spoke.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from voice_assistant.audio.endpointing import LEAST_SPEECH_S
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.backend.capabilities import check_hearing
from voice_assistant.errors import (
    AssistantError,
    BackendError,
    ConfigError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    NothingHeard,
    TimedOut,
    TooLarge,
    Unauthorized,
    UnsupportedAudio,
)
from voice_assistant.hearing.no_speech import words_in
from voice_assistant.system.suspend import NAP_S, asleep_s

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.models import Upload
    from voice_assistant.audio.format import Pcm
    from voice_assistant.backend.capabilities import Capabilities
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.ports import Backend
    from voice_assistant.settings.schema import SpeechToTextSettings

log = logging.getLogger(__name__)

REFUSED = (
    ConfigError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    TooLarge,
    Unauthorized,
    UnsupportedAudio,
)
"""What no second attempt changes."""

NOT_DEAF = (Unauthorized,)
"""What this machine does not listen for: the answer would be refused as well."""


_AGAIN_AS_LONG = 2.0
"""Recognisers that run on an ordinary processor need up to this part of a recording's length."""


@dataclass(frozen=True, kw_only=True)
class Recognisers:
    """Who can find out the words of a recording.

    Attributes:
        connect: the backend, as soon as it can be asked; raises BackendError or ConfigError.
        capabilities: whether the backend's app can hear.
        here: finds the words out on this machine; raises AssistantError.
        wished: which of the two is asked.
        silence_s: how long the server may take for the words of a recording, beside twice the
            recording's own length.
    """

    connect: Callable[[], Awaitable[Backend]]
    capabilities: Capabilities
    here: Callable[[Pcm], Awaitable[str]]
    wished: SpeechToTextSettings
    silence_s: float = 25.0

    async def words_of(self, upload: Upload, pcm: Pcm, speech_s: float) -> str:
        """The words of a recording that is complete.

        Args:
            upload: what is sent to the server.
            pcm: the same, for this machine.
            speech_s: seconds of speech that were detected in it.

        Raises:
            NothingHeard: there are no words in it.
            AssistantError: the words are not found out.
        """
        return await self.find_out(
            lambda: self.ask(upload), lambda: pcm, speech_s, len(pcm) / SPEECH_RATE_HZ
        )

    async def find_out(
        self,
        by_server: Callable[[], Awaitable[str]],
        pcm: Callable[[], Pcm],
        speech_s: float,
        recorded_s: float,
    ) -> str:
        """The words by the server or by this machine, as wished.

        This machine is asked, too, where the server finds no words in speech that was detected.

        Args:
            by_server: asks the server; given up when it takes too long.
            pcm: the recording.
            speech_s: seconds of speech that were detected in it.
            recorded_s: its length.

        Raises:
            NothingHeard: there are no words.
            AssistantError: the words are not found out.
        """
        local = self.wished.local
        finder = "This machine"
        if local != "always":
            try:
                if words := words_in(await self._in_time(by_server(), recorded_s), speech_s):
                    return words
                if local == "never" or speech_s < LEAST_SPEECH_S:
                    raise nothing_heard("The server", speech_s)
                finder = "Neither the server nor this machine"
                log.info("the server found no words in %.1f s of speech", speech_s)
            except BackendError as error:
                # A server that refuses, fails or is away does not hear, whatever it says to it.
                if local == "never" or isinstance(error, NOT_DEAF):
                    raise
                log.info("this machine finds the words out itself: %s", error.title)
        if words := words_in(await self.here(await asyncio.to_thread(pcm)), speech_s):
            return words
        raise nothing_heard(finder, speech_s)

    async def _in_time(self, words: Awaitable[str], recorded_s: float) -> str:
        """Wait for the server's words as long as the length of a recording justifies.

        Raises:
            TimedOut: they did not come.
        """
        patience_s = self.silence_s + _AGAIN_AS_LONG * recorded_s
        try:
            async with asyncio.timeout(patience_s):
                return await words
        except TimeoutError as error:
            raise TimedOut(
                f"The server found no words within {patience_s:.0f} seconds",
                "Try again later, or let this machine listen: local in [speech_to_text].",
            ) from error

    async def ask(self, upload: Upload) -> str:
        """What the server understands of `upload`.

        Raises:
            BackendError: it does not answer, or cannot hear.
            ConfigError: it cannot be asked.
        """
        backend = await self.connect()
        check_hearing(self.capabilities.known)
        return await backend.audio_to_text(upload)


class Transcription:
    """Uploads a recording while it grows; leaving the context gives that up.

    An upload that fails meanwhile costs nothing: the recording is then sent whole at its end, as
    it is to a server or a proxy that takes no upload of unknown length, whatever it says to it.

    Args:
        recognisers: who finds the words out.
        recording: what is said.
        refused: called as soon as it is clear that no words will come, however long one speaks.
        asleep_s: tells how long the machine has slept.
    """

    def __init__(
        self,
        recognisers: Recognisers,
        recording: Recording,
        refused: Callable[[], None],
        asleep_s: Callable[[], float] = asleep_s,
    ) -> None:
        self._recognisers = recognisers
        self._recording = recording
        self._refused = refused
        self._asleep_s = asleep_s
        self._slept_s = asleep_s()
        self._deaf: BackendError | None = None  # why this machine is to listen
        self._live = asyncio.create_task(self._words_while_it_grows())

    def check(self) -> None:
        """See whether the server has refused already.

        Raises:
            BackendError: it has.
            ConfigError: it cannot be asked.
        """
        if self._live.done():
            self._live.result()

    async def words(self, speech_s: float) -> str:
        """The words of the finished recording.

        Args:
            speech_s: seconds of speech that were detected in it.

        Raises:
            NothingHeard: there are no words in it.
            AssistantError: the words are not found out.
        """
        return await self._recognisers.find_out(
            self._by_server, self._recording.pcm, speech_s, self._recording.seconds
        )

    async def _by_server(self) -> str:
        if self._asleep_s() - self._slept_s > NAP_S and not self._live.done():
            log.info("the machine slept while recording: what was said is sent anew")
            self._live.cancel()
            return await self._ask()
        words = await self._live
        if self._deaf:
            raise self._deaf  # without a second upload: the server has said that it does not hear
        return await self._ask() if words is None else words

    async def __aenter__(self) -> Self:
        """Nothing: it has begun."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give up, unless it is over."""
        self._live.cancel()
        await asyncio.gather(self._live, return_exceptions=True)

    async def _words_while_it_grows(self) -> str | None:
        """None where it has to be tried again, with the whole recording."""
        local = self._recognisers.wished.local
        if local == "always":
            return None
        try:
            return await self._ask()
        except REFUSED as error:
            if local == "fallback" and self._is_deaf(error):
                return None
            self._refused()
            raise
        except BackendError as error:
            if self._recording.finished and not error.status:
                raise  # the connection was lost twice, or nothing came for long
            if local == "fallback" and error.status and self._is_deaf(error):
                return None
            log.info("the upload while recording failed, once more as a whole: %s", error.title)
            return None

    def _is_deaf(self, error: AssistantError) -> bool:
        """Whether this machine is to listen in the server's place; remembers why."""
        if not isinstance(error, BackendError) or isinstance(error, NOT_DEAF):
            return False
        self._deaf = error
        return True

    async def _ask(self) -> str:
        return await self._recognisers.ask(self._recording.upload())


def nothing_heard(finder: str, speech_s: float) -> NothingHeard:
    """There are no words in a recording.

    Args:
        finder: who looked for words, as the subject of a sentence.
        speech_s: seconds of speech that were detected in it: then the speaker is not to blame.
    """
    if speech_s < LEAST_SPEECH_S:
        return NothingHeard("No words were heard", "Speak a little louder, or closer.")
    none = "" if finder.startswith("Neither") else "no "
    return NothingHeard(f"{finder} found {none}words in what you said")
