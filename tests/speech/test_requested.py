"""Speech that is asked for, sentence by sentence, and when that fails."""

from __future__ import annotations

import asyncio
import io
import threading

import numpy as np
import pytest
import soundfile
from fakes import (
    FakeBackend,
    FakeSpeaker,
    FakeVoice,
    pieces,
    speak_wav,
    until,
    utter,
    wav,
)
from helpers.speech.spoken import (
    BATCH,
    FIRST,
    FOURTH,
    LONG,
    SECOND,
    THIRD,
    failing,
    running,
    speak_all,
    speaking_of,
)

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import NotConfigured, RateLimited, ServerBug, TimedOut, Unreachable
from voice_assistant.speech.prosody import UNHEARD


async def test_of_long_sentences_one_is_ready_while_one_is_said_and_no_more():
    backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
    speaking = speaking_of(backend, speaker, auto_play=False)
    async with running(speaking):
        speaking.text(" ".join(LONG))
        speaking.ended("m")
        await until(lambda: backend.spoken == LONG[:2] and not backend.speaking)
        for _ in range(50):
            await asyncio.sleep(0)
        assert backend.spoken == LONG[:2]
        speaker.hear()
        await until(lambda: len(backend.spoken) > 2 or speaker.hear())
        speaker.release()
    assert speaker.heard_words == "".join(LONG)
    assert backend.most_speaking == 1


async def test_short_sentences_are_asked_for_at_once_and_said_in_order():
    first_may_come = asyncio.Event()

    async def speech(request):
        if request.text == "Sure!":
            await first_may_come.wait()
        async for piece in speak_wav(request):
            yield piece

    backend, speaker = FakeBackend(speech=speech), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=False)
    async with running(speaking):
        speaking.text(f"Sure! Yes. No. {FIRST} {SECOND}")
        speaking.ended("m")
        await until(lambda: backend.spoken == ["Sure!", "Yes.", "No."])
        await until(lambda: backend.speaking == 1)
        assert backend.most_speaking == 3
        assert speaker.words == ""
        first_may_come.set()
    assert backend.spoken[3:] == [FIRST, SECOND]
    assert speaker.heard_words == f"Sure!Yes.No.{FIRST}{SECOND}"


async def test_beside_one_that_lasts_none_is_asked_for():
    backend = FakeBackend()
    await speak_all(f"{LONG[0]} Yes. No. Sure!", backend)
    assert backend.spoken == [LONG[0], "Yes.", "No.", "Sure!"]
    assert backend.most_speaking == 3
    backend = FakeBackend()
    await speak_all(f"Yes. {LONG[0]} No. {LONG[1]}", backend)
    assert backend.most_speaking == 2


async def test_a_server_that_does_one_at_a_time_is_asked_again_when_it_has():
    async def speech(request):
        if backend.speaking > 1:
            raise RateLimited("Too many at once", retry_after_s=0.001)
        async for piece in speak_wav(request):
            yield piece

    backend = FakeBackend(speech=speech)
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD} {FOURTH}", backend)
    assert heard == FIRST + SECOND + THIRD + FOURTH
    assert summary.complete


async def test_speech_that_can_be_read_only_as_a_whole_is_heard():
    async def speech(request):
        file = io.BytesIO()
        soundfile.write(file, utter(request.text), SPEECH_RATE_HZ, format="FLAC")
        for piece in pieces(file.getvalue(), 100):
            yield piece

    summary, heard = await speak_all(BATCH, FakeBackend(speech=speech))
    assert heard == FIRST + SECOND
    assert summary.complete


async def test_speech_that_does_not_end_is_taken_as_it_is_heard():
    second = np.resize([1000, -1000], SPEECH_RATE_HZ).astype(np.int16).tobytes()

    async def endless(request):
        yield wav(np.zeros(0, np.int16))[:40] + b"\xff\xff\xff\xff"
        while True:
            taken.append(request.text)
            yield second
            await asyncio.sleep(0)

    async def main():
        speaker = FakeSpeaker(held=True)
        speaking = speaking_of(FakeBackend(speech=endless), speaker, auto_play=False)
        speaking.text(f"{'Nine ' * 60}.")  # up to 140 s may be speech of it
        speaking.ended("m")
        task = asyncio.create_task(speaking.run())
        await until(lambda: len(taken) > 60)
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(taken) < 70
        await until(lambda: len(taken) > 100 or speaker.hear())
        task.cancel()
        await asyncio.wait([task])

    taken: list[str] = []
    await main()


async def test_decoding_a_whole_file_keeps_no_key_waiting():
    class Whole(SpeechDecoder):
        """Takes its time, in which the loop has to go on."""

        fed = False

        def feed(self, data):
            self.fed = True
            return super().feed(data)

        def close(self):
            if self.fed:
                goes_on = threading.Event()
                loop.call_soon_threadsafe(goes_on.set)
                closed.append(goes_on.wait(20))
            return super().close()

    async def at_once(request):
        yield wav(utter(request.text))

    loop, closed = asyncio.get_running_loop(), []
    backend = FakeBackend(speech=at_once)
    summary, heard = await speak_all(f"{FIRST} {SECOND}", backend, decoder=Whole)
    assert summary.complete
    assert closed == [True, True]
    assert heard == FIRST + SECOND


async def test_a_failure_at_the_start_of_a_sentence_is_tried_once_more():
    backend = FakeBackend(speech=failing(ServerBug("500"), times=1))
    summary, heard = await speak_all(BATCH, backend)
    assert heard == FIRST + SECOND
    assert backend.spoken == [FIRST, SECOND, FIRST]
    assert summary.complete
    assert summary.problem is None


async def test_too_many_requests_are_tried_again_after_the_time_the_server_asks_for():
    backend = FakeBackend(speech=failing(RateLimited("Too many", retry_after_s=0.01), times=1))
    summary, heard = await speak_all(BATCH, backend)
    assert heard == FIRST + SECOND
    assert summary.complete


async def test_a_sentence_that_cannot_be_had_is_left_out():
    backend = FakeBackend(speech=failing(ServerBug("500"), when="Two"))
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD}", backend)
    assert heard == FIRST + THIRD
    assert not summary.complete
    assert isinstance(summary.problem, ServerBug)


@pytest.mark.parametrize("answer", [b"", b"null", b"<html>Bad gateway</html>" * 50])
async def test_an_answer_that_is_no_speech_is_a_failure(answer):
    backend = FakeBackend(speech=failing(answer, when="Two"))
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD}", backend)
    assert heard == FIRST + THIRD
    assert not summary.complete
    assert summary.problem.title == "The server sent no speech for a sentence"


async def test_a_sentence_that_breaks_off_while_it_is_heard_is_asked_for_again():
    speaker = FakeSpeaker()

    async def speech(request):
        data = pieces(wav(utter(request.text)), 8044)
        yield data[0]
        if backend.spoken.count(FIRST) == 1 and request.text == FIRST:
            await until(lambda: speaker.words)
            raise Unreachable("The connection broke")
        for piece in data[1:]:
            yield piece

    backend = FakeBackend(speech=speech)
    speaking = speaking_of(backend, speaker, auto_play=False)
    speaking.text(BATCH)
    speaking.ended("m")
    summary = await speaking.run()
    assert speaker.words == FIRST[:5] + FIRST + SECOND
    assert backend.spoken == [FIRST, SECOND, FIRST]
    assert summary.complete


async def test_a_sentence_that_breaks_off_while_it_is_heard_and_then_comes_empty_was_not_spoken():
    speaker = FakeSpeaker()

    async def speech(request):
        if request.text == FIRST and backend.spoken.count(FIRST) == 2:
            yield b""
            return
        data = pieces(wav(utter(request.text)), 8044)
        yield data[0]
        if request.text == FIRST:
            await until(lambda: speaker.words)
            raise Unreachable("The connection broke")
        for piece in data[1:]:
            yield piece

    backend, voice = FakeBackend(speech=speech), FakeVoice()
    speaking = speaking_of(backend, speaker, auto_play=False, voice=voice)
    speaking.text(BATCH)
    speaking.ended("m")
    await speaking.run()
    assert voice.said == [FIRST]
    assert speaker.words == FIRST[:5] + FIRST + SECOND


async def test_a_failure_before_the_sentence_is_heard_is_made_good():
    backend = FakeBackend(speech=failing(ServerBug("500"), after=2, times=1, when="Two"))
    speaker = FakeSpeaker(held=True, ahead_s=0.1)
    speaking = speaking_of(backend, speaker, auto_play=False)
    async with running(speaking) as task:
        speaking.text(BATCH)
        speaking.ended("m")
        await until(lambda: backend.spoken == [FIRST, SECOND, SECOND])
        speaker.release()
    assert speaker.heard_words == FIRST + SECOND
    assert task.result().complete


async def test_after_two_sentences_in_a_row_no_more_are_asked_for():
    backend = FakeBackend(speech=failing(Unreachable("No connection")))
    summary, heard = await speak_all(" ".join(LONG), backend)
    assert heard == ""
    assert backend.spoken == [LONG[0], LONG[0], LONG[1], LONG[1]]
    assert isinstance(summary.problem, Unreachable)


async def test_two_that_cannot_be_had_are_not_in_a_row_if_one_between_them_was_there_first():
    async def speech(request):
        if request.text == "Sure!" and backend.spoken.count("Sure!") == 2:
            await until(lambda: speaking.prosody != UNHEARD)  # the one between is there
        if request.text in {"Sure!", "No."}:
            raise ServerBug("500")
        async for piece in speak_wav(request):
            yield piece

    backend, speaker = FakeBackend(speech=speech), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=False)
    async with running(speaking) as task:
        speaking.text(f"Sure! {FIRST} No. {SECOND} {THIRD}")
        speaking.ended("m")
    assert backend.spoken[:3] == ["Sure!", FIRST, "No."]
    assert speaker.heard_words == FIRST + SECOND + THIRD
    assert not task.result().complete


async def test_of_a_sentence_that_is_asked_for_again_no_part_is_said_before():
    failure = RateLimited("Too many", retry_after_s=0.1)
    backend = FakeBackend(speech=failing(failure, after=1, times=1, when="Two"))
    summary, heard = await speak_all(BATCH, backend)
    assert heard == FIRST + SECOND
    assert summary.complete


async def test_a_connection_that_is_no_longer_wanted_is_closed_with_the_speech():
    class Endless(FakeBackend):
        minutes = 0
        closed = False

        async def text_to_audio(self, request):
            try:
                yield wav(np.zeros(0, np.int16))[:40] + b"\xff\xff\xff\xff"
                while True:
                    self.minutes += 1
                    yield np.resize([1000, -1000], 61 * SPEECH_RATE_HZ).astype(np.int16).tobytes()
            finally:
                for _ in range(50):
                    await asyncio.sleep(0)
                self.closed = True

    backend, speaker = Endless(), FakeSpeaker(held=True)
    speaking = speaking_of(backend, speaker, auto_play=False)
    speaking.text(FIRST)
    speaking.ended("m")
    task = asyncio.create_task(speaking.run())
    await until(lambda: speaker.playbacks and backend.minutes == 2)
    task.cancel()
    await asyncio.wait([task])
    assert backend.closed


async def test_silence_of_the_server_is_not_waited_for_twice():
    backend = FakeBackend(speech=failing(TimedOut("No answer"), times=1))
    summary, heard = await speak_all(BATCH, backend)
    assert heard == SECOND
    assert backend.spoken == [FIRST, SECOND]
    assert not summary.complete


async def test_an_app_without_speech_is_asked_once():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    summary, heard = await speak_all(f"{LONG[0]} {FIRST}", backend)
    assert heard == ""
    assert backend.spoken == [LONG[0]]
    assert isinstance(summary.problem, NotConfigured)
    assert not summary.complete
