"""What the backend's app can do, read once and remembered for a while."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from voice_assistant.api.refusals import WRONG_APP
from voice_assistant.errors import BackendError, NotConfigured, TimedOut

if TYPE_CHECKING:
    from voice_assistant.api.models import AppInfo, Parameters
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

FRESH_S = 300.0
"""An app's owner may change it at any time; after this it is read again."""


CANNOT_CHAT = frozenset({"workflow", "completion"})
"""The modes of apps that refuse every question."""


class Capabilities:
    """Remembers `/parameters`, `/info` and the server's version.

    Attributes:
        info: what the app is, None until it was read.
        server_version: the server's `X-Version` as it was read, "" where it does not say.
        known: what the app could do when last read, None until then.
    """

    def __init__(self) -> None:
        self.info: AppInfo | None = None
        self.server_version = ""
        self.known: Parameters | None = None
        self._read_s = -FRESH_S

    async def of(self, backend: Backend) -> Parameters | None:
        """What the app can do; what was known last, or None, where the server will not say.

        Raises:
            TimedOut: the server took the question and is frozen: another one would wait as long.
        """
        if self._is_fresh(backend):
            return self.known
        try:
            return await self.read(backend)
        except TimedOut:
            raise
        except BackendError as error:
            log.info("the server does not tell what it can do: %s", error.title)
        return self.known

    async def read(self, backend: Backend) -> Parameters:
        """What the app can do, asked now.

        Raises:
            BackendError: the server does not say.
        """
        self.known = known = await backend.parameters()
        self._read_s = time.monotonic()
        self.server_version = backend.server_version
        return known

    async def introduce(self, backend: Backend) -> None:
        """Learn what the app is; nothing but `status` depends on it."""
        try:
            self.info = await backend.info()
        except BackendError as error:
            log.info("the server does not tell what the app is: %s", error.title)

    def forget(self) -> None:
        """Something failed, or another server took over: read again when next asked."""
        self._read_s = -FRESH_S

    def _is_fresh(self, backend: Backend) -> bool:
        """A server of another version than the one that was asked can do other things."""
        return (
            time.monotonic() - self._read_s < FRESH_S
            and backend.server_version == self.server_version
        )


def check_chat(info: AppInfo | None) -> None:
    """Whether the app takes questions; a server that does not say what it is is given a try.

    Raises:
        NotConfigured: it is a workflow or generates texts.
    """
    if info and info.mode in CANNOT_CHAT:
        raise NotConfigured(WRONG_APP.title, WRONG_APP.hint)


def check_hearing(abilities: Parameters | None) -> None:
    """Whether recordings can be sent; a server that does not say is given a try.

    Raises:
        NotConfigured: the app has no speech to text.
    """
    if abilities and not abilities.speech_to_text.enabled:
        raise NotConfigured(
            "This app has no speech to text",
            "Switch it on in the app's features, or let this machine listen: "
            'speech_to_text.local = "fallback".',
        )


def check_speech(abilities: Parameters | None) -> None:
    """Whether the server can speak; one that does not say is given a try.

    Raises:
        NotConfigured: the app has no text to speech.
    """
    if abilities and not abilities.text_to_speech.enabled:
        raise NotConfigured(
            "This app has no text to speech: answers are only shown",
            "Switch it on in the app's features, or install flite or espeak-ng and leave "
            "speech.local_voice = true. With speech.enabled = false this is not said.",
        )
