"""The tray on Windows and macOS: pystray's own icon, which also shows notifications there."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pystray

from voice_assistant.desktop.tray import icons
from voice_assistant.desktop.tray.menu import TITLE, TrayState, menu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.commands import AnyCommand
    from voice_assistant.ports import Button

log = logging.getLogger(__name__)

SIZE_PX = 64
BODY_MAX = 250  # Windows allows 256 characters


class Tray:
    """A supervised part, and a `ports.Notifier`: icon, menu and notifications without buttons.

    The platforms want their icons on the main thread: `run_blocking` belongs there, everything
    else on the asyncio thread.
    """

    name = "tray"

    def __init__(self, post: Callable[[AnyCommand], None]) -> None:
        self._post = post
        self._icon = pystray.Icon("voice-assistant", title=TITLE)
        self.update(TrayState())

    def update(self, state: TrayState) -> None:
        """Show `state` from now on."""
        self._icon.icon = icons.draw(state.phase, SIZE_PX)
        self._icon.title = f"{TITLE}: {state.words}"[:127]  # Windows allows 128 characters
        self._icon.menu = menu(state, self._post)

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:  # noqa: ARG002
        """Show a notification; what buttons would offer is in the menu."""
        if self._icon.visible and self._icon.HAS_NOTIFICATION:
            self._icon.notify(body[:BODY_MAX] or title, title)

    async def run(self, ready: Callable[[], None]) -> None:
        """Nothing to supervise: the icon lives as long as `run_blocking`."""
        ready()
        await asyncio.Event().wait()

    def run_blocking(self) -> None:
        """Show the icon until `stop`; on the main thread."""
        self._icon.run()

    def stop(self) -> None:
        """End `run_blocking`; from any thread."""
        self._icon.stop()
