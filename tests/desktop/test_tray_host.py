"""A tray whose watcher is there, and whose panel is not."""

from __future__ import annotations

import asyncio
import contextlib
import gc

import pytest
from bench import Desktop
from bench.parts import Bus
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus
from helpers.desktop.supervised import running, until
from helpers.desktop.watcher import NAME, watcher

from voice_assistant.desktop.bus import session_bus
from voice_assistant.desktop.tray.sni import Tray
from voice_assistant.errors import TrayError
from voice_assistant.status import Status


@pytest.fixture(scope="module", autouse=True)
def _bus():
    with Desktop(display=False, sound=False, panel=False) as desktop, desktop.active():
        yield


async def test_a_watcher_without_a_panel_is_no_tray():
    async with watcher() as watching:
        with pytest.raises(TrayError, match="no tray"):
            async with running(Tray(lambda _: None, grace_s=0.2)):
                pass
        assert watching.registered


async def test_the_icon_is_there_as_soon_as_a_panel_comes():
    works = asyncio.Event()
    async with watcher() as watching:
        tray = asyncio.create_task(Tray(lambda _: None, grace_s=20).run(works.set))
        await until(lambda: watching.registered, "it is registered")
        assert not works.is_set()
        watching.set_host(there=True)
        await until(works.is_set, "it works")
        tray.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tray


async def test_a_panel_that_goes_while_its_watcher_stays_is_told():
    async with watcher() as watching:
        watching.host = True
        async with running(Tray(lambda _: None, grace_s=0.2)) as part:
            watching.set_host(there=False)
            with pytest.raises(TrayError, match="no tray"):
                await part


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [
        ("NameOwnerChanged", "", []),
        ("NameOwnerChanged", "u", [7]),
        ("NameOwnerChanged", "sss", [NAME, ":1.1", ""]),
        ("Greeting", "s", ["hello"]),
    ],
)
async def test_signals_of_other_programs_do_the_icon_no_harm(member, signature, body):
    stranger = await MessageBus().connect()
    async with watcher() as watching:
        watching.host = True
        async with running(Tray(lambda _: None, grace_s=20)) as part:
            [item] = watching.registered
            forged = Message(
                destination=item,
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member=member,
                message_type=MessageType.SIGNAL,
                signature=signature,
                body=body,
            )
            await stranger.send(forged)
            answered = Message(
                destination=item, path="/", interface="org.freedesktop.DBus.Peer", member="Ping"
            )
            await stranger.call(answered)  # what was sent before has arrived
            before = len(watching.registered)
            watching.set_host(there=True)
            await until(lambda: len(watching.registered) > before, "it is registered again")
            assert not part.done()
    stranger.disconnect()


async def test_a_bus_that_ends_while_the_icon_takes_its_name_is_told():
    with Desktop(display=False, sound=False, panel=False) as desktop, desktop.active():
        async with session_bus(TrayError) as bus:
            desktop.bus.kill()
            with pytest.raises(TrayError, match="was lost"):
                await bus.own("org.example.Name")


@pytest.mark.parametrize("end", [Bus.kill, Bus.stop])
async def test_a_bus_that_ends_while_the_icon_changes_is_told_once_and_in_one_sentence(end, caplog):
    with Desktop(display=False, sound=False, panel=False) as desktop, desktop.active():
        async with watcher() as watching:
            watching.host = True
            tray = Tray(lambda _: None)
            async with running(tray) as part:
                ending = asyncio.create_task(asyncio.to_thread(end, desktop.bus))
                number = 0
                while not part.done():
                    number += 1
                    phase = "listening" if number % 2 else "idle"
                    tray.update(Status(phase=phase, suggestions=(str(number),)))
                    await asyncio.sleep(0)
                with pytest.raises(TrayError, match="was lost"):
                    await part
                tray.update(Status(phase="speaking"))
                await ending
    await asyncio.sleep(0)
    gc.collect()  # of futures with errors that nobody has seen asyncio tells at their end
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
