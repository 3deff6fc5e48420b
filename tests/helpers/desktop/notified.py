"""A question as a button, and a notification daemon that a test plays."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from voice_assistant.commands import Ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.commands import AnyCommand


Names = Annotated[list[str], DBusSignature("as")]


class Button(NamedTuple):
    label: str
    command: AnyCommand


def question(text: str) -> Button:
    return Button(text, Ask(text=text, source="suggestion"))


class Daemon(ServiceInterface):
    """A notification daemon with only the abilities that a test names."""

    def __init__(self, capabilities: list[str]) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.capabilities = capabilities
        self.shown: list[tuple[str, str, list[str]]] = []
        self.replaced: list[int] = []

    @dbus_method("GetCapabilities")
    def get_capabilities(self) -> Names:
        return self.capabilities

    @dbus_method("Notify")
    def notify(  # noqa: PLR0917  (the standard's)
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Names,
        hints: DBusDict,
        timeout: DBusInt32,
    ) -> DBusUInt32:
        self.shown.append((summary, body, actions))
        self.replaced.append(replaces)
        return 40 + len(self.shown)  # a number of its own each time, as the standard allows

    @dbus_signal("NotificationClosed")
    def close(self, number: int, reason: int) -> Annotated[tuple[int, int], DBusSignature("uu")]:
        return number, reason

    @dbus_signal("ActionInvoked")
    def act(self, number: int, key: str) -> Annotated[tuple[int, str], DBusSignature("us")]:
        return number, key


@contextlib.asynccontextmanager
async def played(*capabilities: str) -> AsyncIterator[Daemon]:
    connection = await MessageBus().connect()
    daemon = Daemon(list(capabilities))
    connection.export("/org/freedesktop/Notifications", daemon)
    await connection.request_name("org.freedesktop.Notifications")
    try:
        yield daemon
    finally:
        connection.disconnect()
        await connection.wait_for_disconnect()
