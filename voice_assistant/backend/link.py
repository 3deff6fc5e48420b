"""The link to the backend: the embedded backend as a supervised child, or a Dify app."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from voice_assistant.api.alerts import tell_heard, words_so_far
from voice_assistant.api.client import Client
from voice_assistant.api.http.connections import is_unprotected
from voice_assistant.backend.chat_access import chat_access
from voice_assistant.backend.embedded_process import EmbeddedServer
from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials
from voice_assistant.settings.address import without_password
from voice_assistant.settings.system_keyring import Keyring
from voice_assistant.settings.user_name import user_name
from voice_assistant.system import paths
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.codec.encoder import UploadFormat
    from voice_assistant.backend.embedded_process import Served
    from voice_assistant.ports import Warn
    from voice_assistant.settings.schema import Settings

log = logging.getLogger(__name__)

RENEW_S = 30.0
"""Seconds between two reads of a refused key: the command that prints it may ask the user."""

EMBEDDED = "the embedded backend"
"""The name by which the conversation with the embedded backend is kept."""


class Link(Protocol):
    """The link to the backend; an async context manager.

    Attributes:
        name: the backend's name for people; it also separates the conversations of two servers.
        upload_format: the format in which recordings are sent.
    """

    name: str
    upload_format: UploadFormat

    async def connect(self) -> Client:
        """Return the client as soon as the backend can be asked.

        Raises:
            BackendError: the backend cannot be asked.
            ConfigError: the key is missing.
        """
        ...

    def words_so_far(self) -> AsyncGenerator[str, None]:
        """Yield the words of the user's recordings while these are spoken.

        Raises:
            BackendError: the backend cannot be asked.
        """
        ...

    async def tell_heard(self, transcript: Transcript) -> None:
        """Tell a server with our own recogniser what that has heard here.

        Raises:
            BackendError: the backend cannot be asked.
        """
        ...

    def forget(self) -> None:
        """Forget the refused key: the next `connect` reads it again."""
        ...

    async def __aenter__(self) -> Self:
        """Open the link."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Close all connections, and end the child."""
        ...


def link_for(settings: Settings, embedded: EmbeddedServer | Served | None = None) -> Link:
    """Return the link to the backend that the settings name; its first use opens it.

    Args:
        settings: all settings.
        embedded: the embedded backend; None: one of the link's own, if the settings name it.
    """
    if settings.backend.kind == "embedded":
        return _Embedded(settings, embedded or embedded_server(settings))
    return _Dify(settings)


def embedded_server(settings: Settings, data: Path | None = None) -> EmbeddedServer:
    """Return the embedded backend, with the data in a folder `data`: that of the user's data."""
    access = partial(chat_access, settings.chat_model, paths.config_file())
    data = data or paths.data_dir()
    hears = not settings.hears_along
    return EmbeddedServer(data / "embedded", settings.embedded, access, hears=hears)


def warn_if_unprotected(settings: Settings, warn: Warn) -> None:
    """Warn if others can read the key and all words on the way to the backend."""
    backend = settings.backend
    address = without_password(backend.url)
    if backend.kind == "dify" and is_unprotected(backend.url):
        warn(
            _("The app's key and all words travel unprotected to the server"),
            _("backend.url is {address}: use one that begins with https.", address=address),
        )
    if backend.kind == "embedded" and backend.url:
        warn(
            _("This machine answers, and not {address}", address=address),
            _(
                'To ask that server, set backend.kind to "dify"; to end this warning, empty '
                "backend.url."
            ),
        )


def shown(name: str) -> str:
    """Return the name of a link as people read it."""
    return name.replace(EMBEDDED, _("this machine"), 1) if name.startswith(EMBEDDED) else name


def _name(address: str, profile: str) -> str:
    return f"{address} ({profile})" if profile else address


class _Embedded:
    upload_format: UploadFormat = "wav"  # a server on this machine: exactness costs nothing

    def __init__(self, settings: Settings, server: EmbeddedServer | Served) -> None:
        self.name = _name(EMBEDDED, settings.backend.profile)
        self._settings = settings
        self._server = server
        self._resources = contextlib.AsyncExitStack()
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()
        await self._server.close()

    async def connect(self) -> Client:
        await self._server.ready()
        if not self._client:
            self._client = await self._resources.enter_async_context(
                Client(
                    self._server.url,
                    self._server.token,
                    user_name(self._settings.backend),
                    silence_s=self._settings.backend.silence_s,
                    queue_s=self._settings.backend.queue_s,
                    own=True,
                )
            )
        return self._client

    async def words_so_far(self) -> AsyncGenerator[str, None]:
        await self._server.ready()
        user = user_name(self._settings.backend)
        coming = words_so_far(self._server.url, self._server.token, user)
        async with contextlib.aclosing(coming):
            async for words in coming:
                yield words

    async def tell_heard(self, transcript: Transcript) -> None:
        await self._server.ready()
        await tell_heard(self._server.url, self._server.token, transcript)

    def forget(self) -> None:
        """Do nothing: the token does not change."""


class _Dify:
    upload_format: UploadFormat = "mp3"  # an eighth of the size

    def __init__(self, settings: Settings) -> None:
        backend = settings.backend
        self.name = _name(without_password(backend.url), backend.profile)
        self._backend = backend
        self._keyring = Keyring(backend.url, profile=backend.profile)
        self._resources = contextlib.AsyncExitStack()
        self._connecting = asyncio.Lock()
        self._client: Client | None = None
        self._key_refused = False
        self._renewed_at = -math.inf

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._resources.aclose()

    async def connect(self) -> Client:
        async with self._connecting:  # a second caller must not cause a second prompt for the key
            if self._client is None:
                self._client = await self._resources.enter_async_context(
                    Client(
                        self._backend.url,
                        await self._key(),
                        user_name(self._backend),
                        silence_s=self._backend.silence_s,
                        queue_s=self._backend.queue_s,
                        renew_key=self._renew_key,
                    )
                )
            elif self._key_refused:
                self._client.use_key(await self._key())
            self._key_refused = False
            return self._client

    async def words_so_far(self) -> AsyncGenerator[str, None]:
        """Yield nothing: a Dify app tells the words when all were spoken."""
        nothing: tuple[str, ...] = ()
        for words in nothing:
            yield words

    async def tell_heard(self, transcript: Transcript) -> None:
        """Tell nothing: a Dify app takes all words as they are."""

    def forget(self) -> None:
        self._key_refused = True

    async def _key(self) -> str:
        key = await credentials.api_key(self._backend, paths.config_file(), self._keyring)
        return key.reveal()

    async def _renew_key(self) -> str | None:
        """Return the present key for a server that refuses the old one; None: keep the old one."""
        now = asyncio.get_running_loop().time()
        if now - self._renewed_at < RENEW_S:
            return None
        self._renewed_at = now
        try:
            return await self._key()
        except ConfigError as error:
            log.warning("the API key cannot be read again: %s", error.title)
            return None
