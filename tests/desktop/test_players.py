"""Media players on a real bus are paused, and play again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
import pytest
from bench import Desktop
from helpers.desktop.media_player import MediaPlayer, offered

from voice_assistant.desktop.players import LEFT_OVER_S, Players
from voice_assistant.server.machine import player as skill
from voice_assistant.system.paused_players import paused_players

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def bus_desktop() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop:
        yield desktop


@pytest.fixture(autouse=True)
def _desk(bus_desktop) -> Iterator[None]:
    with bus_desktop.active():
        yield
        assert not paused_players().read(), "something is still owed"


async def test_what_plays_is_paused_and_plays_again_and_the_rest_is_left_alone():
    async with (
        offered("one", as_player=MediaPlayer()) as one,
        offered("two", as_player=MediaPlayer("Paused")) as two,
        offered("radio", as_player=MediaPlayer(can_pause=False)) as radio,
        offered("playerctld", as_player=MediaPlayer()) as proxy,
    ):
        players = Players()
        await players.hush()
        assert players.owed
        assert (one.now, two.now, radio.now) == ("Paused", "Paused", "Playing")
        await players.hush()
        await players.give_back()
        assert (one.told, two.told, radio.told, proxy.told) == (["Pause", "Play"], [], [], [])
        await players.give_back()
        assert one.told == ["Pause", "Play"]


async def test_the_next_process_lets_play_what_a_killed_one_has_paused():
    async with offered("one", as_player=MediaPlayer()) as one:
        await Players().hush()
        await Players().give_back(left_over=True)
        assert one.told == ["Pause", "Play"]


async def test_long_after_that_no_music_begins_by_itself():
    async with offered("one", as_player=MediaPlayer()) as one:
        await Players().hush()
        kept = paused_players()
        old_s = time.time() - LEFT_OVER_S - 1
        kept.write([msgspec.structs.replace(paused, at_s=old_s) for paused in kept.read()])
        await Players().give_back(left_over=True)
        assert one.told == ["Pause"]


async def test_a_player_that_somebody_else_has_steered_stays_as_it_is():
    async with (
        offered("played", as_player=MediaPlayer()) as played,
        offered("stopped", as_player=MediaPlayer()) as stopped,
    ):
        players = Players()
        await players.hush()
        played.now, stopped.now = "Playing", "Stopped"
        await players.give_back()
        assert (played.told, stopped.told) == (["Pause"], ["Pause"])


async def test_a_player_that_went_is_forgotten_and_its_successor_left_alone():
    players = Players()
    async with offered("gone", as_player=MediaPlayer()), offered("anew", as_player=MediaPlayer()):
        await players.hush()
    async with offered("anew", as_player=MediaPlayer("Paused")) as anew:
        await players.give_back()
        assert anew.told == []


async def test_who_asks_for_the_music_to_be_paused_means_the_player_that_is_hushed():
    async with (
        offered("a", as_player=MediaPlayer("Paused")) as other,
        offered("b", as_player=MediaPlayer()) as music,
    ):
        players = Players()
        await players.hush()
        assert (await skill.playing()).status == "Playing"
        await skill.command("Pause")
        await players.give_back()
        assert (other.told, music.told) == ([], ["Pause", "Pause"])


async def test_without_a_bus_nothing_is_paused_and_what_is_owed_stays_owed(monkeypatch):
    async with offered("one", as_player=MediaPlayer()) as one:
        players = Players()
        await players.hush()
        with monkeypatch.context() as lost:
            lost.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            await players.hush()
            await players.give_back()
            assert players.owed
        await players.give_back()
        assert one.told == ["Pause", "Play"]
