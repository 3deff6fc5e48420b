"""The apps that can answer: one for each profile that is used, and which of them is in use."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from voice_assistant.backend.capabilities import Capabilities
from voice_assistant.backend.conversation import Conversation
from voice_assistant.backend.embedded_process import Served
from voice_assistant.backend.link import embedded_server, link_for
from voice_assistant.backend.unasked import Unasked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voice_assistant.backend.embedded_process import EmbeddedServer
    from voice_assistant.backend.link import Link
    from voice_assistant.backend.unasked import Announce, ShowTimers
    from voice_assistant.ports import Problems
    from voice_assistant.settings.schema import Settings
    from voice_assistant.settings.sections.backend import BackendSettings


class App(NamedTuple):
    """An app that can answer.

    Attributes:
        link: the link to its server.
        capabilities: what it can do.
        conversation: the conversation with it that goes on.
    """

    link: Link
    capabilities: Capabilities
    conversation: Conversation


class Apps:
    """All apps that were asked; an async context manager that closes their links.

    An app stays open when another one takes its place: an answer of it may still be coming, and
    timers of the embedded backend ring whoever answers.

    Args:
        settings: all settings.
        data: the folder below which all data is kept.
        problems: gets the errors of a disk that does not keep conversations.

    Attributes:
        in_use: the app that answers.
    """

    def __init__(self, settings: Settings, data: Path, problems: Problems) -> None:
        self._settings = settings
        self._data = data
        self._problems = problems
        self._opened: dict[bytes, App] = {}
        self._embedded: EmbeddedServer | None = None
        self._embedded_used = asyncio.Event()
        self._links = contextlib.AsyncExitStack()
        self.in_use = self.of(settings.backend)

    async def __aenter__(self) -> Self:
        """Return this object: the first use opens a link."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all links, and end the embedded backend."""
        await self._links.aclose()

    def of(self, backend: BackendSettings) -> App:
        """Return the app of a profile: the same one while only its inputs or its voice change."""
        same = msgspec.json.encode(msgspec.structs.replace(backend, inputs={}, voice=""))
        if same not in self._opened:
            self._opened[same] = self._app(msgspec.structs.replace(self._settings, backend=backend))
        return self._opened[same]

    def use(self, backend: BackendSettings) -> None:
        """Let the app of a profile be in use."""
        self.in_use = self.of(backend)

    @property
    def links(self) -> Iterable[Link]:
        """Return the links to all apps that were asked."""
        return [app.link for app in self._opened.values()]

    @property
    def served(self) -> Served:
        """The embedded backend, for other programs of the user."""
        if self._embedded is None:
            return Served()
        return Served(self._embedded.url, self._embedded.token)

    def forget_keys(self) -> None:
        """Read each key again, once it is needed: one of them was refused."""
        for link in self.links:
            link.forget()

    async def listen(self, announce: Announce, show_timers: ShowTimers) -> None:
        """Pass on what the embedded backend sends unasked, from its first use on; see `Unasked`."""
        await self._embedded_used.wait()
        assert self._embedded  # noqa: S101  (it is used)
        await Unasked(self._embedded, announce, show_timers).run()

    def _app(self, settings: Settings) -> App:
        if settings.backend.kind == "embedded":
            self._embedded = self._embedded or embedded_server(settings, self._data)
            self._embedded_used.set()
        link = link_for(settings, self._embedded)
        self._links.push_async_exit(link)
        conversation = Conversation(
            self._data / "conversations.json",
            link.name,
            self._problems,
            idle_s=settings.conversation.idle_minutes * 60,
        )
        return App(link, Capabilities(), conversation)
