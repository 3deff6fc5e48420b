"""The user's session: whether the screen is locked, and whether the machine goes to sleep.

logind: https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
Screen savers: the desktops' own names of the interface org.freedesktop.ScreenSaver.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from dbus_fast import DBusError

from voice_assistant.desktop.bus import Bus, session_bus, system_bus
from voice_assistant.errors import DeviceError
from voice_assistant.system import local_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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


class Session:
    """Follows the session, as far as the machine tells of it: without a bus it is never locked.

    Args:
        again_s: seconds until a missing bus is looked for again.
    """

    def __init__(self, *, again_s: float = AGAIN_S) -> None:
        self._again_s = again_s
        self._locked_by: set[str] = set()
        self._on_sleep: list[Callable[[], None]] = []
        self._on_wake: list[Callable[[], None]] = []

    @property
    def locked(self) -> bool:
        """Return whether the screen is locked: whoever sits there may not be the user."""
        return bool(self._locked_by)

    def on_sleep(self, follower: Callable[[], None]) -> None:
        """Call `follower` right before the machine goes to sleep."""
        self._on_sleep.append(follower)

    def on_wake(self, follower: Callable[[], None]) -> None:
        """Call `follower` when the machine has woken up."""
        self._on_wake.append(follower)

    async def run(self) -> None:
        """Follow the session until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep(self._follow_login))
            group.create_task(self._keep(self._follow_screen_savers))

    async def _keep(self, follow: Callable[[], Awaitable[None]]) -> None:
        """Follow one bus whenever it is there."""
        while True:
            try:
                await follow()
            except (DeviceError, DBusError, TimeoutError) as error:
                log.debug("the session is not followed: %s", error)
            await asyncio.sleep(self._again_s)

    async def _follow_login(self) -> None:
        """Follow what logind tells on the machine's bus, and changes of the time zone."""
        async with system_bus(DeviceError) as bus:
            await bus.listen(f"sender='{LOGIN}',member='PrepareForSleep'")
            for sender in (LOGIN, TIME):
                await bus.listen(f"sender='{sender}',member='PropertiesChanged'")
            while True:
                await self._look_at_lock(bus)
                signal = await bus.signal()
                match signal.member, signal.body:
                    case "PrepareForSleep", [begins]:
                        for follower in self._on_sleep if begins else self._on_wake:
                            follower()
                    case "PropertiesChanged", [str(changed), *_] if changed == TIME:
                        local_time.follow_zone()

    async def _look_at_lock(self, bus: Bus) -> None:
        try:
            [hint] = await bus.call(
                LOGIN, OWN_SESSION, PROPERTIES, "Get", "ss", f"{LOGIN}.Session", "LockedHint"
            )
        except (DBusError, TimeoutError) as error:
            log.debug("logind does not tell whether the screen is locked: %s", error)
            return
        self._note(LOGIN, locked=bool(hint.value))

    async def _follow_screen_savers(self) -> None:
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
                            self._note(str(signal.interface), locked=bool(active))
                        case "NameOwnerChanged", [name, _, _]:
                            self._note(name, locked=False)
        finally:
            self._locked_by &= {LOGIN}

    def _note(self, who: str, *, locked: bool) -> None:
        (self._locked_by.add if locked else self._locked_by.discard)(who)
