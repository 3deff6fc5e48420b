"""The words of a recording, asked for while it is still being made.

All but the last syllable is on the server when the key is released, so that the words are there a
round trip later, however long one spoke.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from voice_assistant.capabilities import check_hearing
from voice_assistant.errors import (
    BackendError,
    ConfigError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    TooLarge,
    Unauthorized,
    UnsupportedAudio,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.parts import Parts
    from voice_assistant.recordings import Recording

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


class Transcription:
    """Uploads a recording while it grows; leaving the context gives that up.

    An upload that fails meanwhile costs nothing: the recording is then sent whole at its end, as
    it is to a server or a proxy that takes no upload of unknown length, whatever it says to it.

    Args:
        parts: the backend's.
        recording: what is said.
        refused: called as soon as it is clear that no words will come, however long one speaks.
    """

    def __init__(self, parts: Parts, recording: Recording, refused: Callable[[], None]) -> None:
        self._parts = parts
        self._recording = recording
        self._refused = refused
        self._live = asyncio.create_task(self._words_while_it_grows())

    def check(self) -> None:
        """See whether the server has refused already.

        Raises:
            BackendError: it has.
            ConfigError: it cannot be asked.
        """
        if self._live.done():
            self._live.result()

    async def words(self) -> str:
        """The words of the finished recording; "" where there are none.

        Raises:
            BackendError: the server does not find them out.
            ConfigError: the server cannot be asked.
        """
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
        try:
            return await self._ask()
        except REFUSED:
            self._refused()
            raise
        except BackendError as error:
            if self._recording.finished and not error.status:
                raise  # the connection was lost twice, or nothing came for long
            log.info("the upload while recording failed, once more as a whole: %s", error.title)
            return None

    async def _ask(self) -> str:
        backend = await self._parts.connect()
        check_hearing(self._parts.capabilities.known)
        return await backend.audio_to_text(self._recording.upload())
