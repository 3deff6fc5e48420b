"""The tray on Windows and macOS: pystray's own icon, which also shows notifications there."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pystray

from voice_assistant.desktop import apple_script
from voice_assistant.desktop.entry import NAME
from voice_assistant.desktop.notification_words import in_words
from voice_assistant.desktop.tray import icons
from voice_assistant.desktop.tray.menu import entries, words
from voice_assistant.ports import TURN
from voice_assistant.status import Status
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.commands import AnyCommand
    from voice_assistant.ports import Button

log = logging.getLogger(__name__)

SIZE_PX = 64
# The lengths that Windows has room for: NOTIFYICONDATA, without the closing zeros.
TIP_MAX = 127
BODY_MAX = 255
TITLE_MAX = 63


class Tray:
    """A supervised part, and a `ports.Notifier`: icon, menu, and notifications without buttons.

    `run_blocking` belongs on the main thread, where these platforms want their icons; everything
    else on the asyncio thread.

    Args:
        post: called, on any thread, with each command that the user chooses.
        start_at_login: see `menu.entries`; called on any thread.

    Attributes:
        working: set while notifications can be shown.
    """

    name = "tray"

    def __init__(
        self,
        post: Callable[[AnyCommand], None],
        start_at_login: Callable[[bool], object] | None = None,
    ) -> None:
        self._state = Status()
        menu = pystray.Menu(lambda: entries(self._state, post, start_at_login))
        image = icons.draw(icons.picture(self._state), SIZE_PX)
        self._icon = pystray.Icon("voice-assistant", image, _(NAME), menu)
        self._shown = ("", "")
        self._stopped = False
        self.working = asyncio.Event()

    def update(self, state: Status) -> None:
        """Show `state` from now on."""
        self._state = state
        _in_front(self._refresh)

    def show_level(self, level_dbfs: float | None) -> None:
        """Show the microphone's level, only in the icon's tooltip."""
        before, self._state = (
            self._state,
            msgspec.structs.replace(self._state, level_dbfs=level_dbfs),
        )
        if words(self._state) != words(before):
            _in_front(self._retitle)

    def _refresh(self) -> None:
        self._icon.icon = icons.draw(icons.picture(self._state), SIZE_PX)
        self._retitle()
        if self._icon.visible:
            self._icon.update_menu()

    def _retitle(self) -> None:
        self._icon.title = f"{_(NAME)}: {words(self._state)}"[:TIP_MAX]

    async def show(
        self,
        title: str,
        body: str,
        buttons: Sequence[Button] = (),
        extras: Sequence[Sequence[Button]] = (),  # noqa: ARG002  (there is no room for buttons)
        *,
        growing: bool = False,
        stay_s: float | None = None,  # noqa: ARG002  (the platform decides)
        kind: str = TURN,  # noqa: ARG002  (each one is new here, and replaces none)
    ) -> None:
        """Show a notification, without `buttons`: the menu offers the same commands.

        Each notification is a new one here, so a text that still grows is not shown.
        """
        if not self._icon.visible or growing or self._shown == (title, body):
            return
        self._shown = (title, body)
        title, body = in_words(title), in_words(body)
        try:
            await asyncio.to_thread(self._notify, title[:TITLE_MAX], body[:BODY_MAX])
        except Exception as error:  # noqa: BLE001  (each platform has its own errors; a Notifier never raises)
            log.debug("a notification was not shown (%d buttons): %s", len(buttons), error)

    def _notify(self, title: str, body: str) -> None:
        if sys.platform == "darwin":
            apple_script.notify(title, body)
        else:
            self._icon.notify(body or title, title)

    async def close(self, kind: str) -> None:
        """Do nothing: notifications leave by themselves here."""

    async def run(self, ready: Callable[[], None]) -> None:
        """Wait until cancelled: the icon itself lives in `run_blocking`."""
        ready()
        self.working.set()
        await asyncio.Event().wait()

    def run_blocking(self) -> None:
        """Show the icon until `stop` is called. Call this on the main thread."""
        self._icon.run(self._begin)

    def stop(self) -> None:
        """End `run_blocking`. Call this from any thread, also before `run_blocking`."""
        self._stopped = True
        self._icon.stop()

    def _begin(self, icon: Any) -> None:
        # pystray forgets a stop that comes before its loop runs.
        if self._stopped:
            icon.stop()
        else:
            icon.visible = True
            self._refresh()  # changes before the icon was visible were not drawn


def _in_front(change: Callable[[], None]) -> None:
    """Change the icon, on the main thread if the platform needs that."""
    if sys.platform == "darwin":
        from PyObjCTools import AppHelper  # noqa: PLC0415  (comes with pystray there)

        AppHelper.callAfter(change)
    else:
        change()
