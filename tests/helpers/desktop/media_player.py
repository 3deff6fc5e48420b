"""A media player on a real bus, which does what it is told."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Nothing = Annotated[None, DBusSignature("")]
PREFIX = "org.mpris.MediaPlayer2."
PLAYER = "org.mpris.MediaPlayer2.Player"


class MediaPlayer(ServiceInterface):
    """Plays or is paused; `told` has what it was told."""

    def __init__(self, status: str = "Playing", *, can_pause: bool = True) -> None:
        super().__init__(PLAYER)
        self.now = status
        self.may_pause = can_pause
        self.told: list[str] = []

    @dbus_method("Pause")
    def pause(self) -> Nothing:
        self.told.append("Pause")
        if self.now == "Playing":
            self.now = "Paused"

    @dbus_method("Play")
    def play(self) -> Nothing:
        self.told.append("Play")
        self.now = "Playing"

    @dbus_property(PropertyAccess.READ, "PlaybackStatus")
    def status(self) -> DBusStr:
        return self.now

    @dbus_property(PropertyAccess.READ, "CanPause")
    def can_pause(self) -> DBusBool:
        return self.may_pause


@contextlib.asynccontextmanager
async def offered(name: str, *, as_player: MediaPlayer) -> AsyncIterator[MediaPlayer]:
    """Let a player run while the block lasts."""
    bus = await MessageBus().connect()
    bus.export("/org/mpris/MediaPlayer2", as_player)
    await bus.request_name(PREFIX + name)
    try:
        yield as_player
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()
