"""A small portal on a real bus, as strict about names as the portals of today."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from dbus_fast import DBusError, Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
SESSION = f"{PATH}/session/1_2/talk"
ERROR = "org.freedesktop.portal.Error"

Nothing = Annotated[None, DBusSignature("")]
Shortcuts = Annotated[list[Any], DBusSignature("a(sa{sv})")]


class Registry(ServiceInterface):
    """Registers programs that have a desktop entry in `data_home`.

    Attributes:
        names: of those that have one.
        refused: of those that have none.
    """

    def __init__(self, data_home: Path) -> None:
        super().__init__("org.freedesktop.host.portal.Registry")
        self.names: list[str] = []
        self.refused: list[str] = []
        self._entries = data_home / "applications"

    @dbus_method("Register")
    def register(self, name: DBusStr, options: DBusDict) -> Nothing:
        if not (self._entries / f"{name}.desktop").exists():
            self.refused.append(name)
            text = f"Could not register app ID: App info not found for '{name}'"
            raise DBusError(f"{ERROR}.Failed", text)
        self.names.append(name)


class Portal(ServiceInterface):
    """Says yes to everything, or no to binding; passes keys on when told to.

    Args:
        bus: where it is.
        registry: who is known by name; None: that is not asked, as before 1.19.4.
        allows: the user says yes.
    """

    def __init__(
        self, bus: MessageBus, *, registry: Registry | None = None, allows: bool = True
    ) -> None:
        super().__init__(SHORTCUTS)
        self.bus = bus
        self.registry = registry
        self.allows = allows
        self.bound: list[Any] = []

    @dbus_method("CreateSession")
    def create_session(self, options: DBusDict) -> DBusObjectPath:
        if self.registry and not self.registry.names:
            raise DBusError(f"{ERROR}.NotAllowed", "An app id is required")
        return self._answer(options, 0, {"session_handle": Variant("s", SESSION)})

    @dbus_method("BindShortcuts")
    def bind_shortcuts(
        self, session: DBusObjectPath, shortcuts: Shortcuts, parent: DBusStr, options: DBusDict
    ) -> DBusObjectPath:
        assert (session, parent) == (SESSION, "")
        self.bound += shortcuts
        described = [["talk", {"trigger_description": Variant("s", "Ctrl+Alt+Space")}]]
        results = {"shortcuts": Variant("a(sa{sv})", described)}
        return self._answer(options, 0 if self.allows else 1, results if self.allows else {})

    def key(self, member: str, session: str = SESSION, name: str = "talk") -> None:
        self._signal(PATH, SHORTCUTS, member, "osta{sv}", [session, name, 0, {}])

    def close(self, session: str = SESSION) -> None:
        self._signal(session, "org.freedesktop.portal.Session", "Closed", "a{sv}", [{}])

    def _answer(self, options: dict[str, Variant], code: int, results: dict[str, Variant]) -> str:
        """Answer before the call returns: a portal may be that quick."""
        sender = self.caller.removeprefix(":").replace(".", "_")
        path = f"{PATH}/request/{sender}/{options['handle_token'].value}"
        interface = "org.freedesktop.portal.Request"
        self._signal(f"{PATH}/request/0_0/other", interface, "Response", "ua{sv}", [2, {}])
        self._signal(path, interface, "Response", "ua{sv}", [code, results])
        return path

    def _signal(self, path: str, interface: str, member: str, signature: str, body: Any) -> None:
        self.bus.send(Message.new_signal(path, interface, member, signature, body))

    def remember_caller(self, message: Message) -> None:
        self.caller = message.sender


@asynccontextmanager
async def portal(
    address: str | None = None,
    data_home: str | None = None,
    *,
    allows: bool = True,
    answers: bool = True,
) -> AsyncIterator[Portal]:
    """Run a portal at `address`; with `data_home`, it takes only programs with an entry there.

    One that does not answer takes calls, and nothing follows.
    """
    connection = await MessageBus(address).connect()
    registry = Registry(Path(data_home)) if data_home else None
    service = Portal(connection, registry=registry, allows=allows)
    if registry:
        connection.export(PATH, registry)
    if not answers:
        connection.add_message_handler(lambda message: message.path == PATH)
    connection.add_message_handler(service.remember_caller)
    connection.export(PATH, service)
    await connection.request_name("org.freedesktop.portal.Desktop")
    try:
        yield service
    finally:
        connection.disconnect()
        with suppress(EOFError):  # the bus may have gone first
            await connection.wait_for_disconnect()
