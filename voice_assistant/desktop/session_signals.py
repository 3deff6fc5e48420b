"""The signals of the message buses that tell of the user's session.

logind: https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
Screen savers: the desktops' own names of the interface org.freedesktop.ScreenSaver.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from dbus_fast import DBusError

from voice_assistant.desktop.bus import Bus, session_bus, system_bus
from voice_assistant.errors import DeviceError
from voice_assistant.system import local_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.desktop.session import Session

log = logging.getLogger(__name__)

LOGIN = "org.freedesktop.login1"
TIME = "org.freedesktop.timedate1"
PROPERTIES = "org.freedesktop.DBus.Properties"
OWN_SESSION = "/org/freedesktop/login1/session/auto"
SCREEN_SAVERS = tuple(
    f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "xfce", "mate", "cinnamon")
)


AGAIN_S = 30.0
"""Seconds until a bus that is not there, or was lost, is looked for again."""


async def follow(session: Session, again_s: float = AGAIN_S) -> None:
    """Tell `session` what happens, until cancelled.

    Args:
        session: the session.
        again_s: seconds until a bus that is not there, or was lost, is looked for again.
    """
    async with asyncio.TaskGroup() as group:
        for signals in (_follow_login, _follow_screen_savers):
            group.create_task(_keep(partial(signals, session), again_s))


async def _keep(signals: Callable[[], Awaitable[None]], again_s: float) -> None:
    """Follow one bus whenever it is there."""
    while True:
        try:
            await signals()
        except (DeviceError, DBusError, TimeoutError) as error:
            log.debug("the session is not followed: %s", error)
        await asyncio.sleep(again_s)


async def _follow_login(session: Session) -> None:
    """Follow what logind tells on the machine's bus, and changes of the time zone."""
    async with system_bus(DeviceError) as bus:
        await bus.listen(f"sender='{LOGIN}',member='PrepareForSleep'")
        for sender in (LOGIN, TIME):
            await bus.listen(f"sender='{sender}',member='PropertiesChanged'")
        while True:
            await _look_at_lock(session, bus)
            signal = await bus.signal()
            match signal.member, signal.body:
                case "PrepareForSleep", [begins]:
                    session.tell_of_sleep(begins=bool(begins))
                case "PropertiesChanged", [str(changed), *_] if changed == TIME:
                    local_time.follow_zone()


async def _look_at_lock(session: Session, bus: Bus) -> None:
    try:
        [hint] = await bus.call(
            LOGIN, OWN_SESSION, PROPERTIES, "Get", "ss", f"{LOGIN}.Session", "LockedHint"
        )
    except (DBusError, TimeoutError) as error:
        log.debug("logind does not tell whether the screen is locked: %s", error)
        return
    session.note(LOGIN, locked=bool(hint.value))


async def _follow_screen_savers(session: Session) -> None:
    """Follow what the desktop tells on the session's bus."""
    try:
        async with session_bus(DeviceError) as bus:
            for name in SCREEN_SAVERS:
                await bus.listen(f"interface='{name}',member='ActiveChanged'")
                await bus.listen_for_owner(name)
            while True:
                signal = await bus.signal()
                match signal.member, signal.body:
                    case "ActiveChanged", [active]:
                        session.note(str(signal.interface), locked=bool(active))
                    case "NameOwnerChanged", [name, _, _]:
                        session.note(name, locked=False)
    finally:
        for name in SCREEN_SAVERS:
            session.note(name, locked=False)
