"""The window, served as the daemon serves it, and what it asks of the assistant."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from fakes import FakeProblems, until

from voice_assistant.companion.app import House
from voice_assistant.companion.feed import Feed
from voice_assistant.companion.page_server import PageServer
from voice_assistant.runtime.doctor import Finding
from voice_assistant.runtime.live_settings import LiveSettings, change_setting
from voice_assistant.settings.schema import Settings
from voice_assistant.status import Status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.commands import AnyCommand
    from voice_assistant.events import AnyEvent


class Served:
    """A window that is served.

    Args:
        folder: holds the settings and the session.

    Attributes:
        posted: the commands that pages gave.
        live: the settings.
        sentence: the sentence that is being spoken.
    """

    def __init__(self, folder: Path) -> None:
        self.posted: list[AnyCommand] = []
        self.live = LiveSettings(Settings(), folder / "config.toml", FakeProblems())
        self.findings = [
            Finding("Microphone", ok=True, text="USB"),
            Finding("Speaker", ok=False, text="No speaker was found", mend="Connect one."),
        ]
        self._status = Status()
        closing = asyncio.Event()
        self.sentence = ""
        self.feed = Feed(lambda: self._status, closing, lambda: self.sentence)
        self._opened: list[str] = []
        house = House(
            feed=self.feed,
            post=self.posted.append,
            settings=lambda: self.live.now,
            change=self._change,
            findings=self._found,
        )
        self.window = PageServer(house, closing, folder / "window.json", self._opened.append)

    def tell(self, *events: AnyEvent) -> None:
        """Let these events happen."""
        for event in events:
            self.feed.handle(event)

    def status(self, **changes: object) -> None:
        """Let the status change."""
        self._status = msgspec.structs.replace(self._status, **changes)
        self.feed.status_changed()

    async def address(self) -> str:
        """Open the window; return the address with the token that its file holds."""
        self._opened.clear()
        self.window.open()
        await until(lambda: self._opened)
        file = Path(self._opened[0].removeprefix("file://"))
        return re.search(r"url=([^\"]+)", file.read_text())[1]

    async def _change(self, one, value):
        change_setting(self.live.file, one, value)
        return self.live.read_again().after_restart

    async def _found(self):
        return self.findings


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    """A window that is served while the context lasts."""
    whole = Served(folder)
    ready = asyncio.Event()
    task = asyncio.create_task(whole.window.run(ready.set))
    await ready.wait()
    try:
        yield whole
    finally:
        task.cancel()
        await asyncio.wait([task])
