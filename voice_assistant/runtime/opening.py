"""Brings up the window when it is first wanted: nothing of it is imported before."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from voice_assistant.errors import AssistantError
from voice_assistant.events import Answered
from voice_assistant.runtime.live_settings import change_setting
from voice_assistant.runtime.setup import first_start
from voice_assistant.system import paths
from voice_assistant.system.plain_files import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.api.client import Client
    from voice_assistant.api.models import Parameters
    from voice_assistant.commands import AnyCommand, Quit, Window
    from voice_assistant.companion.page_server import PageServer
    from voice_assistant.runtime.core import Core
    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.subscribers.recent_events import RecentEvents
    from voice_assistant.subscribers.status_board import StatusBoard
    from voice_assistant.turns.assistant import Assistant

log = logging.getLogger(__name__)


class Opening:
    """A supervised part: the window, from its first opening on.

    A page that an earlier daemon has served comes back by itself: its session is in a file.

    Args:
        core: the settings that the page shows and changes, the devices, the link to the backend.
        assistant: the page follows its events, and posts commands to it.
        board: the page shows its status.
        recent: the events of the last turns.
    """

    name = "window"

    def __init__(
        self, core: Core, assistant: Assistant, board: StatusBoard, recent: RecentEvents
    ) -> None:
        self._core = core
        self._assistant = assistant
        self._board = board
        self._recent = recent
        self._session = paths.runtime_dir() / "window.json"
        self._wanted = asyncio.Event()
        self._view = ""
        self._window: PageServer | None = None

    def open(self, command: Window) -> None:
        """Open the window; returns at once."""
        self._view = command.view
        if command.view == "setup":
            first_start.is_over()
        self._wanted.set()

    def over(self, ended: Quit) -> None:
        """Let no page come back where the user has ended the assistant for good."""
        if ended.anew:
            return
        if self._window:
            self._window.end_for_good()
        with contextlib.suppress(OSError):
            self._session.unlink()

    async def run(self, ready: Callable[[], None]) -> None:
        """Wait until the window is wanted, then serve it until cancelled.

        Raises:
            DaemonError: the window cannot be shown.
        """
        ready()
        if is_missing(self._session):
            await self._wanted.wait()
        window = self._window = self._window or self._made()
        async with asyncio.TaskGroup() as group:
            serves = asyncio.Event()
            group.create_task(window.run(serves.set))
            await serves.wait()
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                window.open(self._view)

    def _made(self) -> PageServer:
        from voice_assistant.companion.feed import Feed  # noqa: PLC0415  (only once it is wanted)
        from voice_assistant.companion.history_view import earlier_turns  # noqa: PLC0415
        from voice_assistant.companion.page_server import PageServer  # noqa: PLC0415
        from voice_assistant.companion.program import Program  # noqa: PLC0415
        from voice_assistant.runtime.doctor.doctor import Doctor  # noqa: PLC0415
        from voice_assistant.runtime.setup.setup import Setup  # noqa: PLC0415

        closing = asyncio.Event()
        feed = Feed(
            self._board.status,
            closing,
            lambda: self._core.services.player.sentence,
            lambda: self._core.live.now.backend.trust_pictures,
        )
        recent = list(self._recent)
        known = {one.message_id for one in recent if isinstance(one, Answered)}
        with contextlib.suppress(AssistantError):  # a record that cannot be read
            feed.begin_with(earlier_turns(self._board.status().conversation_id, known))
        for event in recent:
            feed.handle(event)
        self._assistant.subscribe(feed)
        self._board.follow(feed.status_changed)
        self._core.live.follow(feed.settings_changed)
        program = Program(
            feed=feed,
            connect=self._connect,
            parameters=self._parameters,
            post=self._post,
            settings=lambda: self._core.live.now,
            change=self._change,
            doctor=Doctor(lambda: self._core.live.now, lambda: self._board.status().missing),
            trials=Setup(self._core.live, self._core.services, self._post, self._board.look),
        )
        return PageServer(program, closing, self._session, self._core.missing)

    async def _connect(self) -> Client:
        return await self._core.apps.in_use.link.connect()

    async def _parameters(self) -> Parameters | None:
        return await self._core.services.capabilities.of(await self._core.services.connect())

    def _post(self, command: AnyCommand) -> None:
        self._assistant.post(command)

    async def _change(self, one: Setting, value: object) -> tuple[str, ...]:
        await asyncio.to_thread(change_setting, self._core.live.file, one, value)
        return self._core.live.read_again().after_restart
