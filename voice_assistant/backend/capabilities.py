"""Reads what the backend's app can do, and remembers it for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from voice_assistant.api.failures.refusals import WRONG_APP
from voice_assistant.errors import BackendError, NotConfigured, TimedOut, WrongApp
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import AppInfo, Parameters
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

FRESH_S = 300.0
"""Seconds after which the app is read again: its owner may change it at any time."""


CANNOT_CHAT = frozenset({"workflow", "completion"})
"""The modes of apps that refuse every question."""


class Capabilities:
    """Remembers `/parameters`, `/info` and the server's version.

    Attributes:
        info: the app's name and kind, None until they were read.
        server_version: the server's last `X-Version`, "" if the server does not send it.
        known: what the app could do when it was last read, None before.
    """

    def __init__(self) -> None:
        self.info: AppInfo | None = None
        self.server_version = ""
        self.known: Parameters | None = None
        self._read_s = -FRESH_S
        self._refused_s = -FRESH_S
        self._reading = asyncio.Lock()

    async def of(self, backend: Backend) -> Parameters | None:
        """Return what the app can do; the last known state, or None, if the server does not say.

        Raises:
            TimedOut: the server took the request and is frozen: the next would wait as long.
        """
        async with self._reading:
            if self._is_fresh(backend):
                return self.known
            known, _ = await asyncio.gather(
                self.read(backend), self.introduce(backend), return_exceptions=True
            )
        if not isinstance(known, BaseException):
            return known
        if isinstance(known, TimedOut) or not isinstance(known, BackendError):
            raise known
        log.info("the server does not tell what it can do: %s", known.title)
        return self.known

    async def read(self, backend: Backend) -> Parameters:
        """Ask the server what the app can do, and return the answer.

        Raises:
            BackendError: the server does not say.
        """
        self.known = known = await backend.parameters()
        self._read_s = time.monotonic()
        self.server_version = backend.server_version
        return known

    async def introduce(self, backend: Backend) -> None:
        """Read the app's name and kind, for `status` and `check_chat`."""
        try:
            self.info = await backend.info()
        except BackendError as error:
            log.info("the server does not tell what the app is: %s", error.title)

    def refuse_chat(self) -> None:
        """Note that the server refused a question because of the app's kind."""
        self._refused_s = time.monotonic()

    def check_chat(self) -> None:
        """Check that the app takes questions. An app of unknown kind passes.

        Raises:
            WrongApp: the app is a workflow or generates texts.
        """
        mode = self.info.mode if self.info else ""
        refused = not mode and time.monotonic() - self._refused_s < FRESH_S
        if refused or mode in CANNOT_CHAT:
            raise WrongApp(WRONG_APP.title, WRONG_APP.hint)

    def forget(self) -> None:
        """Read the app again at the next call: something failed, or the server changed."""
        self._read_s = -FRESH_S

    def _is_fresh(self, backend: Backend) -> bool:
        """Return whether the knowledge is still valid: young, and of this server version."""
        return (
            time.monotonic() - self._read_s < FRESH_S
            and backend.server_version == self.server_version
        )


def check_hearing(abilities: Parameters | None, *, embedded: bool = False) -> None:
    """Check that the app takes recordings. An app of unknown abilities passes.

    Args:
        abilities: what the app can do.
        embedded: True if the app is the embedded backend.

    Raises:
        NotConfigured: the app has no speech to text.
    """
    if abilities and not abilities.speech_to_text.enabled and embedded:
        raise NotConfigured(
            _("The model that recognises speech is not installed"),
            _("Run `voice-assistant models install` with a network; no restart is needed."),
        )
    if abilities and not abilities.speech_to_text.enabled:
        raise NotConfigured(
            _("This app has no speech to text"),
            _(
                "Switch it on in the app's features, or let this machine listen where the server "
                "cannot: speech_to_text.local in the settings."
            ),
        )


def check_speech(abilities: Parameters | None) -> None:
    """Check that the app can speak. An app of unknown abilities passes.

    Raises:
        NotConfigured: the app has no text to speech.
    """
    if abilities and not abilities.text_to_speech.enabled:
        raise NotConfigured(
            _("This app has no text to speech: answers are only shown"),
            _(
                "Switch it on in the app's features, or install flite or espeak-ng, by which this "
                "machine speaks (speech.local_voice). If you only want to read, switch "
                "speech.enabled off."
            ),
        )
