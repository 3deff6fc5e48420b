"""Whether nobody is to be disturbed, as each desktop tells it on a real bus."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import pytest
from bench import Desktop
from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusSignature
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property
from helpers.desktop.supervised import aside

from voice_assistant.desktop.do_not_disturb import is_on

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

Flag = Annotated[bool, DBusSignature("b")]


class Plasma(ServiceInterface):
    on = False

    @dbus_property(PropertyAccess.READ, "Inhibited")
    def inhibited(self) -> Flag:
        return self.on


class Sway(ServiceInterface):
    on = False

    @dbus_method("GetDnd")
    def get(self) -> Flag:
        return self.on


@pytest.fixture(scope="module")
def bus_desktop() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop:
        desktop.env["GSETTINGS_BACKEND"] = "keyfile"
        yield desktop


@pytest.fixture
def desk(bus_desktop) -> Iterator[Desktop]:
    with bus_desktop.active():
        yield bus_desktop


@contextlib.asynccontextmanager
async def offered(name: str, part: ServiceInterface | None = None) -> AsyncIterator[None]:
    bus = await MessageBus().connect()
    if part:
        bus.export("/" + name.replace(".", "/"), part)
    await bus.request_name(name)
    try:
        yield
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("kind", "name"),
    [(Plasma, "org.freedesktop.Notifications"), (Sway, "org.erikreider.swaync.cc")],
)
async def test_a_daemon_tells_it(kind, name):
    part = kind(name)
    async with offered(name, part):
        assert not await is_on()
        part.on = True
        assert await is_on()
    assert not await is_on()


async def test_the_setting_of_xfce_counts(desk):
    channel = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
    assert not await is_on()
    await aside(desk.run, *channel, "-n", "-t", "bool", "-s", "true")
    assert await is_on()
    await aside(desk.run, *channel, "-s", "false")
    assert not await is_on()


async def test_the_setting_of_gnome_counts_under_gnome_alone(desk):
    setting = ("org.gnome.desktop.notifications", "show-banners")
    await aside(desk.run, "gsettings", "set", *setting, "false")
    assert not await is_on()
    async with offered("org.gnome.Shell"):
        assert await is_on()
        await aside(desk.run, "gsettings", "reset", *setting)
        assert not await is_on()


async def test_without_a_bus_everybody_may_be_disturbed(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert not await is_on()
