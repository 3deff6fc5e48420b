"""A watcher of tray icons on a real bus, whose host comes and goes as a test wishes."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import Annotated

from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

NAME = "org.kde.StatusNotifierWatcher"
Nothing = Annotated[None, DBusSignature("")]


class Watcher(ServiceInterface):
    """Takes every icon; `host` tells whether anybody shows them."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self.host = False
        self.registered: list[str] = []

    def set_host(self, *, there: bool) -> None:
        """Let a host come or go."""
        self.host = there
        (self.host_registered if there else self.host_unregistered)()

    @dbus_method("RegisterStatusNotifierItem")
    def register(self, service: DBusStr) -> Nothing:
        self.registered.append(service)

    @dbus_property(PropertyAccess.READ, "IsStatusNotifierHostRegistered")
    def has_host(self) -> DBusBool:
        return self.host

    @dbus_signal("StatusNotifierHostRegistered")
    def host_registered(self) -> Nothing:
        return None

    @dbus_signal("StatusNotifierHostUnregistered")
    def host_unregistered(self) -> Nothing:
        return None


@asynccontextmanager
async def watcher():
    """Run a watcher on the session bus."""
    bus = await MessageBus().connect()
    try:
        one = Watcher()
        bus.export("/StatusNotifierWatcher", one)
        await bus.request_name(NAME)
        yield one
    finally:
        bus.disconnect()
        with suppress(EOFError, OSError):  # the bus may have ended
            await bus.wait_for_disconnect()
