"""The words of a recording, asked for while it is still being made.

All but the last syllable is on the server when the key is released, so that the words are there a
round trip later, however long one spoke.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple, Self

from voice_assistant.capabilities import check_hearing
from voice_assistant.errors import (
    BackendError,
    ConfigError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    QuotaExceeded,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unreachable,
    UnsupportedAudio,
)
from voice_assistant.sleep import NAP_S, asleep_s

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.models import Upload
    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.parts import Parts

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

DEAF = (MissingEndpoint, NotConfigured, QuotaExceeded, TimedOut, Unreachable)
"""The server cannot hear, or cannot be reached: where wished, this machine listens instead."""


class Words(NamedTuple):
    """What was said.

    Attributes:
        text: "" where there are no words.
        local: this machine found them out.
    """

    text: str
    local: bool = False


async def words_of(parts: Parts, pcm: Pcm) -> Words:
    """The words of a recording that is whole already.

    Raises:
        AssistantError: they are not found out.
    """
    return await _found_out(parts, lambda: _ask(parts, parts.recordings.upload(pcm)), lambda: pcm)


async def _found_out(
    parts: Parts, ask: Callable[[], Awaitable[str]], pcm: Callable[[], Pcm]
) -> Words:
    """By the server or by this machine, as wished."""
    local = parts.settings.speech_to_text.local
    if local != "always":
        try:
            return Words((await ask()).strip())
        except DEAF as error:
            if local == "never":
                raise
            log.info("this machine finds the words out itself: %s", error.title)
    return Words(await parts.local_words(await asyncio.to_thread(pcm)), local=True)


async def _ask(parts: Parts, upload: Upload) -> str:
    backend = await parts.connect()
    check_hearing(parts.capabilities.known)
    return await backend.audio_to_text(upload)


class Transcription:
    """Uploads a recording while it grows; leaving the context gives that up.

    An upload that fails meanwhile costs nothing: the recording is then sent whole at its end, as
    it is to a server or a proxy that takes no upload of unknown length, whatever it says to it.

    Args:
        parts: the backend's.
        recording: what is said.
        refused: called as soon as it is clear that no words will come, however long one speaks.
        asleep_s: tells how long the machine has slept.
    """

    def __init__(
        self,
        parts: Parts,
        recording: Recording,
        refused: Callable[[], None],
        asleep_s: Callable[[], float] = asleep_s,
    ) -> None:
        self._parts = parts
        self._recording = recording
        self._refused = refused
        self._asleep_s = asleep_s
        self._slept_s = asleep_s()
        self._live = asyncio.create_task(self._words_while_it_grows())

    def check(self) -> None:
        """See whether the server has refused already.

        Raises:
            BackendError: it has.
            ConfigError: it cannot be asked.
        """
        if self._live.done():
            self._live.result()

    async def words(self) -> Words:
        """The words of the finished recording.

        Raises:
            AssistantError: they are not found out.
        """
        return await _found_out(self._parts, self._by_server, self._recording.pcm)

    async def _by_server(self) -> str:
        if self._asleep_s() - self._slept_s > NAP_S and not self._live.done():
            log.info("the machine slept while recording: what was said is sent anew")
            self._live.cancel()
            return await self._ask()
        words = await self._live
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
        local = self._parts.settings.speech_to_text.local
        if local == "always":
            return None
        try:
            return await self._ask()
        except REFUSED as error:
            if local == "fallback" and isinstance(error, DEAF):
                return None
            self._refused()
            raise
        except BackendError as error:
            if self._recording.finished and not error.status:
                raise  # the connection was lost twice, or nothing came for long
            log.info("the upload while recording failed, once more as a whole: %s", error.title)
            return None

    async def _ask(self) -> str:
        return await _ask(self._parts, self._recording.upload())
