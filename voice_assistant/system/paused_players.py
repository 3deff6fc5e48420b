"""The media players that the assistant has paused, and is going to let play again.

The embedded backend, another process, reads the list too: who asks for the music to be paused, or
what is playing, means a player that is paused only while somebody talks.
"""

from __future__ import annotations

import msgspec

from voice_assistant.system import paths
from voice_assistant.system.kept_list import KeptList


class PausedPlayer(msgspec.Struct, frozen=True):
    """A player.

    Attributes:
        name: its name on the bus, such as "org.mpris.MediaPlayer2.vlc".
        owner: the connection that had this name, such as ":1.42": a player that was started again
            has another one.
        bus: the id of the bus; another session has another one.
        at_s: when it was paused, in seconds since 1970.
    """

    name: str
    owner: str
    bus: str
    at_s: float


def paused_players() -> KeptList[PausedPlayer]:
    """Return the list, in the user's state folder."""
    return KeptList(paths.state_dir() / "paused-players.json", PausedPlayer)


def names() -> set[str]:
    """Return the names of the players that are going to play again."""
    return {player.name for player in paused_players().read()}


def leave_paused(name: str) -> None:
    """Do not let a player play again: its user wants it to be paused."""
    players = paused_players()
    if name in names():
        players.write([player for player in players.read() if player.name != name])
