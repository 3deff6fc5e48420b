"""The talk key through the portal, played by a small one on a real bus."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from bench import Desktop
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method
from desktop.supervised import aside, running, until

from voice_assistant.commands import Press, Release
from voice_assistant.config import HotkeySettings
from voice_assistant.desktop.hotkey import hotkey
from voice_assistant.errors import HotkeyError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
SESSION = f"{PATH}/session/1_2/talk"
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}

Nothing = Annotated[None, DBusSignature("")]
Shortcuts = Annotated[list[Any], DBusSignature("a(sa{sv})")]


class Portal(ServiceInterface):
    """Says yes to everything, or no to binding; passes keys on when told to."""

    def __init__(self, bus: MessageBus, *, allows: bool = True) -> None:
        super().__init__(SHORTCUTS)
        self.bus = bus
        self.allows = allows
        self.bound: list[Any] = []

    @dbus_method("CreateSession")
    def create_session(self, options: DBusDict) -> DBusObjectPath:
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


@pytest.fixture(scope="module")
def bus() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop, desktop.active():
        yield desktop


@asynccontextmanager
async def portal(**options: Any) -> AsyncIterator[Portal]:
    connection = await MessageBus().connect()
    service = Portal(connection, **options)
    connection.add_message_handler(service.remember_caller)
    connection.export(PATH, service)
    await connection.request_name("org.freedesktop.portal.Desktop")
    try:
        yield service
    finally:
        connection.disconnect()
        with suppress(EOFError):  # the bus may have gone first
            await connection.wait_for_disconnect()


def talk_key(posted):
    return hotkey(HotkeySettings(), posted.append, WAYLAND)


@pytest.mark.usefixtures("bus")
def test_the_desktop_passes_the_key_on():
    async def scenario():
        posted = []
        async with portal() as service, running(talk_key(posted)):
            [(name, properties)] = service.bound
            assert name == "talk"
            assert properties["preferred_trigger"].value == "CTRL+ALT+space"
            assert properties["description"].value
            service.key("Activated", session=f"{PATH}/session/9_9/other")
            service.key("Activated", name="other")
            service.key("Activated")
            service.key("Activated")
            service.key("Deactivated")
            await until(lambda: len(posted) == 2, "press and release")
        assert posted == [Press(), Release()]

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
def test_a_closed_session_is_said_and_the_key_let_go():
    async def scenario():
        posted = []
        async with portal() as service, running(talk_key(posted)) as part:
            service.key("Activated")
            service.close(f"{PATH}/session/9_9/other")
            service.close()
            with pytest.raises(HotkeyError, match="took the talk key back"):
                await part
        assert posted == [Press(), Release()]

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
def test_a_portal_that_ends_is_said():
    async def scenario():
        async with portal() as service, running(talk_key([])) as part:
            service.bus.disconnect()
            with pytest.raises(HotkeyError, match="portal ended"):
                await part

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
def test_a_refusal_is_said():
    async def scenario():
        async with portal(allows=False):
            with pytest.raises(HotkeyError, match="not allowed") as said:
                async with running(talk_key([])):
                    pass
        assert "voice-assistant press" in said.value.hint

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
def test_without_a_portal_the_commands_are_named():
    async def scenario():
        with pytest.raises(HotkeyError, match="no portal") as said:
            async with running(talk_key([])):
                pass
        assert "voice-assistant toggle" in said.value.hint

    asyncio.run(scenario())


def test_a_lost_bus_is_said(make_desktop):
    async def scenario():
        async with portal(), running(talk_key([])) as part:
            await aside(desktop.bus.kill)
            with pytest.raises(HotkeyError, match="bus was lost"):
                await part

    desktop = make_desktop(display=False, sound=False)
    with desktop.active():
        asyncio.run(scenario())
