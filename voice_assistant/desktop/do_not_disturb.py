"""The "do not disturb" of the desktop: whether the user has set it.

Each desktop tells that in a way of its own: Plasma by a property that it added to the interface of
notifications, the others by the interfaces and settings of their notification daemons.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

from dbus_fast import DBusError, Variant

from voice_assistant.desktop.bus import DAEMON, Bus, session_bus
from voice_assistant.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

ANSWER_S = 2.0  # a daemon that hangs must not hold anybody up
NOTIFICATIONS = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
PROPERTIES = "org.freedesktop.DBus.Properties"


class _Source(NamedTuple):
    """A call whose answer is True while nobody is to be disturbed."""

    service: str
    path: str
    interface: str
    member: str
    arguments: Sequence[str] = ()


SOURCES = (
    _Source(*NOTIFICATIONS, PROPERTIES, "Get", (NOTIFICATIONS[0], "Inhibited")),  # Plasma
    _Source(*NOTIFICATIONS, PROPERTIES, "Get", ("org.dunstproject.cmd0", "paused")),
    _Source(
        "org.xfce.Xfconf",
        "/org/xfce/Xfconf",
        "org.xfce.Xfconf",
        "GetProperty",
        ("xfce4-notifyd", "/do-not-disturb"),
    ),
    _Source(
        "org.erikreider.swaync.cc",
        "/org/erikreider/swaync/cc",
        "org.erikreider.swaync.cc",
        "GetDnd",
    ),
)
GNOME = "org.gnome.Shell"
GNOME_SHOWS = ("gsettings", "get", "org.gnome.desktop.notifications", "show-banners")


async def is_on() -> bool:
    """Return whether nobody is to be disturbed; False where the desktop does not tell."""
    try:
        async with session_bus(DeviceError) as bus:
            for source in SOURCES:
                if await _says(bus, source):
                    return True
            return await _has_owner(bus, GNOME) and not await _gnome_shows()
    except (DeviceError, DBusError, TimeoutError) as error:
        log.debug("whether to disturb is not known: %s", error)
        return False


async def _says(bus: Bus, source: _Source) -> bool:
    if not await _has_owner(bus, source.service):
        return False  # a call would start it
    service, path, interface, member, arguments = source
    types = "s" * len(arguments)
    try:
        [answer] = await bus.call(
            service, path, interface, member, types, *arguments, timeout_s=ANSWER_S
        )
    except (DBusError, TimeoutError):
        return False  # it is another daemon, or nothing was ever set
    value: Any = answer.value if isinstance(answer, Variant) else answer
    return value is True


async def _has_owner(bus: Bus, name: str) -> bool:
    [owned] = await bus.call(
        DAEMON, "/org/freedesktop/DBus", DAEMON, "NameHasOwner", "s", name, timeout_s=ANSWER_S
    )
    return bool(owned)


async def _gnome_shows() -> bool:
    """Return whether GNOME shows notifications on the screen."""
    try:
        asked = await asyncio.to_thread(
            subprocess.run, GNOME_SHOWS, capture_output=True, timeout=ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.debug("GNOME's setting is not known: %s", error)
        return True
    return asked.stdout.strip() != b"false"
