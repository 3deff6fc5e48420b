"""Speaking an answer while it is written: what is heard, when, and when no more."""

from __future__ import annotations

import asyncio

import pytest
from fakes import SECONDS_PER_UNIT, FakeBackend, FakeSpeaker, pieces, speak_wav, until, utter, wav
from helpers.speech.exchanges import EXCHANGES, audio
from helpers.speech.spoken import (
    BATCH,
    FIRST,
    SECOND,
    THIRD,
    Starts,
    running,
    speak_all,
    speaking_of,
)

from voice_assistant.errors import SpeakerError


@pytest.mark.parametrize("auto_play", [True, False, None])
async def test_an_answer_without_audio_in_its_stream_is_spoken_sentence_by_sentence(auto_play):
    backend = FakeBackend()
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD}", backend, auto_play=auto_play)
    assert heard == FIRST + SECOND + THIRD
    assert backend.spoken == [FIRST, SECOND, THIRD]
    assert summary.complete
    assert summary.problem is None
    assert summary.stream_s == 0
    assert summary.seconds == pytest.approx(len(heard) * SECONDS_PER_UNIT)
    assert summary.text_to_audio_s == pytest.approx(summary.seconds)


async def test_speech_begins_before_the_answer_is_whole():
    speaker, starts = FakeSpeaker(), Starts()
    speaking = speaking_of(FakeBackend(), speaker, auto_play=False, on_start=starts)
    async with running(speaking):
        speaking.text(FIRST)
        speaking.text(" Two is")
        await until(lambda: speaker.heard_words == FIRST)
        assert starts.count == 1
        speaking.text(" the second.")
        speaking.ended("m")
    assert speaker.heard_words == FIRST + SECOND
    assert starts.count == 1


async def test_an_answer_that_stands_still_is_spoken_as_far_as_it_came():
    speaker = FakeSpeaker()
    speaking = speaking_of(FakeBackend(), speaker, auto_play=False)
    async with running(speaking):
        speaking.text(FIRST)
        await until(lambda: speaker.heard_words == FIRST)
        speaking.text(f" {SECOND}")
        speaking.ended("m")
    assert speaker.heard_words == FIRST + SECOND


async def test_a_replacement_silences_what_is_said_and_is_spoken_itself():
    backend, speaker, starts = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.3), Starts()
    speaking = speaking_of(backend, speaker, auto_play=True, on_start=starts)
    async with running(speaking) as task:
        speaking.text(f"{BATCH} {THIRD}")
        for piece in pieces(wav(utter(BATCH)), 800):
            speaking.audio(piece)
        await until(lambda: speaker.words)
        speaker.hear(0.2)
        speaking.replaced("I may not say that.")
        assert speaker.playbacks[0].state == "aborted"
        speaking.audio(wav(utter("Forbidden.")))
        speaking.ended("m")
        speaker.held = False
    assert speaker.playbacks[0].heard_words == "One "
    assert speaker.playbacks[1].heard_words == "I may not say that."
    assert backend.spoken == ["I may not say that."]
    assert starts.count == 1
    summary = task.result()
    assert summary.complete
    assert summary.seconds == pytest.approx((4 + 19) * SECONDS_PER_UNIT)


async def test_a_replacement_does_not_wait_for_a_request_that_goes_nowhere():
    asked = asyncio.Event()

    async def speech(request):
        if request.text == FIRST:
            asked.set()
            await asyncio.Event().wait()
        async for piece in speak_wav(request):
            yield piece

    backend, speaker = FakeBackend(speech=speech), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=False)
    async with running(speaking):
        speaking.text(f"{BATCH} ")
        await asked.wait()
        speaking.replaced("Sorry.")
        speaking.ended("m")
    assert speaker.heard_words == "Sorry."
    assert backend.speaking == 0


async def test_cancelling_silences_the_speaker_at_once():
    backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
    speaking = speaking_of(backend, speaker, auto_play=False)
    task = asyncio.create_task(speaking.run())
    speaking.text(f"{FIRST} {SECOND}")
    await until(lambda: speaker.words)
    task.cancel()
    await asyncio.sleep(0)
    assert speaker.playbacks[0].state == "aborted"
    with pytest.raises(asyncio.CancelledError):
        await task
    assert backend.speaking == 0
    summary = speaking.summary()
    assert not summary.complete
    assert summary.seconds == 0
    assert summary.text_to_audio_s > 0


async def given_up(backend, text, *, auto_play):
    """Speaking whose speaker was lost when it was to say `text`."""
    speaker = FakeSpeaker(lost=SpeakerError("The speaker is gone"))
    speaking = speaking_of(backend, speaker, auto_play=auto_play)
    speaking.text(text)
    with pytest.raises(SpeakerError):
        await speaking.run()
    return speaking


async def test_a_lost_speaker_is_told_and_ends_the_requests():
    backend = FakeBackend()
    speaking = await given_up(backend, f"{FIRST} {SECOND} ", auto_play=False)
    assert backend.speaking == 0
    assert not speaking.summary().complete


async def test_a_replacement_while_a_lost_speaker_is_given_up_asks_for_nothing():
    closing, closed = asyncio.Event(), asyncio.Event()

    async def speech(request):
        try:
            yield wav(utter(request.text))
            await asyncio.Event().wait()
        finally:
            closing.set()
            await closed.wait()

    backend, speaker = FakeBackend(speech=speech), FakeSpeaker(lost=SpeakerError("It is gone"))
    speaking = speaking_of(backend, speaker, auto_play=False)
    task = asyncio.create_task(speaking.run())
    speaking.text(f"{FIRST} ")
    await closing.wait()
    speaking.replaced("I may not say that. Sorry.")
    closed.set()
    with pytest.raises(SpeakerError):
        async with asyncio.timeout(20):
            await task
    assert backend.spoken == [FIRST]


async def test_an_answer_may_go_on_after_speaking_was_given_up():
    backend = FakeBackend()
    speaking = await given_up(backend, f"{FIRST} Two", auto_play=None)
    speaking.text(" is the second.")
    speaking.audio(wav(utter(BATCH)))
    speaking.replaced("Sorry.")
    speaking.audio(wav(utter(BATCH)))
    speaking.audio_ended()
    speaking.ended("m")
    assert backend.spoken == [FIRST]


async def test_the_heard_seconds_are_known_at_any_time():
    speaker = FakeSpeaker(held=True)
    speaking = speaking_of(FakeBackend(), speaker, auto_play=False)
    assert speaking.summary() == (0.0, False, 0.0, 0.0, 0.0, None)
    async with running(speaking):
        speaking.text(FIRST)
        speaking.ended("m")
        await until(lambda: speaker.words == FIRST)
        speaker.hear(0.5)
        assert speaking.summary().seconds == 0.5
        assert not speaking.summary().complete
        speaker.release()
    assert speaking.summary().complete


async def test_no_speaker_at_all_is_told():
    with pytest.raises(SpeakerError):
        await speak_all(FIRST, speaker=FakeSpeaker(missing=SpeakerError("No speaker")))


async def test_nothing_to_say_opens_no_speaker():
    speaker = FakeSpeaker(missing=SpeakerError("No speaker"))
    summary, heard = await speak_all("---", speaker=speaker)
    assert summary == (0.0, True, 0.0, 0.0, 0.0, None)
    assert heard == ""


@pytest.mark.parametrize("name", EXCHANGES)
async def test_real_answers_are_spoken_to_their_end(name):
    backend, speaker = FakeBackend(), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play="noautoplay" not in name)
    async with running(speaking) as task:
        for step in EXCHANGES[name]:
            match step[0]:
                case "text":
                    speaking.text(step[1])
                case "audio":
                    speaking.audio(audio(step))
                case "audio_ended":
                    speaking.audio_ended()
            await asyncio.sleep(0)
        speaking.ended("m")
    summary = task.result()
    assert summary.complete
    came_s = summary.stream_s + summary.text_to_audio_s
    assert came_s - 0.1 < summary.seconds <= came_s  # it may begin with silence
    assert "".join(backend.spoken) in speaker.words
