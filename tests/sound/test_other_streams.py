"""Streams of other programs on a real sound server become quieter, and loud again."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager

import pytest
from bench import wait_for
from helpers.sound.sound import desktop

from voice_assistant.sound.other_streams import DUCKED, FULL, OtherStreams

__all__ = ["desktop"]

QUIET = round(DUCKED * FULL)


@contextmanager
def playing(desktop, name, *, device="", role="", volume=0):
    """A program that plays silence; without a volume, at the one that the server has kept."""
    options = [f"--client-name={name}"]
    options += [f"--device={device}"] if device else []
    options += [f"--property=media.role={role}"] if role else []
    with subprocess.Popen(
        ["pacat", "--playback", "--raw", *options, "/dev/zero"], env=desktop.env
    ) as process:
        try:
            wait_for(lambda: name in volumes(desktop), f"{name} plays")
            if volume:
                number = str(playing_now(desktop)[name]["index"])
                desktop.sound.pactl("set-sink-input-volume", number, str(volume))
            yield
        finally:
            process.kill()


def playing_now(desktop):
    """The stream of each program, by its name."""
    listed = json.loads(desktop.sound.pactl("--format=json", "list", "sink-inputs"))
    return {stream["properties"].get("application.name"): stream for stream in listed}


def volumes(desktop) -> dict[str, int]:
    """The volume of each program, by its name."""
    return {
        name: next(iter(stream["volume"].values()))["value"]
        for name, stream in playing_now(desktop).items()
    }


async def test_what_is_played_on_the_loudspeaker_is_quieter_for_a_while(desktop):
    desktop.sound.plug_speaker("kitchen")
    with (
        playing(desktop, "music", volume=FULL // 2),
        playing(desktop, "call", role="phone"),
        playing(desktop, "speech-dispatcher-espeak-ng"),
        playing(desktop, "elsewhere", device="kitchen"),
    ):
        streams = OtherStreams(lambda: "")
        await streams.hush()
        await streams.hush()
        assert streams.owed
        now = volumes(desktop)
        assert now.pop("music") == pytest.approx(QUIET / 2, abs=1)
        assert set(now.values()) == {FULL}
        await streams.give_back()
        assert not streams.owed
        assert volumes(desktop)["music"] == FULL // 2
        kitchen = OtherStreams(lambda: "kitchen")
        await kitchen.hush()
        assert volumes(desktop)["elsewhere"] == QUIET
        await kitchen.give_back()


async def test_the_next_process_gives_back_what_a_killed_one_has_taken(desktop):
    with playing(desktop, "music"):
        await OtherStreams(lambda: "").hush()
        assert volumes(desktop)["music"] == QUIET
        await OtherStreams(lambda: "").give_back(left_over=True)
        assert volumes(desktop)["music"] == FULL


async def test_a_volume_that_somebody_else_has_chosen_stays(desktop):
    with playing(desktop, "music"):
        streams = OtherStreams(lambda: "")
        await streams.hush()
        number = str(playing_now(desktop)["music"]["index"])
        desktop.sound.pactl("set-sink-input-volume", number, "20000")
        await streams.give_back()
        assert volumes(desktop)["music"] == 20000


async def test_a_program_that_ended_while_it_was_quiet_is_loud_the_next_time(desktop):
    desktop.sound.pactl("load-module", "module-stream-restore")
    streams = OtherStreams(lambda: "")
    with playing(desktop, "music"):
        await streams.hush()
    await streams.give_back()
    with playing(desktop, "music"):
        assert volumes(desktop)["music"] == FULL


async def test_a_sound_server_that_was_started_again_does_not_keep_it_quiet(desktop):
    desktop.sound.pactl("load-module", "module-stream-restore")
    streams = OtherStreams(lambda: "")
    with playing(desktop, "music"):
        await streams.hush()
        desktop.sound.kill()
        await streams.give_back()
        assert streams.owed, "there was no sound server"
    desktop.sound.start()
    desktop.sound.pactl("load-module", "module-stream-restore")
    with playing(desktop, "music", volume=QUIET):  # as it was kept
        await streams.give_back()
        assert not streams.owed
        assert volumes(desktop)["music"] == FULL
