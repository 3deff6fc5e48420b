"""The tray on Linux: a StatusNotifierItem, as panels of today show it.

https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/
"""

from __future__ import annotations

import asyncio
import html
import logging
import os
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from dbus_fast import DBusError, PropertyAccess
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from voice_assistant.commands import Stop, Toggle
from voice_assistant.desktop.bus import Bus, Nothing, session_bus
from voice_assistant.desktop.entry import APP_ID, NAME
from voice_assistant.desktop.tray import icons, xembed
from voice_assistant.desktop.tray.dbusmenu import DBusMenu
from voice_assistant.desktop.tray.menu import Menu, entries, words
from voice_assistant.desktop.tray.xembed import XembedTray
from voice_assistant.errors import TrayError
from voice_assistant.status import Status
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.commands import AnyCommand

log = logging.getLogger(__name__)

WATCHER = "org.kde.StatusNotifierWatcher"
"""Registers icons; a panel that shows them is a host. A watcher without a host shows nothing."""
WATCHER_PATH = "/StatusNotifierWatcher"
HOST_CHANGES = ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered")
PROPERTIES = "org.freedesktop.DBus.Properties"
ITEM_PATH = "/StatusNotifierItem"
MENU_PATH = "/MenuBar"
SIZES_PX = (16, 22, 24, 32, 48, 64)
GRACE_S = 5.0  # a panel may start after us, and start again

Pixmaps = Annotated[list[list[Any]], DBusSignature("a(iiay)")]
ToolTip = Annotated[list[Any], DBusSignature("(sa(iiay)ss)")]


class Tray:
    """A supervised part: icon and menu in the panel.

    Args:
        post: called with each command that the user chooses.
        start_at_login: see `menu.entries`.
        grace_s: seconds without a panel after which the missing panel is a problem.
        on_open: called when the menu is about to open.
    """

    name = "tray"

    def __init__(
        self,
        post: Callable[[AnyCommand], None],
        start_at_login: Callable[[bool], object] | None = None,
        *,
        grace_s: float = GRACE_S,
        on_open: Callable[[], None] = lambda: None,
    ) -> None:
        self._post = post
        self._start_at_login = start_at_login
        self._grace_s = grace_s
        self._state = Status()
        self._old: XembedTray | None = None
        self._item = _Item(post)
        self._menu = DBusMenu(on_open)
        self.update(Status())

    def update(self, state: Status) -> None:
        """Show `state` from now on."""
        self._state = state
        if self._old:
            self._old.update(state)
        self._item.show(state)
        self._menu.show(Menu(*entries(state, self._post, self._start_at_login)))

    def show_level(self, level_dbfs: float | None) -> None:
        """Show the microphone's level, only in the icon's tooltip."""
        self._item.show_level(level_dbfs)

    async def run(self, ready: Callable[[], None]) -> None:
        """Stay in the tray until cancelled, also when the panel starts again.

        Raises:
            TrayError: no session bus, or no panel that shows tray icons of either kind.
        """
        async with session_bus(TrayError) as bus:
            name = f"org.kde.StatusNotifierItem-{os.getpid()}-1"
            bus.export(MENU_PATH, self._menu)
            bus.export(ITEM_PATH, self._item)
            await bus.own(name)
            present = await bus.listen_for_owner(WATCHER)
            for member in HOST_CHANGES:
                await bus.listen(f"sender='{WATCHER}',member='{member}'")
            while True:
                if present and await _register(bus, name) and await _has_host(bus):
                    ready()
                    present = await _next_change(bus, present=present)
                else:
                    present = await self._wait_for_change(bus, ready, present=present)

    async def _wait_for_change(self, bus: Bus, ready: Callable[[], None], *, present: bool) -> bool:
        try:
            async with asyncio.timeout(self._grace_s):
                return await _next_change(bus, present=present)
        except TimeoutError as error:
            if await asyncio.to_thread(xembed.is_there):
                ready()
                return await self._stay_in_old_tray(bus, present=present)
            raise TrayError(
                _("There is no tray on this desktop"),
                _(
                    "GNOME needs the extension AppIndicator and KStatusNotifierItem Support; on "
                    "other desktops add a tray to the panel. Everything else works without it."
                ),
            ) from error

    async def _stay_in_old_tray(self, bus: Bus, *, present: bool) -> bool:
        """Show the icon in a tray of the old kind, until that goes or one of today comes."""
        loop = asyncio.get_running_loop()

        def post(command: AnyCommand) -> None:
            loop.call_soon_threadsafe(self._post, command)

        self._old = XembedTray(
            lambda: Menu(*entries(self._state, post, self._start_at_login)),
            {xembed.LEFT: lambda: post(Toggle()), xembed.MIDDLE: lambda: post(Stop())},
        )
        self._old.update(self._state)
        staying = asyncio.create_task(self._old.run())
        changing = asyncio.create_task(_next_change(bus, present=present))
        try:
            await asyncio.wait({staying, changing}, return_when=asyncio.FIRST_COMPLETED)
            if changing.done():
                return changing.result()
            staying.result()
            return present
        finally:
            self._old = None
            for task in (staying, changing):
                task.cancel()
            await asyncio.wait({staying, changing})


async def _next_change(bus: Bus, *, present: bool) -> bool:
    """Wait until a watcher or a host comes or goes; returns whether the watcher is there."""
    signal = await bus.signal()
    match signal.member, signal.body:
        case "NameOwnerChanged", [_, _, now]:
            return bool(now)
    return present


async def _has_host(bus: Bus) -> bool:
    """Return whether a panel shows the icons that the watcher has registered."""
    try:
        [host] = await bus.call(
            WATCHER,
            WATCHER_PATH,
            PROPERTIES,
            "Get",
            "ss",
            WATCHER,
            "IsStatusNotifierHostRegistered",
        )
    except (DBusError, TimeoutError) as error:
        log.debug("the watcher does not tell whether it has a host: %s", error)
        return True  # the specification demands an answer; an icon may be shown all the same
    return bool(host.value)


async def _register(bus: Bus, name: str) -> bool:
    try:
        await bus.call(
            WATCHER,
            WATCHER_PATH,
            WATCHER,
            "RegisterStatusNotifierItem",
            "s",
            name,
        )
    except (DBusError, TimeoutError) as error:
        log.debug("the panel does not take the icon: %s", error)
        return False
    return True


class _Item(ServiceInterface):
    """The icon as the panel reads it, and the clicks that the panel passes on."""

    def __init__(self, post: Callable[[AnyCommand], None]) -> None:
        super().__init__("org.kde.StatusNotifierItem")
        self._post = post
        self._state = Status()

    def show(self, state: Status) -> None:
        before, self._state = self._state, state
        if icons.picture(state) != icons.picture(before):
            self.new_icon()
        if words(state) != words(before):
            self.new_tool_tip()

    def show_level(self, level_dbfs: float | None) -> None:
        self.show(msgspec.structs.replace(self._state, level_dbfs=level_dbfs))

    @dbus_method("Activate")
    def activate(self, x: DBusInt32, y: DBusInt32) -> Nothing:  # noqa: ARG002
        """Handle a click on the icon."""
        self._post(Toggle())

    @dbus_method("SecondaryActivate")
    def secondary_activate(self, x: DBusInt32, y: DBusInt32) -> Nothing:  # noqa: ARG002
        """Handle a click on the icon with the middle button."""
        self._post(Stop())

    @dbus_method("ContextMenu")
    def context_menu(self, x: DBusInt32, y: DBusInt32) -> Nothing:
        """Do nothing: the panel shows the menu by itself."""

    @dbus_method("Scroll")
    def scroll(self, delta: DBusInt32, orientation: DBusStr) -> Nothing:
        """Do nothing: scrolling has no meaning."""

    @dbus_property(PropertyAccess.READ, "Category")
    def category(self) -> DBusStr:
        return "ApplicationStatus"

    @dbus_property(PropertyAccess.READ, "Id")
    def id(self) -> DBusStr:
        return APP_ID

    @dbus_property(PropertyAccess.READ, "Title")
    def title(self) -> DBusStr:
        return _(NAME)

    @dbus_property(PropertyAccess.READ, "Status")
    def status(self) -> DBusStr:
        return "Active"

    @dbus_property(PropertyAccess.READ, "WindowId")
    def window_id(self) -> DBusInt32:
        return 0

    @dbus_property(PropertyAccess.READ, "IconName")
    def icon_name(self) -> DBusStr:
        return ""

    @dbus_property(PropertyAccess.READ, "IconPixmap")
    def icon_pixmap(self) -> Pixmaps:
        name = icons.picture(self._state)
        return [[size, size, icons.argb(name, size)] for size in SIZES_PX]

    @dbus_property(PropertyAccess.READ, "IconAccessibleDesc")
    def icon_accessible_desc(self) -> DBusStr:
        """Return the name of the icon for screen readers; a property that Ayatana's panels read."""
        return f"{_(NAME)}: {words(self._state)}"

    @dbus_property(PropertyAccess.READ, "ToolTip")
    def tool_tip(self) -> ToolTip:
        return ["", [], _(NAME), html.escape(words(self._state), quote=False)]

    @dbus_property(PropertyAccess.READ, "ItemIsMenu")
    def item_is_menu(self) -> DBusBool:
        return False

    @dbus_property(PropertyAccess.READ, "Menu")
    def menu(self) -> DBusObjectPath:
        return MENU_PATH

    @dbus_signal("NewIcon")
    def new_icon(self) -> Nothing:
        """Signal that the picture changed."""

    @dbus_signal("NewToolTip")
    def new_tool_tip(self) -> Nothing:
        """Signal that the words changed."""
