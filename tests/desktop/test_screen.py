"""Pictures of the screen: on Wayland by the portal, played by a small one on a real bus."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from bench import Desktop
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusObjectPath, DBusStr  # noqa: TC002  (read at once)
from dbus_fast.service import ServiceInterface, dbus_method

from voice_assistant.desktop.screen import picture
from voice_assistant.errors import DeviceError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/org/freedesktop/portal/desktop"
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}
PNG = b"\x89PNG" + bytes(100)


@pytest.fixture(scope="module", autouse=True)
def bus() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop, desktop.active():
        yield desktop


class Screenshots(ServiceInterface):
    """Asks its user, who answers: 0 with a file, 1 to refuse; None never answers."""

    def __init__(self, bus: MessageBus, code: int | None, uri: str) -> None:
        super().__init__("org.freedesktop.portal.Screenshot")
        self.asked: list[dict[str, Variant]] = []
        self._bus, self._code, self._uri = bus, code, uri
        bus.add_message_handler(self._remember)

    @dbus_method("Screenshot")
    def screenshot(self, parent: DBusStr, options: DBusDict) -> DBusObjectPath:
        self.asked.append(options)
        path = f"{PATH}/request/{self._sender}/{options['handle_token'].value}"
        if self._code is not None:
            results = {"uri": Variant("s", self._uri)} if self._code == 0 else {}
            interface = "org.freedesktop.portal.Request"
            body = [self._code, results]
            self._bus.send(Message.new_signal(path, interface, "Response", "ua{sv}", body))
        return path

    def _remember(self, message: Message) -> None:
        if message.sender:
            self._sender = message.sender.removeprefix(":").replace(".", "_")


@asynccontextmanager
async def portal(code: int | None, uri: str = ""):
    connection = await MessageBus().connect()
    service = Screenshots(connection, code, uri)
    connection.export(PATH, service)
    await connection.request_name("org.freedesktop.portal.Desktop")
    try:
        yield service, connection
    finally:
        connection.disconnect()
        with suppress(EOFError):
            await connection.wait_for_disconnect()


async def test_the_portal_asks_what_to_show_and_its_file_is_not_left_behind(tmp_path):
    taken = tmp_path / "Screenshot from today.png"
    taken.write_bytes(PNG)
    async with portal(0, taken.as_uri()) as (service, _):
        assert await picture("screen", WAYLAND) == PNG
        assert service.asked[0]["interactive"].value is True
    assert not taken.exists()


async def test_a_user_who_wants_no_picture_is_obeyed():
    async with portal(1):
        with pytest.raises(InputError, match="No picture was taken"):
            await picture("window", WAYLAND)


async def test_a_desktop_without_a_portal_and_one_whose_portal_dies_are_told():
    with pytest.raises(DeviceError, match="portal took no picture"):
        await picture("screen", WAYLAND)
    async with portal(None) as (service, connection):
        asking = asyncio.create_task(picture("screen", WAYLAND))
        while not service.asked:
            await asyncio.sleep(0.01)
        connection.disconnect()
        with pytest.raises(DeviceError, match="portal took no picture"):
            await asking
