"""An answer that is said slower, or faster."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import FakeSpeaker, until, utter
from helpers.audio.signals import speech_like
from helpers.speech.narrated import (
    ONE,
    THREE,
    TWO,
    hear,
    held,
    narrate,
    saying,
    seconds,
    settled,
)

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.speech.narration import Narration


@pytest.mark.parametrize("speed", [1.0, 3.0])
async def test_a_sentence_is_over_although_the_speaker_holds_its_last_sound_back(speed):
    """One that changes the rate does, until it is flushed."""
    speaker = FakeSpeaker(held=True, ahead_s=9.0)
    narration = narrate(ONE, whole=False, speed=speed)
    narration.script.begin_sentence()
    async with saying(narration, speaker):
        await narration.script.handed_over()
        await settled()
        speaker.hear(seconds(ONE) / speed - 0.02)
        narration.hold()
        narration.unhold()
        narration.script.add(utter(TWO), SPEECH_RATE_HZ)
        narration.script.begin_sentence()
        await narration.script.handed_over()
        await settled()
        speaker.hear(seconds(TWO) / speed)
        narration.back()
        narration.script.end()
        speaker.release()
    lengths_s = [playback.played_s * speed for playback in speaker.playbacks]
    assert lengths_s == pytest.approx([seconds(ONE), seconds(TWO), seconds(TWO)], abs=0.1)


@pytest.mark.parametrize("speed", [0.5, 2.0, 3.0])
async def test_seconds_are_those_of_the_speech_at_any_speed(speed):
    speaker, narration = FakeSpeaker(), narrate(ONE, TWO, speed=speed)
    async with saying(narration, speaker):
        pass
    assert speaker.playbacks[-1].played_s == pytest.approx(seconds(ONE + TWO) / speed, abs=0.01)
    assert narration.played_s == pytest.approx(seconds(ONE + TWO), abs=0.02)


async def test_another_speed_takes_hold_at_once_and_where_one_is():
    speaker, narration = held(), narrate(ONE, TWO)
    async with saying(narration, speaker):
        await hear(speaker, "One is")
        narration.set_speed(1.0)
        assert speaker.playbacks[-1].state == "playing"
        narration.set_speed(2.0)
        assert speaker.playbacks[-1].state == "aborted"
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    left_s = seconds(ONE + TWO) - seconds("One is")
    assert speaker.playbacks[-1].played_s == pytest.approx(left_s / 2, abs=0.01)


async def test_the_end_of_a_sentence_does_not_wait_for_the_next_at_any_speed():
    speaker, narration = FakeSpeaker(), narrate(ONE, whole=False, speed=2.0)
    async with saying(narration, speaker):
        narration.script.begin_sentence()
        await until(
            lambda: speaker.playbacks and speaker.playbacks[-1].played_s >= seconds(ONE) / 2 - 0.01
        )
        narration.script.end()


async def test_a_sentence_that_comes_in_pieces_is_stretched_as_one():
    """Where it was flushed in the middle, its sound would break there."""
    spoken = speech_like(SPEECH_RATE_HZ, 1.0, seed=3)

    async def sound(*parts):
        speaker, narration = FakeSpeaker(), Narration(2.0)
        narration.script.begin_sentence()
        async with saying(narration, speaker):
            for part in parts:
                narration.script.add(part, SPEECH_RATE_HZ)
                await settled()
            narration.script.begin_sentence()
            narration.script.end()
        return np.concatenate(speaker.playbacks[0].written)

    whole = await sound(spoken)
    np.testing.assert_array_equal(await sound(*np.split(spoken, 5)), whole)


async def test_a_sentence_that_comes_while_the_one_before_ends_is_said_at_any_speed():
    """The speaker may take its time with that end: it has no room, or is only being opened."""
    speaker = FakeSpeaker(held=True, ahead_s=0.0)
    narration = narrate(THREE, whole=False, speed=2.0)
    narration.script.begin_sentence()
    async with saying(narration, speaker):
        await until(lambda: speaker.playbacks and speaker.playbacks[-1].written_s)
        await settled()
        narration.script.add(utter(TWO), SPEECH_RATE_HZ)
        handing_over = asyncio.create_task(narration.script.handed_over())
        await asyncio.sleep(0)
        speaker.release()
        async with asyncio.timeout(20):
            await handing_over
        narration.script.end()
    assert narration.played_s == pytest.approx(seconds(THREE + TWO), abs=0.02)
