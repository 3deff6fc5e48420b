"""Tray and notifications as each platform shows them, and what it tells of the session."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.commands import AnyCommand
    from voice_assistant.desktop.notifications import Notifications
    from voice_assistant.desktop.session import Session
    from voice_assistant.desktop.tray import pystray, sni

IN_FRONT: bool = sys.platform != "linux"
"""Windows and macOS need tray icons on the main thread; a D-Bus service may run on any thread."""


class Face(NamedTuple):
    """Tray and notifications.

    Attributes:
        tray: icon and menu.
        notifications: the tray itself, where the tray shows them.
        in_front: the tray that the main thread has to run; None if no tray needs the main thread.
    """

    tray: sni.Tray | pystray.Tray
    notifications: Notifications | pystray.Tray
    in_front: pystray.Tray | None


def face(
    post: Callable[[AnyCommand], None],
    start_at_login: Callable[[bool], object],
    *,
    in_front: bool,
    on_open: Callable[[], None] = lambda: None,
) -> Face:
    """Make tray and notifications.

    Args:
        post: called, on any thread, with each command that the user chooses.
        start_at_login: called, on any thread, with whether a login starts the assistant.
        in_front: whether pystray shows the tray, on the main thread; otherwise D-Bus does.
        on_open: called when the menu is about to open, where the platform tells that.
    """
    if in_front:
        from voice_assistant.desktop.tray.pystray import Tray as Icon  # noqa: PLC0415  (not on D-Bus)

        icon = Icon(post, start_at_login)
        return Face(icon, icon, icon)
    from voice_assistant.desktop.notifications import Notifications  # noqa: PLC0415  (not elsewhere)
    from voice_assistant.desktop.tray.sni import Tray  # noqa: PLC0415

    return Face(Tray(post, start_at_login, on_open=on_open), Notifications(post), None)


async def do_not_disturb() -> bool:
    """Return whether the desktop is set to "do not disturb", where the platform tells that."""
    if IN_FRONT:
        return False
    from voice_assistant.desktop import do_not_disturb as setting  # noqa: PLC0415  (not elsewhere)

    return await setting.is_on()


async def follow_session(session: Session) -> None:
    """Tell `session` of locks and of sleep until cancelled; only on D-Bus anybody tells of them."""
    if IN_FRONT:
        await asyncio.Event().wait()
    from voice_assistant.desktop.session_signals import follow  # noqa: PLC0415  (not elsewhere)

    await follow(session)


def show_once(title: str, body: str) -> None:
    """Show a notification from a program that ends right after, if the platform allows that."""
    if IN_FRONT:
        return
    from voice_assistant.desktop import notifications  # noqa: PLC0415  (not elsewhere)

    asyncio.run(notifications.show_once(title, body))
