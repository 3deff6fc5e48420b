"""Screen lock and sleep, as logind and screen savers tell of them on real buses."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Annotated

import pytest
from dbus_fast import BusType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusSignature
from dbus_fast.service import ServiceInterface, dbus_property, dbus_signal
from helpers.desktop.supervised import until

from voice_assistant.commands import Stop
from voice_assistant.desktop.hotkey import hotkey, more_keys
from voice_assistant.desktop.hotkey.follower import Move
from voice_assistant.desktop.session import Session
from voice_assistant.desktop.session_signals import follow
from voice_assistant.settings.sections.desktop import HotkeySettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bench import Desktop

Flag = Annotated[bool, DBusSignature("b")]


class Manager(ServiceInterface):
    """What logind tells of the machine."""

    @dbus_signal("PrepareForSleep")
    def sleep(self, begins: Flag) -> Flag:
        return begins


class Login(ServiceInterface):
    """What logind tells of the session."""

    locked = False

    @dbus_property(PropertyAccess.READ, "LockedHint")
    def locked_hint(self) -> DBusBool:
        return self.locked

    def lock(self, *, on: bool) -> None:
        self.locked = on
        self.emit_properties_changed({"LockedHint": on})


class ScreenSaver(ServiceInterface):
    @dbus_signal("ActiveChanged")
    def active(self, active: Flag) -> Flag:
        return active


@pytest.fixture(scope="module")
def desk() -> Iterator[Desktop]:
    from bench import Desktop  # noqa: PLC0415

    with Desktop(display=False, sound=False) as desktop:
        desktop.env["DBUS_SYSTEM_BUS_ADDRESS"] = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        with desktop.active():
            yield desktop


@contextlib.asynccontextmanager
async def offered(name: str, kind: BusType, **parts: ServiceInterface) -> AsyncIterator[None]:
    bus = await MessageBus(bus_type=kind).connect()
    for path, part in parts.items():
        bus.export(path.replace("__", "/"), part)
    await bus.request_name(name)
    try:
        yield
    finally:
        bus.disconnect()


@contextlib.asynccontextmanager
async def followed() -> AsyncIterator[Session]:
    session = Session()
    task = asyncio.create_task(follow(session, again_s=0.05))
    try:
        yield session
    finally:
        task.cancel()


@pytest.mark.usefixtures("desk")
async def test_logind_tells_of_lock_and_sleep():
    manager, login = (
        Manager("org.freedesktop.login1.Manager"),
        Login("org.freedesktop.login1.Session"),
    )
    told: list[str] = []
    parts = {
        "__org__freedesktop__login1": manager,
        "__org__freedesktop__login1__session__auto": login,
    }
    async with offered("org.freedesktop.login1", BusType.SYSTEM, **parts), followed() as session:
        session.on_sleep(lambda: told.append("sleep"))
        session.on_wake(lambda: told.append("wake"))
        assert not session.locked
        while not session.locked:
            login.lock(on=True)
            await asyncio.sleep(0.02)
        login.lock(on=False)
        await until(lambda: not session.locked, "the lock to be opened")
        manager.sleep(begins=True)
        await until(lambda: told == ["sleep"], "the sleep")
        manager.sleep(begins=False)
        await until(lambda: told == ["sleep", "wake"], "the end of the sleep")


@pytest.mark.parametrize("name", ["org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver"])
@pytest.mark.usefixtures("desk")
async def test_a_screen_saver_locks_until_it_ends(name):
    saver = ScreenSaver(name)
    path = "__" + name.replace(".", "__")
    async with followed() as session:
        async with offered(name, BusType.SESSION, **{path: saver}):
            while not session.locked:
                saver.active(active=True)
                await asyncio.sleep(0.02)
        await until(lambda: not session.locked, "its end")


async def test_without_a_bus_nothing_is_locked(monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    async with followed() as session:
        await asyncio.sleep(0.1)
        assert not session.locked


def test_a_locked_screen_takes_no_questions_and_still_stops():
    posted, settings = [], HotkeySettings(mode="hold", stop="f8", repeat="f9")
    talk = hotkey(settings, posted.append, {}, locked=lambda: True)
    for key in (talk, *more_keys(settings, posted.append, {}, locked=lambda: True)):
        key._follower._moved(Move.DOWN)
    assert posted == [Stop()]
