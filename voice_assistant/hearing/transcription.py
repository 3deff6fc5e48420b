"""Finds the words of a recording; the upload begins while the user still speaks.

When the key is released, all but the last syllable is on the server. So the words come one round
trip later, even after a long question.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from voice_assistant.errors import (
    AssistantError,
    BackendError,
    ConfigError,
    Forbidden,
    KeyringSilent,
    MissingEndpoint,
    NotConfigured,
    TooLarge,
    Unauthorized,
    UnsupportedAudio,
)
from voice_assistant.hearing.recognisers import NOT_DEAF
from voice_assistant.system.suspend import NAP_S, asleep_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.api.models import Transcript
    from voice_assistant.hearing.recognisers import Recognisers
    from voice_assistant.hearing.recordings import Recording

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
"""Errors that a second attempt does not change."""


class Transcription:
    """Uploads a recording while it grows; leaving the context cancels the upload.

    If this upload fails, nothing is lost: the complete recording is sent once more at its end. Some
    servers and proxies refuse every upload of unknown length.

    Args:
        recognisers: the server and this machine, which find the words.
        recording: the recording.
        refused: called as soon as it is clear that no words will come, even if the user speaks on.
        asleep_s: returns how long the machine has slept, in seconds.
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
        self._deaf: BackendError | None = None  # why this machine listens instead
        self._live = asyncio.create_task(self._words_while_it_grows())

    def check(self) -> None:
        """Check that the server has not refused the recording.

        Raises:
            BackendError: the server has refused it.
            ConfigError: the server cannot be asked.
        """
        if self._live.done():
            self._live.result()

    async def words(self, speech_s: float) -> Transcript:
        """Return the words of the finished recording.

        Args:
            speech_s: seconds of speech that were detected in the recording.

        Raises:
            NothingHeard: the recording has no words.
            AssistantError: the words cannot be found.
        """
        self.check()
        return await self._recognisers.find_out(
            self._by_server, self._recording.pcm, speech_s, self._recording.seconds
        )

    async def _by_server(self) -> Transcript:
        if self._asleep_s() - self._slept_s > NAP_S and not self._live.done():
            log.info("the machine slept while recording: the recording is sent again")
            self._live.cancel()
            return await self._ask()
        words = await self._live
        if self._deaf:
            raise self._deaf  # without a second upload: the server has refused to hear
        return await self._ask() if words is None else words

    async def __aenter__(self) -> Self:
        """Return the transcription; its upload has begun already."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel the upload, unless it is over."""
        self._live.cancel()
        await asyncio.gather(self._live, return_exceptions=True)

    async def _words_while_it_grows(self) -> Transcript | None:
        """Return the words; None if the complete recording has to be sent once more."""
        local = self._recognisers.wished.local
        await self._recording.begun()
        try:
            if local == "always":
                await self._recognisers.check_app()
                return None
            return await self._ask()
        except KeyringSilent as error:  # it may have been unlocked when the recording is over
            log.info("the recording goes on without a key: %s", error.title)
            return None
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
        """Return whether this machine listens in the server's place; remember the reason."""
        if not isinstance(error, BackendError) or isinstance(error, NOT_DEAF):
            return False
        self._deaf = error
        return True

    async def _ask(self) -> Transcript:
        return await self._recognisers.ask(self._recording.upload())
