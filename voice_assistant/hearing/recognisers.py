"""The recognisers of a recording's words: the server and this machine, as the settings say."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.api.failures.breakdowns import own_gone
from voice_assistant.audio.endpointing import LEAST_SPEECH_S
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.backend.capabilities import check_hearing
from voice_assistant.errors import (
    AssistantError,
    BackendError,
    NothingHeard,
    TimedOut,
    Unauthorized,
    WrongApp,
)
from voice_assistant.hearing.no_speech import words_in
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.models import Transcript, Upload
    from voice_assistant.audio.format import Pcm
    from voice_assistant.backend.capabilities import Capabilities
    from voice_assistant.ports import Backend
    from voice_assistant.settings.sections.hearing import SpeechToTextSettings

log = logging.getLogger(__name__)

NOT_DEAF = (Unauthorized, WrongApp)
"""Errors after which this machine does not listen instead: the question would fail as well."""


MACHINE_FOUND_NONE = N_("This machine found no words in what you said")
SERVER_FOUND_NONE = N_("The server found no words in what you said")
NEITHER_FOUND_ANY = N_("Neither the server nor this machine found words in what you said")
_AGAIN_AS_LONG = 2.0
"""Recognisers that run on an ordinary processor need up to this part of a recording's length."""


@dataclass(frozen=True, kw_only=True)
class Recognisers:
    """The two recognisers of a recording's words: the server and this machine.

    Attributes:
        connect: returns the backend as soon as it can be asked; raises BackendError or
            ConfigError.
        capabilities: whether the backend's app has speech to text.
        here: finds the words on this machine; raises AssistantError.
        wished: the settings: which of the two is asked.
        silence_s: how long the server may take for the words of a recording, beside twice the
            recording's own length.
        embedded: whether the server is the embedded backend.
    """

    connect: Callable[[], Awaitable[Backend]]
    capabilities: Capabilities
    here: Callable[[Pcm], Awaitable[Transcript]]
    wished: SpeechToTextSettings
    silence_s: float = 25.0
    embedded: bool = False

    async def words_of(self, upload: Upload, pcm: Pcm, speech_s: float) -> Transcript:
        """Return the words of a complete recording.

        Args:
            upload: the recording for the server.
            pcm: the recording for this machine.
            speech_s: seconds of speech that were detected in the recording.

        Raises:
            NothingHeard: the recording has no words.
            AssistantError: the words cannot be found.
        """
        if self.wished.local == "always":
            await self.check_app()
        return await self.find_out(
            lambda: self.ask(upload), lambda: pcm, speech_s, len(pcm) / SPEECH_RATE_HZ
        )

    async def find_out(
        self,
        by_server: Callable[[], Awaitable[Transcript]],
        pcm: Callable[[], Pcm],
        speech_s: float,
        recorded_s: float,
    ) -> Transcript:
        """Return the words that the server or this machine finds, as the settings say.

        This machine is also asked if the server finds no words in speech that was detected.

        Args:
            by_server: asks the server; given up when it takes too long.
            pcm: the recording.
            speech_s: seconds of speech that were detected in it.
            recorded_s: its length.

        Raises:
            NothingHeard: the recording has no words.
            AssistantError: the words cannot be found.
        """
        local = self.wished.local
        found_none = MACHINE_FOUND_NONE
        if local != "always":
            try:
                if found := spoken_in(await self._in_time(by_server(), recorded_s), speech_s):
                    return found
                if local == "never" or speech_s < LEAST_SPEECH_S:
                    raise nothing_heard(SERVER_FOUND_NONE, speech_s)
                found_none = NEITHER_FOUND_ANY
                log.info("the server found no words in %.1f s of speech", speech_s)
            except BackendError as error:
                # Every failure of the server counts alike: this machine can do the same work.
                if local == "never" or isinstance(error, NOT_DEAF):
                    raise
                log.info("this machine finds the words itself: %s", error.title)
        if found := spoken_in(await self.here(await asyncio.to_thread(pcm)), speech_s):
            return found
        raise nothing_heard(found_none, speech_s)

    async def _in_time(self, words: Awaitable[Transcript], recorded_s: float) -> Transcript:
        """Wait for the server's words as long as the length of a recording justifies.

        Raises:
            TimedOut: they did not come.
        """
        patience_s = self.silence_s + _AGAIN_AS_LONG * recorded_s
        try:
            async with asyncio.timeout(patience_s):
                return await words
        except TimeoutError as error:
            if self.embedded:
                raise own_gone(TimedOut) from error
            raise TimedOut(
                _(
                    "The server found no words within {patience_s:.0f} seconds",
                    patience_s=patience_s,
                ),
                _("Try again later, or let this machine listen: local in [speech_to_text]."),
            ) from error

    async def ask(self, upload: Upload) -> Transcript:
        """Return the words that the server finds in `upload`.

        Raises:
            BackendError: the server does not answer, or has no speech to text.
            ConfigError: the server cannot be asked.
        """
        backend = await self.connect()
        known = await self.capabilities.of(backend)
        self.capabilities.check_chat()
        check_hearing(known, embedded=self.embedded)
        return await backend.audio_to_text(upload)

    async def check_app(self) -> None:
        """Check that the app takes questions, where this machine finds the words.

        Raises:
            WrongApp: the app takes none, so that words are of no use.
        """
        try:
            await self.capabilities.of(await self.connect())
        except AssistantError as error:
            log.info("whether the app takes questions is not known: %s", error.title)
        self.capabilities.check_chat()


def spoken_in(found: Transcript, speech_s: float) -> Transcript | None:
    """Return what a recogniser found, if somebody spoke: see `no_speech.words_in`."""
    text = words_in(found.text, speech_s)
    return msgspec.structs.replace(found, text=text) if text else None


def nothing_heard(found_none: str, speech_s: float) -> NothingHeard:
    """Return the error for a recording without words.

    Args:
        found_none: says which recogniser looked for words; one of the messages above.
        speech_s: seconds of speech that were detected; if there is speech, the user is not blamed.
    """
    if speech_s < LEAST_SPEECH_S:
        return NothingHeard(_("No words were heard"), _("Speak a little louder, or closer."))
    return NothingHeard(_(found_none))
