"""What a listener does with an answer while it is said."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import FakeSpeaker, until, utter
from helpers.speech.narrated import (
    ONE,
    THREE,
    TWO,
    Told,
    hear,
    heard,
    held,
    narrate,
    saying,
    seconds,
    settled,
)

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import SpeakerError
from voice_assistant.speech.narration import Narration


async def test_a_narration_is_spoken_to_its_end():
    speaker, told, narration = FakeSpeaker(), Told(), narrate(ONE, TWO)
    async with saying(narration, speaker, told):
        pass
    assert speaker.heard_words == ONE + TWO
    assert narration.played_s == pytest.approx(seconds(ONE + TWO))
    assert told == ["start"]
    assert not narration.running


async def test_a_pause_is_silence_at_once_and_keeps_the_place_to_the_sample():
    speaker, told, narration = held(), Told(), narrate(ONE, TWO)
    async with saying(narration, speaker, told):
        await hear(speaker, "One is")
        narration.pause()
        assert speaker.playbacks[-1].state == "aborted"
        narration.pause()
        await settled()
        assert len(speaker.playbacks) == 1
        narration.resume()
        narration.resume()
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    assert heard(speaker) == ["One is", ONE.removeprefix("One is") + TWO]
    assert told == ["start", "paused", "resumed"]
    assert narration.played_s == pytest.approx(seconds(ONE + TWO))


async def test_sound_that_is_cut_off_is_not_waited_for():
    narration = narrate(ONE, whole=False)
    handing_over = asyncio.create_task(narration.script.handed_over())
    await settled()
    narration.script.cut(0.0)
    async with asyncio.timeout(5):
        await handing_over


async def test_after_an_interruption_the_place_is_where_one_listened():
    speaker, narration = held(), narrate(ONE, TWO, THREE)
    task = asyncio.create_task(narration.run(speaker, on_start=lambda: None))
    await hear(speaker, ONE + TWO[:25])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    narration.back()
    speaker.held = False
    async with saying(narration, speaker):
        pass
    assert heard(speaker)[-1] == TWO + THREE


async def test_a_lost_speaker_is_told():
    speaker = FakeSpeaker(lost=SpeakerError("The speaker is gone"))
    with pytest.raises(SpeakerError):
        await narrate(ONE).run(speaker, on_start=lambda: None)


async def test_silence_before_the_first_sound_is_left_out_and_no_other():
    silence = np.zeros(1600, np.int16)
    sound = utter(ONE)
    speaker, narration = FakeSpeaker(), Narration()
    for pcm in (silence, np.concatenate([silence, sound]), silence, sound):
        narration.script.add(pcm, SPEECH_RATE_HZ)
    narration.script.end()
    async with saying(narration, speaker):
        pass
    assert narration.script.end_s == pytest.approx(2 * seconds(ONE) + 0.1)
    assert heard(speaker) == [ONE + ONE]


async def test_an_answer_of_nothing_but_silence_is_over_at_once():
    speaker, told, narration = FakeSpeaker(), Told(), Narration()
    narration.script.add(np.zeros(16_000, np.int16), SPEECH_RATE_HZ)
    narration.script.end()
    async with saying(narration, speaker, told):
        pass
    assert (narration.played_s, told, heard(speaker)) == (0, [], [])


async def test_another_sound_on_the_speaker_costs_no_word():
    speaker, told, narration = held(), Told(), narrate(ONE, TWO)
    async with saying(narration, speaker, told):
        await hear(speaker, ONE[:10])
        speaker.play()
        await until(lambda: len(speaker.playbacks) == 3)
        speaker.release()
    assert heard(speaker) == [ONE[:10], "", ONE[10:] + TWO]
    assert narration.played_s == pytest.approx(seconds(ONE + TWO))
    assert told == ["start"]


async def test_another_sound_at_the_very_end_costs_no_word():
    speaker, narration = FakeSpeaker(held=True, ahead_s=60.0), narrate(ONE)
    async with saying(narration, speaker):
        await until(lambda: speaker.words == ONE)
        await settled()
        speaker.hear(seconds(ONE[:10]))
        speaker.play()
        await until(lambda: len(speaker.playbacks) == 3)
        speaker.release()
    assert heard(speaker) == [ONE[:10], "", ONE[10:]]


async def test_an_aside_ends_with_the_next_sound():
    speaker, narration = held(), Narration(aside=True)
    narration.script.add(utter(ONE), SPEECH_RATE_HZ)
    narration.script.end()
    async with saying(narration, speaker):
        await hear(speaker, ONE[:10])
        speaker.play()
    assert heard(speaker) == [ONE[:10], ""]


async def test_sounds_that_let_nothing_be_heard_are_told():
    class Fought(FakeSpeaker):
        def play(self, *, prompt=False):
            playback = super().play(prompt=prompt)
            super().play()
            return playback

    with pytest.raises(SpeakerError, match="Another sound"):
        await narrate(ONE, TWO).run(Fought(), on_start=lambda: None)
