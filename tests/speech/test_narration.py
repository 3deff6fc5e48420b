"""What a listener does with an answer while it is said."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from audio.signals import speech_like
from fakes import SECONDS_PER_UNIT, FakeSpeaker, until, utter

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import SpeakerError
from voice_assistant.speech.narration import Narration

ONE, TWO, THREE = (
    "One is the first of all sentences.",
    "Two is the second of them all.",
    "Three, the last.",
)


def seconds(text):
    return len(text) * SECONDS_PER_UNIT


class Told(list):
    """What `on_start` and `on_pause` said."""

    def start(self):
        self.append("start")

    def pause(self, paused):
        self.append("paused" if paused else "resumed")


def narrate(*sentences, whole=True, speed=1.0):
    narration = Narration(speed)
    for sentence in sentences:
        narration.begin_sentence()
        narration.add(utter(sentence), SPEECH_RATE_HZ)
    if whole:
        narration.end()
    return narration


@asynccontextmanager
async def saying(narration, speaker, told=None):
    told = told if told is not None else Told()
    task = asyncio.create_task(narration.run(speaker, on_start=told.start, on_pause=told.pause))
    try:
        yield task
        await asyncio.wait_for(task, 20)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def hear(speaker, text):
    """Let exactly so much of what is playing be heard."""
    for _ in range(10_000):
        playing = speaker.playbacks[-1] if speaker.playbacks else None
        left_s = seconds(text) - (playing.heard_s if playing else 0.0)
        if left_s < 1e-6:
            return
        speaker.hear(min(left_s, 0.2))
        await asyncio.sleep(0)
    raise AssertionError(f"{text!r} is not heard")


async def settled():
    for _ in range(50):
        await asyncio.sleep(0)


def held():
    return FakeSpeaker(held=True, ahead_s=0.5)


def heard(speaker):
    return [playback.heard_words for playback in speaker.playbacks]


def test_it_is_said_to_its_end():
    async def main():
        speaker, told, narration = FakeSpeaker(), Told(), narrate(ONE, TWO)
        async with saying(narration, speaker, told):
            pass
        assert speaker.heard_words == ONE + TWO
        assert narration.heard_s == pytest.approx(seconds(ONE + TWO))
        assert told == ["start"]
        assert not narration.running

    asyncio.run(main())


def test_a_pause_is_silence_at_once_and_keeps_the_place_to_the_sample():
    async def main():
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
        assert narration.heard_s == pytest.approx(seconds(ONE + TWO))

    asyncio.run(main())


def test_a_pause_before_the_first_sound_holds_it_back():
    async def main():
        speaker, told, narration = FakeSpeaker(), Told(), Narration()
        async with saying(narration, speaker, told):
            await until(lambda: narration.running)
            narration.pause()
            narration.add(utter(ONE), SPEECH_RATE_HZ)
            narration.end()
            await settled()
            assert not speaker.playbacks
            narration.resume()
        assert speaker.heard_words == ONE
        assert told == ["paused", "resumed", "start"]

    asyncio.run(main())


def test_skipping_goes_on_with_the_next_sentence_also_from_a_pause():
    async def main():
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

    asyncio.run(main())


def test_skipping_the_last_sentence_is_the_end():
    async def main():
        speaker, narration = held(), narrate(ONE)
        async with saying(narration, speaker):
            await hear(speaker, "One is")
            narration.skip()
        assert heard(speaker) == ["One is"]

    asyncio.run(main())


def test_a_sentence_that_still_comes_is_skipped_to_its_end():
    async def main():
        speaker, narration = held(), narrate(ONE, whole=False)
        async with saying(narration, speaker):
            await hear(speaker, "One is")
            narration.skip()
            narration.add(utter(" And more of it."), SPEECH_RATE_HZ)
            await narration.handed_over()  # nothing of it is waited for
            narration.begin_sentence()
            narration.add(utter(TWO), SPEECH_RATE_HZ)
            narration.end()
            await until(lambda: len(speaker.playbacks) == 2)
            speaker.release()
        assert heard(speaker) == ["One is", TWO]

    asyncio.run(main())


def test_what_is_cut_off_is_not_waited_for():
    async def main():
        narration = narrate(ONE, whole=False)
        handing_over = asyncio.create_task(narration.handed_over())
        await settled()
        narration.cut(0.0)
        await asyncio.wait_for(handing_over, 5)

    asyncio.run(main())


def test_two_sentences_ahead_can_be_skipped_to_before_they_have_come():
    async def main():
        speaker, narration = held(), narrate(ONE, whole=False)
        async with saying(narration, speaker):
            await hear(speaker, "One is")
            narration.skip()
            narration.skip()
            for sentence in (TWO, THREE):
                narration.begin_sentence()
                narration.add(utter(sentence), SPEECH_RATE_HZ)
            narration.end()
            await until(lambda: len(speaker.playbacks) == 2)
            speaker.release()
        assert heard(speaker) == ["One is", THREE]

    asyncio.run(main())


def test_back_says_the_sentence_again_and_soon_after_its_beginning_the_one_before():
    async def main():
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

    asyncio.run(main())


def test_back_at_the_very_beginning_begins_again():
    async def main():
        speaker, narration = held(), narrate(ONE)
        async with saying(narration, speaker):
            await hear(speaker, "One")
            narration.back()
            await until(lambda: len(speaker.playbacks) == 2)
            speaker.release()
        assert heard(speaker) == ["One", ONE]

    asyncio.run(main())


def test_back_says_a_sentence_that_is_over_however_short_it_was():
    async def main():
        speaker, narration = held(), narrate(ONE, "Yes.", whole=False)
        async with saying(narration, speaker):
            await hear(speaker, ONE + "Yes.")  # the next one still has to come
            narration.back()
            await until(lambda: len(speaker.playbacks) == 2)
            await hear(speaker, "Ye")
            narration.back()
            narration.end()
            speaker.release()
        assert heard(speaker) == [ONE + "Yes.", "Ye", ONE + "Yes."]

    asyncio.run(main())


@pytest.mark.parametrize("speed", [1.0, 3.0])
def test_a_sentence_is_over_although_the_speaker_holds_its_last_sound_back(speed):
    """One that changes the rate does, until it is flushed."""

    async def main():
        speaker = FakeSpeaker(held=True, ahead_s=9.0)
        narration = narrate(ONE, whole=False, speed=speed)
        narration.begin_sentence()
        async with saying(narration, speaker):
            await narration.handed_over()
            await settled()
            speaker.hear(seconds(ONE) / speed - 0.02)
            narration.hold()
            narration.carry_on()
            narration.add(utter(TWO), SPEECH_RATE_HZ)
            narration.begin_sentence()
            await narration.handed_over()
            await settled()
            speaker.hear(seconds(TWO) / speed)
            narration.back()
            narration.end()
            speaker.release()
        lengths_s = [playback.heard_s * speed for playback in speaker.playbacks]
        assert lengths_s == pytest.approx([seconds(ONE), seconds(TWO), seconds(TWO)], abs=0.1)

    asyncio.run(main())


def test_back_works_while_the_last_words_fade_away():
    async def main():
        speaker, narration = held(), narrate(THREE)
        speaker.ahead_s = 10
        async with saying(narration, speaker):
            await until(lambda: speaker.words == THREE)
            await hear(speaker, "Three,")
            narration.back()
            await until(lambda: len(speaker.playbacks) == 2)
            speaker.release()
        assert heard(speaker) == ["Three,", THREE]

    asyncio.run(main())


def test_what_was_said_can_be_said_again_and_again():
    async def main():
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

    asyncio.run(main())


@pytest.mark.parametrize("speed", [0.5, 2.0, 3.0])
def test_seconds_are_those_of_the_speech_at_any_speed(speed):
    async def main():
        speaker, narration = FakeSpeaker(), narrate(ONE, TWO, speed=speed)
        async with saying(narration, speaker):
            pass
        assert speaker.playbacks[-1].heard_s == pytest.approx(seconds(ONE + TWO) / speed, abs=0.01)
        assert narration.heard_s == pytest.approx(seconds(ONE + TWO), abs=0.02)

    asyncio.run(main())


def test_another_speed_takes_hold_at_once_and_where_one_is():
    async def main():
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
        assert speaker.playbacks[-1].heard_s == pytest.approx(left_s / 2, abs=0.01)

    asyncio.run(main())


def test_the_end_of_a_sentence_does_not_wait_for_the_next_at_any_speed():
    async def main():
        speaker, narration = FakeSpeaker(), narrate(ONE, whole=False, speed=2.0)
        async with saying(narration, speaker):
            narration.begin_sentence()
            await until(
                lambda: (
                    speaker.playbacks and speaker.playbacks[-1].heard_s >= seconds(ONE) / 2 - 0.01
                )
            )
            narration.end()

    asyncio.run(main())


def test_a_sentence_that_comes_in_pieces_is_stretched_as_one():
    """Where it was flushed in the middle, its sound would break there."""
    spoken = speech_like(SPEECH_RATE_HZ, 1.0, seed=3)

    async def sound(*parts):
        speaker, narration = FakeSpeaker(), Narration(2.0)
        narration.begin_sentence()
        async with saying(narration, speaker):
            for part in parts:
                narration.add(part, SPEECH_RATE_HZ)
                await settled()
            narration.begin_sentence()
            narration.end()
        return np.concatenate(speaker.playbacks[0].written)

    whole, pieces = (asyncio.run(sound(*np.split(spoken, n))) for n in (1, 5))
    np.testing.assert_array_equal(pieces, whole)


def test_a_sentence_that_comes_while_the_one_before_ends_is_said_at_any_speed():
    """The speaker may take its time with that end: it has no room, or is only being opened."""

    async def main():
        speaker = FakeSpeaker(held=True, ahead_s=0.0)
        narration = narrate(THREE, whole=False, speed=2.0)
        narration.begin_sentence()
        async with saying(narration, speaker):
            await until(lambda: speaker.playbacks and speaker.playbacks[-1].written_s)
            await settled()
            narration.add(utter(TWO), SPEECH_RATE_HZ)
            handing_over = asyncio.create_task(narration.handed_over())
            await asyncio.sleep(0)
            speaker.release()
            await asyncio.wait_for(handing_over, 20)
            narration.end()
        assert narration.heard_s == pytest.approx(seconds(THREE + TWO), abs=0.02)

    asyncio.run(main())


def test_who_goes_back_while_a_sentence_is_said_to_its_end_is_not_waited_for():
    async def main():
        speaker, narration, rested = held(), narrate(ONE, TWO), asyncio.Event()
        async with saying(narration, speaker):
            await hear(speaker, "One")
            narration.rest(rested.set)
            await hear(speaker, ONE[:-3])
            await settled()
            assert not rested.is_set()
            narration.back()
            await asyncio.wait_for(rested.wait(), 20)
            assert narration.held
            narration.carry_on()
            speaker.release()
        assert heard(speaker) == [ONE[:-3], ONE + TWO]

    asyncio.run(main())


def test_after_an_interruption_the_place_is_where_one_listened():
    async def main():
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

    asyncio.run(main())


def test_a_lost_speaker_is_told():
    async def main():
        speaker = FakeSpeaker(lost=SpeakerError("The speaker is gone"))
        with pytest.raises(SpeakerError):
            await narrate(ONE).run(speaker, on_start=lambda: None)

    asyncio.run(main())


def test_silence_before_the_first_sound_is_left_out_and_no_other():
    silence = np.zeros(1600, np.int16)
    sound = utter(ONE)

    async def main():
        speaker, narration = FakeSpeaker(), Narration()
        for pcm in (silence, np.concatenate([silence, sound]), silence, sound):
            narration.add(pcm, SPEECH_RATE_HZ)
        narration.end()
        async with saying(narration, speaker):
            pass
        assert narration.end_s == pytest.approx(2 * seconds(ONE) + 0.1)
        assert heard(speaker) == [ONE + ONE]

    asyncio.run(main())


def test_an_answer_of_nothing_but_silence_is_over_at_once():
    async def main():
        speaker, told, narration = FakeSpeaker(), Told(), Narration()
        narration.add(np.zeros(16_000, np.int16), SPEECH_RATE_HZ)
        narration.end()
        async with saying(narration, speaker, told):
            pass
        assert (narration.heard_s, told, heard(speaker)) == (0, [], [])

    asyncio.run(main())
