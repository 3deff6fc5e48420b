"""Notifications on Linux: one of each kind, changed in place, with buttons.

https://specifications.freedesktop.org/notification-spec/latest/
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from dbus_fast import DBusError, Variant

from voice_assistant.desktop.bus import Bus, session_bus
from voice_assistant.desktop.entry import APP_ID, NAME
from voice_assistant.desktop.notification_layout import DEFAULT, Abilities, laid_out
from voice_assistant.errors import NotificationError
from voice_assistant.ports import ALARM, TURN
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dbus_fast import Message

    from voice_assistant.commands import AnyCommand
    from voice_assistant.desktop.notification_layout import Layout
    from voice_assistant.ports import Button

log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
SHOW_S = 2.0  # a daemon that hangs must not hold anybody up
STAYS_MS, BY_THE_DAEMON_MS = 0, -1  # how long: until it is changed, or as the daemon decides
LETTERS = {"dunst", "mako"}  # daemons that show actions as letters, or in a menu of their own
DISMISSED = 2  # why a notification was closed: by the user
HINTS = {
    "urgency": Variant("y", 1),
    "desktop-entry": Variant("s", APP_ID),
    "suppress-sound": Variant("b", True),
}
URGENT = {**HINTS, "urgency": Variant("y", 2)}
"""Daemons show this until the user closes it."""
PASSING = {**HINTS, "transient": Variant("b", True)}
"""Histories keep each call, also one that changes a notification in place: not those with this."""


_NOTHING = ("", "", False)


class _Shown:
    """The notification of one kind.

    Attributes:
        id: the daemon's number of it, 0 while it is not on the screen.
        clicked: the daemon's number of one that was clicked: most daemons close it, some of them
            only after a while, and others never.
        dismissed: whether the user closed it.
        last: title and body as they were shown last, and whether more was to come.
        commands: what a click posts, by the action's key.
    """

    def __init__(self) -> None:
        self.id = 0
        self.clicked = 0
        self.dismissed = False
        self.last = _NOTHING
        self.commands: dict[str, AnyCommand] = {}


class Notifications:
    """A supervised part, and a `ports.Notifier`.

    Args:
        post: takes the command of a button that is clicked, or of the notification itself: a click
            on that of the turn opens the window.

    Attributes:
        working: set while something can be shown.
    """

    name = "notifications"

    def __init__(self, post: Callable[[AnyCommand], None]) -> None:
        self.working = asyncio.Event()
        self._post = post
        self._bus: Bus | None = None
        self._abilities = Abilities()
        self._shown: defaultdict[str, _Shown] = defaultdict(_Shown)
        self._one_at_a_time = asyncio.Lock()

    async def show(
        self,
        title: str,
        body: str,
        buttons: Sequence[Button] = (),
        extras: Sequence[Sequence[Button]] = (),
        *,
        growing: bool = False,
        stay_s: float | None = None,
        kind: str = TURN,
    ) -> None:
        """Show, or change in place, the notification of a kind; nothing happens without a daemon.

        One that the user dismissed while its text grows is not shown again.

        Args:
            title: one line.
            body: what stands below it.
            buttons: the first three are shown.
            extras: groups of buttons that are shown where there is room for all of a group.
            growing: more will follow soon; the daemon's history does not keep this.
            stay_s: seconds until it leaves by itself, 0.0 for never; None: as the daemon decides.
            kind: what it is about.
        """
        shown = self._shown[kind]
        async with self._one_at_a_time:
            title_before, body_before, grew = shown.last
            grew = grew or body.startswith(body_before.removesuffix("…"))
            shown.last = (title, body, growing)
            shown.dismissed = shown.dismissed and grew and title == title_before
            if self._bus is None or shown.dismissed:
                log.debug("a notification is not shown")
                return
            try:
                await self._close(shown.clicked)
                shown.clicked = 0
                layout = laid_out(self._abilities, title, body, buttons, extras, opens=kind == TURN)
                hints = URGENT if kind == ALARM else PASSING if growing else HINTS
                stay_ms = BY_THE_DAEMON_MS if stay_s is None else round(stay_s * 1000)
                await self._notify(shown, layout, hints, STAYS_MS if growing else stay_ms)
            except (DBusError, TimeoutError, NotificationError) as error:
                log.debug("a notification was not shown: %s", error)

    async def close(self, kind: str) -> None:
        """Close the notification of a kind, if it is on the screen."""
        shown = self._shown[kind]
        async with self._one_at_a_time:
            shown.last, shown.commands = _NOTHING, {}
            for number in (shown.id, shown.clicked):
                await self._close(number)

    async def _close(self, number: int) -> None:
        if self._bus and number:
            with contextlib.suppress(DBusError, TimeoutError, NotificationError):
                await self._bus.call(
                    SERVICE, PATH, SERVICE, "CloseNotification", "u", number, timeout_s=SHOW_S
                )

    async def _notify(
        self, shown: _Shown, layout: Layout, hints: dict[str, Variant], stay_ms: int
    ) -> None:
        assert self._bus  # noqa: S101  (`show` has looked)
        shown.commands = layout.commands
        [shown.id] = await self._bus.call(
            SERVICE,
            PATH,
            SERVICE,
            "Notify",
            "susssasa{sv}i",
            _(NAME),
            shown.id,
            "audio-input-microphone",  # every icon theme has it
            layout.title,
            layout.text,
            layout.actions,
            hints,
            stay_ms,
            timeout_s=SHOW_S,
        )

    async def run(self, ready: Callable[[], None]) -> None:
        """Pass clicks on until cancelled.

        Raises:
            NotificationError: no session bus, no notification daemon, or it was lost.
        """
        async with session_bus(NotificationError) as bus:
            await bus.listen_for_owner(SERVICE)
            await bus.listen(f"sender='{SERVICE}',path='{PATH}',interface='{SERVICE}'")
            await self._learn(bus)
            self._forget_ids()
            self._bus = bus
            self.working.set()
            ready()
            try:
                while True:
                    await self._take(bus, await bus.signal())
            finally:
                self._bus = None
                self.working.clear()

    async def _learn(self, bus: Bus) -> None:
        """Learn what the daemon can do."""
        self._abilities = Abilities(await _capabilities(bus), self._abilities.letters)
        with contextlib.suppress(DBusError, TimeoutError):
            [name, *_] = await bus.call(SERVICE, PATH, SERVICE, "GetServerInformation")
            self._abilities = self._abilities._replace(letters=name in LETTERS)

    def _forget_ids(self) -> None:
        """No notification is on the screen any more: the daemon is another one."""
        for shown in self._shown.values():
            shown.id = shown.clicked = 0

    async def _take(self, bus: Bus, signal: Message) -> None:
        match signal.member, signal.body:
            case "ActionInvoked", [number, key]:
                self._clicked(number, key)
            case "NotificationClosed", [number, reason]:
                for shown in self._shown.values():
                    if shown.id == number:
                        shown.id = 0
                        shown.dismissed = reason == DISMISSED
                    elif shown.clicked == number:
                        shown.clicked = 0
            case "NameOwnerChanged", [_, _, owner]:
                self._forget_ids()
                if owner:
                    await self._learn(bus)
                elif not await bus.activatable(SERVICE):
                    raise _no_daemon()

    def _clicked(self, number: int, key: str) -> None:
        for shown in self._shown.values():
            if key == DEFAULT and shown.id != number:
                continue  # other notifications have this action, too
            if command := shown.commands.get(key):
                # That it closes now is no dismissal, and what comes next is another notification.
                shown.last, shown.id, shown.clicked = _NOTHING, 0, number
                self._post(command)


async def show_once(title: str, body: str) -> None:
    """Show a notification from a program that does not stay; nothing happens without a daemon."""
    notifications = Notifications(lambda _: None)
    running = asyncio.create_task(notifications.run(lambda: None))
    working = asyncio.create_task(notifications.working.wait())
    await asyncio.wait((running, working), timeout=SHOW_S, return_when=asyncio.FIRST_COMPLETED)
    await notifications.show(title, body)
    for task in (running, working):
        task.cancel()
    await asyncio.wait((running, working))
    if not running.cancelled() and (error := running.exception()):
        log.debug("a notification was not shown: %s", error)


async def _capabilities(bus: Bus) -> frozenset[str]:
    """Return the abilities of the daemon; start it where the bus knows how."""
    try:
        [names] = await bus.call(SERVICE, PATH, SERVICE, "GetCapabilities")
    except (DBusError, TimeoutError) as error:
        raise _no_daemon() from error
    return frozenset(names)


def _no_daemon() -> NotificationError:
    return NotificationError(
        _("This desktop shows no notifications"),
        _(
            "Start a notification daemon, such as dunst or xfce4-notifyd. Answers are still "
            "spoken, and follow-up questions are in the tray's menu."
        ),
    )
