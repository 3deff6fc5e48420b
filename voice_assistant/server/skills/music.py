"""The media player: played, paused, the next track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.machine import player
from voice_assistant.server.skills.reply import Answer

if TYPE_CHECKING:
    from voice_assistant.server.machine.player import Playing
    from voice_assistant.server.skills.reply import Asked

NO_PLAYER = "I find no player that runs. Start one, then ask me again."
SUGGESTED = ("Next song", "Pause the music", "What is playing?")
DONE = {
    "Play": "Playing",
    "Pause": "Paused",
    "Next": "The next one",
    "Previous": "The one before",
    "Stop": "Stopped",
}


async def steer(asked: Asked) -> Answer:
    """For "Pause the music", "next song"."""
    method = asked.match.text("method")
    try:
        before = await player.command(method)
    except player.NoPlayer:
        return Answer(NO_PLAYER)
    what = f": {_said(before)}" if method in ("Play", "Pause") and before.title else ""
    return Answer(f"{DONE[method]}{what}.", SUGGESTED)


async def playing(asked: Asked) -> Answer:  # noqa: ARG001
    """For "What is playing"."""
    try:
        now = await player.playing()
    except player.NoPlayer:
        return Answer(NO_PLAYER)
    if not now.title:
        return Answer("The player does not say what it plays.", SUGGESTED)
    return Answer(f"{_said(now)}.", SUGGESTED)


def _said(now: Playing) -> str:
    return f"{now.title} by {now.artist}" if now.artist else now.title
