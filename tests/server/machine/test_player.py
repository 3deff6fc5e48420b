"""A media player on a real bus."""

from __future__ import annotations

import contextlib
import shutil
import subprocess

import pytest
from dbus_fast import PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_property, method

from voice_assistant.server.machine import player

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="needs dbus-daemon")


class Player(ServiceInterface):
    """Remembers what it is told."""

    def __init__(self, status="Playing", metadata=None):
        super().__init__(player.INTERFACE)
        self.status = status
        self.metadata = metadata or {}
        self.told = []

    @method()
    def Pause(self):  # noqa: N802  (its name on the bus)
        self.told.append("Pause")

    @method()
    def Next(self):  # noqa: N802
        self.told.append("Next")

    @dbus_property(access=PropertyAccess.READ)
    def PlaybackStatus(self) -> "s":  # noqa: N802, F821, UP037
        return self.status

    @dbus_property(access=PropertyAccess.READ)
    def Metadata(self) -> "a{sv}":  # noqa: N802, F722
        return self.metadata


@pytest.fixture
def bus(monkeypatch):
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
        yield
        daemon.terminate()


@contextlib.asynccontextmanager
async def running(name, one):
    bus = await MessageBus().connect()
    bus.export(player.PATH, one)
    await bus.request_name(player.PREFIX + name)
    try:
        yield one
    finally:
        bus.disconnect()


SONG = {
    "xesam:title": Variant("s", "So What"),
    "xesam:artist": Variant("as", ["Miles Davis"]),
}


async def test_the_player_that_plays_obeys_and_says_what_it_plays(bus):
    async with (
        running("a", Player("Paused")) as paused,
        running("b", Player("Playing", SONG)) as playing,
    ):
        assert await player.playing() == ("Playing", "So What", "Miles Davis")
        await player.command("Pause")
    assert (paused.told, playing.told) == ([], ["Pause"])


@pytest.mark.parametrize(
    "metadata",
    [{}, {"xesam:title": Variant("i", 5), "xesam:artist": Variant("s", "Miles Davis")}],
)
async def test_odd_metadata_is_taken(bus, metadata):
    async with running("a", Player("odd", metadata)):
        assert (await player.playing()).status == "Stopped"


async def test_without_a_media_player_no_player_is_steered(bus):
    with pytest.raises(player.NoPlayer):
        await player.playing()


async def test_a_player_that_refuses_counts_as_no_player(bus):
    async with running("a", Player()):
        with pytest.raises(player.NoPlayer):
            await player.command("Stop")


@pytest.mark.parametrize("address", ["unix:path=/nowhere", "nonsense"])
async def test_without_a_bus_there_is_no_player(monkeypatch, address):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(player.NoPlayer):
        await player.command("Next")
