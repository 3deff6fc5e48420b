"""The media player of the desktop, by MPRIS: https://specifications.freedesktop.org/mpris-spec/."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.system import paused_players

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

PREFIX = "org.mpris.MediaPlayer2."
PATH = "/org/mpris/MediaPlayer2"
INTERFACE = "org.mpris.MediaPlayer2.Player"
BUS = "org.freedesktop.DBus"
LIMIT_S = 3.0
"""Seconds that a player may take to obey."""

ORDER = ("Playing", "Paused", "Stopped")
"""Of several players the one that plays is meant, then one that is paused."""


class NoPlayer(Exception):
    """No player runs, the player does not obey, or this system has no session bus."""


class Playing(NamedTuple):
    """The track of a player.

    Attributes:
        status: "Playing", "Paused" or "Stopped".
        title: of the track, "" if it has none.
        artist: "" if it is not known.
    """

    status: str
    title: str
    artist: str


class _Player(NamedTuple):
    name: str
    playing: Playing


async def command(method: str) -> Playing:
    """Tell the player to do something, and return what it played before.

    Args:
        method: "Play", "Pause", "Next", "Previous" or "Stop".

    Raises:
        NoPlayer: see the class.
    """
    async with _bus() as bus:
        player = await _chosen(bus)
        await _call(bus, _message(player.name, PATH, INTERFACE, method))
        if method in {"Pause", "Stop"}:
            paused_players.leave_paused(player.name)
        return player.playing


async def playing() -> Playing:
    """Return what the player plays.

    Raises:
        NoPlayer: see the class.
    """
    async with _bus() as bus:
        return (await _chosen(bus)).playing


@contextlib.asynccontextmanager
async def _bus() -> AsyncIterator[MessageBus]:
    from dbus_fast import DBusError, InvalidAddressError  # noqa: PLC0415  (Linux alone has it)
    from dbus_fast.aio import MessageBus  # noqa: PLC0415

    try:
        async with asyncio.timeout(LIMIT_S):
            bus = await MessageBus().connect()
            try:
                yield bus
            finally:
                bus.disconnect()
    except (OSError, EOFError, TimeoutError, InvalidAddressError, DBusError) as error:
        raise NoPlayer from error


async def _chosen(bus: MessageBus) -> _Player:
    (names,) = await _call(bus, _message(BUS, "/org/freedesktop/DBus", BUS, "ListNames"))
    # Of players that are paused only while somebody talks to the assistant, people say "it plays".
    hushed = paused_players.names()
    players = []
    for name in sorted(names):
        if name.startswith(PREFIX):
            playing = await _playing(bus, name)
            players.append(
                _Player(name, playing._replace(status="Playing") if name in hushed else playing)
            )
    if not players:
        raise NoPlayer
    return min(players, key=lambda player: ORDER.index(player.playing.status))


async def _playing(bus: MessageBus, name: str) -> Playing:
    asked = _message(name, PATH, "org.freedesktop.DBus.Properties", "GetAll")
    asked.signature, asked.body = "s", [INTERFACE]
    (told,) = await _call(bus, asked)
    known = {key: variant.value for key, variant in told.items()}
    status = known.get("PlaybackStatus", "")
    metadata = known.get("Metadata", {})
    title = metadata["xesam:title"].value if "xesam:title" in metadata else ""
    artists = metadata["xesam:artist"].value if "xesam:artist" in metadata else []
    artist = ", ".join(artists) if isinstance(artists, list) else str(artists)
    return Playing(status if status in ORDER else ORDER[-1], str(title), artist)


def _message(to: str, path: str, interface: str, method: str) -> Message:
    from dbus_fast import Message  # noqa: PLC0415

    return Message(destination=to, path=path, interface=interface, member=method)


async def _call(bus: MessageBus, message: Message) -> list[Any]:
    from dbus_fast import MessageType  # noqa: PLC0415

    reply = await bus.call(message)
    if reply is None or reply.message_type is MessageType.ERROR:
        raise NoPlayer
    return list(reply.body)
