"""A loudspeaker that the sound server has put to sleep."""

from __future__ import annotations

import json
import time

import pytest
from bench import wait_for
from helpers.sound.playing import heard_whole, say, speech
from helpers.sound.sound import desktop

from voice_assistant.settings.sections.speech import SpeakerSettings
from voice_assistant.sound.sound_server import sink_sleeps
from voice_assistant.sound.speaker import Speaker

__all__ = ["desktop", "speech"]

WAKE_S = 2.0  # the listener needs some of it to begin


@pytest.fixture
def asleep(desktop):
    """The bench's loudspeaker has been suspended, and would be again after a second."""
    number = desktop.sound.pactl("load-module", "module-suspend-on-idle", "timeout=1")
    wait_for(lambda: sink_sleeps(""), "the loudspeaker to fall asleep")
    yield desktop
    desktop.sound.pactl("unload-module", number.strip())


def running(desktop) -> bool:
    listed = json.loads(desktop.sound.pactl("--format=json", "list", "sinks"))
    return any(sink["state"] == "RUNNING" for sink in listed)


async def test_a_sleeping_speaker_is_given_silence_until_it_is_awake(asleep, speech):
    playback = Speaker(SpeakerSettings(wake_s=WAKE_S)).play()
    began_s = time.monotonic()
    await say(playback, speech)
    wait_for(lambda: running(asleep), "the loudspeaker to wake up")
    with asleep.listen() as capture:
        await playback.finish()
        samples = len(capture.pcm)
        wait_for(lambda: len(capture.pcm) > samples + 8000, "the sound that came after")
    assert time.monotonic() - began_s > WAKE_S + len(speech) / 16_000
    assert heard_whole(capture, speech)  # though the listener came only after the device awoke


async def test_a_speaker_that_has_just_played_is_given_no_silence(asleep, speech):
    speaker = Speaker(SpeakerSettings(wake_s=5.0))
    first = speaker.play(prompt=True)
    await say(first, speech)
    began_s = time.monotonic()
    await first.finish()
    second = speaker.play()
    await say(second, speech)
    await second.finish()
    assert time.monotonic() - began_s < 5.0
    assert not sink_sleeps("")


@pytest.mark.parametrize("wanted", ["", "bench_speaker"])
async def test_only_the_chosen_speaker_is_asked_whether_it_sleeps(asleep, wanted):
    assert sink_sleeps(wanted)
    assert not sink_sleeps("no such loudspeaker")
