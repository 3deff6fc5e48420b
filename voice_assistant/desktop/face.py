"""What the assistant shows of itself, on each platform."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.commands import AnyCommand
    from voice_assistant.desktop.notifications import Notifications
    from voice_assistant.desktop.tray import pystray, sni

IN_FRONT: bool = sys.platform != "linux"
"""Windows and macOS want their tray icons on the main thread; a D-Bus service may live anywhere."""


class Face(NamedTuple):
    """Tray and notifications.

    Attributes:
        tray: icon and menu.
        notifications: the tray itself, where it shows them.
        in_front: what the main thread has to run, None where it has nothing to do.
    """

    tray: sni.Tray | pystray.Tray
    notifications: Notifications | pystray.Tray
    in_front: pystray.Tray | None


def face(
    post: Callable[[AnyCommand], None], start_at_login: Callable[[bool], object], *, in_front: bool
) -> Face:
    """Tray and notifications.

    Args:
        post: takes what is chosen, from any thread.
        start_at_login: likewise; has the desktop start the assistant, or not.
        in_front: by pystray, run by the main thread; otherwise over D-Bus.
    """
    if in_front:
        from voice_assistant.desktop.tray.pystray import Tray as Icon  # noqa: PLC0415  (not on D-Bus)

        icon = Icon(post, start_at_login)
        return Face(icon, icon, icon)
    from voice_assistant.desktop.notifications import Notifications  # noqa: PLC0415  (not elsewhere)
    from voice_assistant.desktop.tray.sni import Tray  # noqa: PLC0415

    return Face(Tray(post, start_at_login), Notifications(post), None)


def show_once(title: str, body: str) -> None:
    """Show a notification from a program that does not stay, where that can be done."""
    if IN_FRONT:
        return
    from voice_assistant.desktop import notifications  # noqa: PLC0415  (not elsewhere)

    asyncio.run(notifications.show_once(title, body))
