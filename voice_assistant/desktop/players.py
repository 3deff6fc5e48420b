"""Pauses the media players that play, and lets them play again.

MPRIS: https://specifications.freedesktop.org/mpris-spec/
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from dbus_fast import DBusError

from voice_assistant.desktop.bus import DAEMON, Bus, session_bus
from voice_assistant.errors import DeviceError
from voice_assistant.system.paused_players import PausedPlayer, paused_players

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = logging.getLogger(__name__)

PREFIX = "org.mpris.MediaPlayer2."
PATH = "/org/mpris/MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"
PROPERTIES = "org.freedesktop.DBus.Properties"
DAEMON_PATH = "/org/freedesktop/DBus"
PROXIES = {PREFIX + "playerctld"}
"""Names of programs that play nothing, and pass on what other players do."""

OBEYS_S = 1.0
"""Seconds that a player may take to obey: a player that hangs must not hold up the others."""

LEFT_OVER_S = 600.0
"""Music does not begin by itself long after it was paused: the user may have left the room."""


class Players:
    """The media players of the session, as far as they can be steered."""

    def __init__(self) -> None:
        self._paused = paused_players()

    @property
    def owed(self) -> bool:
        """Return whether a player was paused, and is to play again."""
        return bool(self._paused.read())

    async def hush(self) -> None:
        """Pause each player that plays."""
        try:
            async with session_bus(DeviceError) as bus:
                playing = [one async for one in _playing(bus)]
                if not playing:
                    return
                before = [one for one in self._paused.read() if one.name not in _names(playing)]
                self._paused.write([*before, *playing])  # first: this process may be killed
                await asyncio.gather(*(_tell(bus, one.owner, "Pause") for one in playing))
        except (DeviceError, DBusError, TimeoutError) as error:
            log.debug("no player is paused: %s", error)

    async def give_back(self, *, left_over: bool = False) -> None:
        """Let the paused players play again, unless somebody else has steered them meanwhile.

        Args:
            left_over: an earlier process may have paused them, long ago.
        """
        paused = self._paused.read()
        if not paused:
            return
        oldest_s = time.time() - LEFT_OVER_S if left_over else 0.0
        try:
            async with session_bus(DeviceError) as bus:
                here = await _id(bus)
                await asyncio.gather(
                    *(_play(bus, one) for one in paused if one.bus == here and one.at_s >= oldest_s)
                )
        except (DeviceError, DBusError, TimeoutError) as error:
            log.debug("no player plays again yet: %s", error)
        else:
            self._paused.write([])


def _names(players: list[PausedPlayer]) -> set[str]:
    return {player.name for player in players}


async def _id(bus: Bus) -> str:
    [known] = await bus.call(DAEMON, DAEMON_PATH, DAEMON, "GetId")
    return str(known)


async def _playing(bus: Bus) -> AsyncIterator[PausedPlayer]:
    """Yield the players that play, and can be paused."""
    [names] = await bus.call(DAEMON, DAEMON_PATH, DAEMON, "ListNames")
    players = [name for name in names if name.startswith(PREFIX) and name not in PROXIES]
    here = await _id(bus)
    known = await asyncio.gather(*(_properties(bus, name) for name in players))
    for name, (status, can_pause) in zip(players, known, strict=True):
        if status == "Playing" and can_pause and (owner := await _owner(bus, name)):
            yield PausedPlayer(name, owner, here, time.time())


async def _owner(bus: Bus, name: str) -> str:
    """Return the connection that has a name; "" if none has it."""
    try:
        [owner] = await bus.call(DAEMON, DAEMON_PATH, DAEMON, "GetNameOwner", "s", name)
    except DBusError:
        return ""
    return str(owner)


async def _properties(bus: Bus, name: str) -> tuple[str, bool]:
    """Return what a player does, and whether it can be paused; "" if it does not say."""
    try:
        [told] = await bus.call(name, PATH, PROPERTIES, "GetAll", "s", PLAYER, timeout_s=OBEYS_S)
    except (DBusError, TimeoutError) as error:
        log.debug("%s does not say what it does: %s", name, error)
        return "", False
    status, can_pause = told.get("PlaybackStatus"), told.get("CanPause")
    return str(status.value) if status else "", bool(can_pause.value) if can_pause else True


async def _play(bus: Bus, paused: PausedPlayer) -> None:
    """Let a player play again, if it is the one that was paused, and still is."""
    if await _owner(bus, paused.name) != paused.owner:
        return
    status, _ = await _properties(bus, paused.name)
    if status == "Paused":
        await _tell(bus, paused.owner, "Play")


async def _tell(bus: Bus, player: str, method: str) -> None:
    try:
        await bus.call(player, PATH, PLAYER, method, timeout_s=OBEYS_S)
    except (DBusError, TimeoutError) as error:
        log.info("%s does not obey %s: %s", player, method, error)
