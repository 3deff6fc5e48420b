"""From where an answer goes on: the next sentence, this one again, the one before."""

from __future__ import annotations

import asyncio

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
    settled,
)

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.speech.narration import Narration


async def test_a_pause_before_the_first_sound_holds_it_back():
    speaker, told, narration = FakeSpeaker(), Told(), Narration()
    async with saying(narration, speaker, told):
        await until(lambda: narration.running)
        narration.pause()
        narration.script.add(utter(ONE), SPEECH_RATE_HZ)
        narration.script.end()
        await settled()
        assert not speaker.playbacks
        narration.resume()
    assert speaker.heard_words == ONE
    assert told == ["paused", "resumed", "start"]


async def test_skipping_goes_on_with_the_next_sentence_also_from_a_pause():
    speaker, narration = held(), narrate(ONE, TWO, THREE)
    async with saying(narration, speaker):
        await hear(speaker, "One is")
        narration.skip()
        await until(lambda: len(speaker.playbacks) == 2)
        await hear(speaker, "Two")
        narration.pause()
        narration.skip()
        assert not narration.paused
        await until(lambda: len(speaker.playbacks) == 3)
        speaker.release()
    assert heard(speaker) == ["One is", "Two", THREE]


async def test_skipping_the_last_sentence_is_the_end():
    speaker, narration = held(), narrate(ONE)
    async with saying(narration, speaker):
        await hear(speaker, "One is")
        narration.skip()
    assert heard(speaker) == ["One is"]


async def test_a_sentence_that_still_comes_is_skipped_to_its_end():
    speaker, narration = held(), narrate(ONE, whole=False)
    async with saying(narration, speaker):
        await hear(speaker, "One is")
        narration.skip()
        narration.script.add(utter(" And more of it."), SPEECH_RATE_HZ)
        await narration.script.handed_over()  # nothing of it is waited for
        narration.script.begin_sentence()
        narration.script.add(utter(TWO), SPEECH_RATE_HZ)
        narration.script.end()
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    assert heard(speaker) == ["One is", TWO]


async def test_two_sentences_ahead_can_be_skipped_to_before_they_have_come():
    speaker, narration = held(), narrate(ONE, whole=False)
    async with saying(narration, speaker):
        await hear(speaker, "One is")
        narration.skip()
        narration.skip()
        for sentence in (TWO, THREE):
            narration.script.begin_sentence()
            narration.script.add(utter(sentence), SPEECH_RATE_HZ)
        narration.script.end()
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    assert heard(speaker) == ["One is", THREE]


async def test_back_says_the_sentence_again_and_soon_after_its_beginning_the_one_before():
    speaker, narration = held(), narrate(ONE, TWO, THREE)
    async with saying(narration, speaker):
        await hear(speaker, ONE + TWO)
        narration.back()  # well into the second, or just at the third
        await until(lambda: len(speaker.playbacks) == 2)
        await hear(speaker, TWO[:25])
        narration.back()
        await until(lambda: len(speaker.playbacks) == 3)
        await hear(speaker, TWO[:5])
        narration.back()
        await until(lambda: len(speaker.playbacks) == 4)
        speaker.release()
    assert heard(speaker) == [ONE + TWO, TWO[:25], TWO[:5], ONE + TWO + THREE]


async def test_back_at_the_very_beginning_begins_again():
    speaker, narration = held(), narrate(ONE)
    async with saying(narration, speaker):
        await hear(speaker, "One")
        narration.back()
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    assert heard(speaker) == ["One", ONE]


async def test_back_says_a_sentence_that_is_over_however_short_it_was():
    speaker, narration = held(), narrate(ONE, "Yes.", whole=False)
    async with saying(narration, speaker):
        await hear(speaker, ONE + "Yes.")  # the next one still has to come
        narration.back()
        await until(lambda: len(speaker.playbacks) == 2)
        await hear(speaker, "Ye")
        narration.back()
        narration.script.end()
        speaker.release()
    assert heard(speaker) == [ONE + "Yes.", "Ye", ONE + "Yes."]


async def test_back_works_while_the_last_words_fade_away():
    speaker, narration = held(), narrate(THREE)
    speaker.ahead_s = 10
    async with saying(narration, speaker):
        await until(lambda: speaker.words == THREE)
        await hear(speaker, "Three,")
        narration.back()
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    assert heard(speaker) == ["Three,", THREE]


async def test_a_narration_can_be_repeated_again_and_again():
    speaker, narration = FakeSpeaker(), narrate(ONE, TWO)
    for _ in range(3):
        narration.restart()
        async with saying(narration, speaker):
            pass
    assert heard(speaker) == [ONE + TWO] * 3
    narration.back()
    async with saying(narration, speaker):
        pass
    assert heard(speaker)[-1] == TWO


async def test_going_back_during_a_sentence_that_is_to_end_does_not_delay_the_hold():
    speaker, narration, rested = held(), narrate(ONE, TWO), asyncio.Event()
    async with saying(narration, speaker):
        await hear(speaker, "One")
        narration.hold_at_sentence_end(rested.set)
        await hear(speaker, ONE[:-3])
        await settled()
        assert not rested.is_set()
        narration.back()
        async with asyncio.timeout(20):
            await rested.wait()
        assert narration.held
        narration.unhold()
        speaker.release()
    assert heard(speaker) == [ONE[:-3], ONE + TWO]
