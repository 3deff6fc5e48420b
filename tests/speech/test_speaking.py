from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from fakes import (
    SECONDS_PER_UNIT,
    FakeBackend,
    FakeSpeaker,
    pieces,
    read,
    speak_wav,
    until,
    utter,
    wav,
)
from speech.exchanges import EXCHANGES, audio

from voice_assistant.audio.encoder import Mp3Encoder
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.engines.voice import VoiceFailed
from voice_assistant.errors import (
    NotConfigured,
    RateLimited,
    ServerBug,
    SpeakerError,
    TimedOut,
    Unreachable,
)
from voice_assistant.speech.coverage import expected_s
from voice_assistant.speech.narration import Narration
from voice_assistant.speech.speaking import Speaking

FIRST = "One is the first."
SECOND = "Two is the second."
THIRD = "Three is the third."
FOURTH = "Four is the last."
BATCH = f"{FIRST} {SECOND}"


class Starts:
    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1


def speaking_of(backend, speaker, *, auto_play, on_start=lambda: None, voice=None):
    return Speaking(backend, speaker, auto_play=auto_play, on_start=on_start, voice=voice)


@asynccontextmanager
async def running(speaking):
    """`run` beside the test, ended with it."""
    task = asyncio.create_task(speaking.run())
    try:
        yield task
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class LocalVoice:
    """A voice of the machine: says everything, less what it `fails` at."""

    name = "local"

    def __init__(self, fails=""):
        self._fails = fails
        self.said = []

    async def speak(self, text):
        self.said.append(text)
        await asyncio.sleep(0)
        if self._fails and self._fails in text:
            raise VoiceFailed("The speech program failed with status 1")
        yield utter(text), SPEECH_RATE_HZ


def speak_all(text, backend=None, *, auto_play=False, speaker=None, voice=None):
    """Speak a text that is there at once: the summary and what was heard."""

    async def main():
        heard = speaker or FakeSpeaker()
        speaking = speaking_of(backend or FakeBackend(), heard, auto_play=auto_play, voice=voice)
        speaking.text(text)
        speaking.ended("m")
        return await speaking.run(), heard.heard_words

    return asyncio.run(main())


def failing(error, *, after=0, times=99, when=""):
    """Speech that fails: `error` is raised (or sent, as bytes) after so many pieces."""
    left = times

    async def speech(request):
        nonlocal left
        broken = left > 0 and when in request.text
        left -= broken
        if broken and isinstance(error, bytes):
            yield error
            return
        count = 0
        async for piece in speak_wav(request):
            if broken and count == after:
                raise error
            count += 1
            yield piece

    return speech


@pytest.mark.parametrize("auto_play", [True, False, None])
def test_an_answer_without_audio_in_its_stream_is_spoken_sentence_by_sentence(auto_play):
    backend = FakeBackend()
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend, auto_play=auto_play)
    assert heard == FIRST + SECOND + THIRD
    assert backend.spoken == [FIRST, SECOND, THIRD]
    assert summary.complete
    assert summary.problem is None
    assert summary.stream_s == 0
    assert summary.seconds == pytest.approx(len(heard) * SECONDS_PER_UNIT)
    assert summary.text_to_audio_s == pytest.approx(summary.seconds)


def test_speech_begins_before_the_answer_is_whole():
    async def main():
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

    asyncio.run(main())


def test_an_answer_that_stands_still_is_spoken_as_far_as_it_came():
    async def main():
        speaker = FakeSpeaker()
        speaking = speaking_of(FakeBackend(), speaker, auto_play=False)
        async with running(speaking):
            speaking.text(FIRST)
            await until(lambda: speaker.heard_words == FIRST)
            speaking.text(f" {SECOND}")
            speaking.ended("m")
        assert speaker.heard_words == FIRST + SECOND

    asyncio.run(main())


def test_one_sentence_is_ready_while_one_is_said_and_no_more():
    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
        speaking = speaking_of(backend, speaker, auto_play=False)
        async with running(speaking):
            speaking.text(f"{FIRST} {SECOND} {THIRD} {FOURTH}")
            speaking.ended("m")
            await until(lambda: backend.spoken == [FIRST, SECOND] and not backend.speaking)
            for _ in range(50):
                await asyncio.sleep(0)
            assert backend.spoken == [FIRST, SECOND]
            speaker.hear()
            await until(lambda: len(backend.spoken) > 2 or speaker.hear())
            speaker.release()
        assert speaker.heard_words == FIRST + SECOND + THIRD + FOURTH
        assert backend.most_speaking == 1

    asyncio.run(main())


def test_the_streams_audio_is_heard_and_only_the_rest_asked_for():
    async def main():
        backend, speaker, starts = FakeBackend(), FakeSpeaker(), Starts()
        speaking = speaking_of(backend, speaker, auto_play=True, on_start=starts)
        async with running(speaking) as task:
            speaking.text(BATCH)
            speaking.text(f" {THIRD} {FOURTH}")
            for piece in pieces(wav(utter(BATCH))):
                speaking.audio(piece)
            await until(lambda: speaker.heard_words == BATCH)
            assert backend.spoken == []
            speaking.ended("m")
        assert speaker.heard_words == BATCH + THIRD + FOURTH
        assert backend.spoken == [THIRD, FOURTH]
        assert len(speaker.playbacks) == 1
        assert starts.count == 1
        summary = task.result()
        assert summary.complete
        assert summary.stream_s == pytest.approx(len(BATCH) * SECONDS_PER_UNIT)
        assert summary.text_to_audio_s == pytest.approx(len(THIRD + FOURTH) * SECONDS_PER_UNIT)
        assert summary.seconds == pytest.approx(summary.stream_s + summary.text_to_audio_s)

    asyncio.run(main())


@pytest.mark.parametrize("spoken", [0, 1])
def test_audio_that_does_not_come_is_asked_for_before_the_answer_ends(spoken):
    """A provider that fails drops the rest of an answer's audio without a word."""

    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker()
        speaking = Speaking(
            backend, speaker, auto_play=True, on_start=lambda: None, patience_s=0.02
        )
        async with running(speaking) as task:
            speaking.text(BATCH)
            for piece in pieces(wav(utter(BATCH))) * spoken:
                speaking.audio(piece)
            speaking.text(f" {THIRD} Four is")
            owed = [THIRD] if spoken else [FIRST, SECOND, THIRD]
            await until(lambda: backend.spoken == owed)
            await until(lambda: speaker.heard_words.endswith(THIRD))
            speaking.audio(wav(utter("Too late.")))
            speaking.text(" the last.")
            speaking.ended("m")
        assert speaker.heard_words == (BATCH * spoken) + "".join(owed) + FOURTH
        assert task.result().complete

    asyncio.run(main())


def test_audio_is_waited_for_while_there_is_other_to_hear():
    long = "One is the first, and it takes its time. Two is the second, and it does so, too."

    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
        speaking = Speaking(
            backend, speaker, auto_play=True, on_start=lambda: None, patience_s=0.001
        )
        async with running(speaking):
            speaking.text(long)
            speaking.audio(wav(utter(long)))
            speaking.text(f" {THIRD} {FOURTH} Five.")
            await asyncio.sleep(0.05)
            speaking.audio(wav(utter(f" {THIRD} {FOURTH} Five.")))
            speaking.audio_ended()
            speaking.ended("m")
            speaker.release()
        assert speaker.heard_words == f"{long} {THIRD} {FOURTH} Five."
        assert backend.spoken == []

    asyncio.run(main())


def test_a_stream_that_has_said_all_there_is_keeps_its_turn():
    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker()
        speaking = Speaking(
            backend, speaker, auto_play=True, on_start=lambda: None, patience_s=0.001
        )
        async with running(speaking):
            speaking.text(BATCH)
            for piece in pieces(wav(utter(BATCH))):
                speaking.audio(piece)
            await asyncio.sleep(0.05)
            rest = f" {THIRD} {FOURTH} Five."
            speaking.text(rest)
            speaking.audio(wav(utter(rest)))
            speaking.audio_ended()
            speaking.ended("m")
        assert speaker.heard_words == BATCH + rest
        assert backend.spoken == []

    asyncio.run(main())


def test_a_silent_provider_does_not_hold_up_audio_of_the_stream():
    async def main():
        asked = asyncio.Event()

        async def speech(_request):
            asked.set()
            await asyncio.Event().wait()
            yield b""

        backend, speaker = FakeBackend(speech=speech), FakeSpeaker()
        speaking = speaking_of(backend, speaker, auto_play=None)
        async with running(speaking):
            speaking.text(f"{BATCH} ")
            await asked.wait()
            speaking.audio(wav(utter(BATCH)))
            await until(lambda: speaker.heard_words == BATCH)
            await until(lambda: backend.speaking == 0)
            speaking.audio_ended()
            speaking.ended("m")
        assert backend.spoken == [FIRST]

    asyncio.run(main())


def test_audio_of_the_stream_that_comes_too_late_is_not_heard():
    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker()
        speaking = speaking_of(backend, speaker, auto_play=None)
        async with running(speaking):
            speaking.text(f"{BATCH} Th")
            await until(lambda: speaker.heard_words == FIRST + SECOND)
            speaking.audio(wav(utter(BATCH)))
            speaking.text("ree is the third.")
            speaking.ended("m")
        assert speaker.heard_words == FIRST + SECOND + THIRD

    asyncio.run(main())


def test_a_replacement_silences_what_is_said_and_is_spoken_itself():
    async def main():
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

    asyncio.run(main())


def test_a_replacement_does_not_wait_for_a_request_that_goes_nowhere():
    async def main():
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

    asyncio.run(main())


def test_cancelling_silences_the_speaker_at_once():
    async def main():
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

    asyncio.run(main())


def test_a_lost_speaker_is_told_and_ends_the_requests():
    async def main():
        backend = FakeBackend()
        speaking = speaking_of(
            backend, FakeSpeaker(lost=SpeakerError("The speaker is gone")), auto_play=False
        )
        speaking.text(f"{FIRST} {SECOND} ")
        with pytest.raises(SpeakerError):
            await speaking.run()
        assert backend.speaking == 0
        assert not speaking.summary().complete

    asyncio.run(main())


def test_an_answer_may_go_on_after_speaking_was_given_up():
    async def main():
        backend = FakeBackend()
        speaking = speaking_of(
            backend, FakeSpeaker(lost=SpeakerError("The speaker is gone")), auto_play=None
        )
        speaking.text(f"{FIRST} Two")
        with pytest.raises(SpeakerError):
            await speaking.run()
        speaking.text(" is the second.")
        speaking.audio(wav(utter(BATCH)))
        speaking.replaced("Sorry.")
        speaking.audio(wav(utter(BATCH)))
        speaking.audio_ended()
        speaking.ended("m")
        assert backend.spoken == [FIRST]

    asyncio.run(main())


def test_what_was_heard_is_known_at_any_time():
    async def main():
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

    asyncio.run(main())


def test_no_speaker_at_all_is_told():
    with pytest.raises(SpeakerError):
        speak_all(FIRST, speaker=FakeSpeaker(missing=SpeakerError("No speaker")))


def test_nothing_to_say_opens_no_speaker():
    speaker = FakeSpeaker(missing=SpeakerError("No speaker"))
    summary, heard = speak_all("---", speaker=speaker)
    assert summary == (0.0, True, 0.0, 0.0, 0.0, None)
    assert heard == ""


def test_a_failure_at_the_start_of_a_sentence_is_tried_once_more():
    backend = FakeBackend(speech=failing(ServerBug("500"), times=1))
    summary, heard = speak_all(BATCH, backend)
    assert heard == FIRST + SECOND
    assert backend.spoken == [FIRST, FIRST, SECOND]
    assert summary.complete
    assert summary.problem is None


def test_too_many_requests_are_tried_again_after_the_time_the_server_asks_for():
    backend = FakeBackend(speech=failing(RateLimited("Too many", retry_after_s=0.01), times=1))
    summary, heard = speak_all(BATCH, backend)
    assert heard == FIRST + SECOND
    assert summary.complete


def test_a_sentence_that_cannot_be_had_is_left_out():
    backend = FakeBackend(speech=failing(ServerBug("500"), when="Two"))
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend)
    assert heard == FIRST + THIRD
    assert not summary.complete
    assert isinstance(summary.problem, ServerBug)


@pytest.mark.parametrize("answer", [b"", b"null", b"<html>Bad gateway</html>" * 50])
def test_an_answer_that_is_no_speech_is_a_failure(answer):
    backend = FakeBackend(speech=failing(answer, when="Two"))
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend)
    assert heard == FIRST + THIRD
    assert not summary.complete
    assert summary.problem.title == "The server sent no speech for a sentence"


def test_a_failure_in_the_middle_of_a_sentence_that_is_being_heard_is_not_tried_again():
    async def main():
        speaker = FakeSpeaker()

        async def speech(request):
            data = pieces(wav(utter(request.text)), 8044)
            yield data[0]
            if request.text == FIRST:
                await until(lambda: speaker.words)
                raise ServerBug("500")
            for piece in data[1:]:
                yield piece

        backend = FakeBackend(speech=speech)
        speaking = speaking_of(backend, speaker, auto_play=False)
        speaking.text(BATCH)
        speaking.ended("m")
        summary = await speaking.run()
        assert speaker.words == FIRST[:5] + SECOND
        assert backend.spoken == [FIRST, SECOND]
        assert not summary.complete

    asyncio.run(main())


def test_a_failure_before_the_sentence_is_heard_is_made_good():
    async def main():
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

    asyncio.run(main())


def test_after_two_sentences_in_a_row_no_more_are_asked_for():
    backend = FakeBackend(speech=failing(Unreachable("No connection")))
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD} {FOURTH}", backend)
    assert heard == ""
    assert backend.spoken == [FIRST, FIRST, SECOND, SECOND]
    assert isinstance(summary.problem, Unreachable)


def test_silence_of_the_server_is_not_waited_for_twice():
    backend = FakeBackend(speech=failing(TimedOut("No answer"), times=1))
    summary, heard = speak_all(BATCH, backend)
    assert heard == SECOND
    assert backend.spoken == [FIRST, SECOND]
    assert not summary.complete


def test_an_app_without_speech_is_asked_once():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend)
    assert heard == ""
    assert backend.spoken == [FIRST]
    assert isinstance(summary.problem, NotConfigured)
    assert not summary.complete


def test_an_app_without_speech_is_spoken_by_the_machines_own_voice():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    voice = LocalVoice()
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend, voice=voice)
    assert heard == FIRST + SECOND + THIRD
    assert backend.spoken == [FIRST]
    assert summary.complete
    assert summary.problem is None
    assert summary.text_to_audio_s == 0
    assert summary.local_s == pytest.approx(summary.seconds)


def test_one_sentence_that_cannot_be_had_is_said_by_the_machine_alone():
    backend = FakeBackend(speech=failing(ServerBug("500"), when="Two"))
    voice = LocalVoice()
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend, voice=voice)
    assert heard == FIRST + SECOND + THIRD
    assert voice.said == [SECOND]
    assert summary.complete
    assert summary.local_s == pytest.approx(len(SECOND) * SECONDS_PER_UNIT)


def test_a_server_that_fails_for_good_leaves_the_rest_to_the_machine():
    backend = FakeBackend(speech=failing(Unreachable("No connection")))
    voice = LocalVoice()
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD} {FOURTH}", backend, voice=voice)
    assert heard == FIRST + SECOND + THIRD + FOURTH
    assert backend.spoken == [FIRST, FIRST, SECOND, SECOND]
    assert summary.complete


def test_when_server_and_machine_fail_it_is_said():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    voice = LocalVoice(fails="Two")
    summary, heard = speak_all(f"{FIRST} {SECOND} {THIRD}", backend, voice=voice)
    assert heard == FIRST + THIRD
    assert not summary.complete
    assert isinstance(summary.problem, NotConfigured)


def test_a_sentence_that_breaks_off_while_it_is_heard_is_said_again_whole():
    async def main():
        speaker = FakeSpeaker()

        async def speech(request):
            yield pieces(wav(utter(request.text)), 8044)[0]
            await until(lambda: speaker.words)
            raise ServerBug("500")

        voice = LocalVoice()
        speaking = speaking_of(FakeBackend(speech=speech), speaker, auto_play=False, voice=voice)
        speaking.text(FIRST)
        speaking.ended("m")
        summary = await speaking.run()
        assert speaker.words == FIRST[:5] + FIRST
        assert summary.complete

    asyncio.run(main())


def test_sentences_of_the_streams_audio_can_be_skipped():
    """Where nothing tells the sentences apart but the rests between them."""

    async def main():
        first, second = utter("A" * 60), utter("B" * 60)
        rest = np.zeros(int(SPEECH_RATE_HZ * 0.3), np.int16)
        speaker, narration = FakeSpeaker(held=True, ahead_s=0.5), Narration()
        speaking = Speaking(
            FakeBackend(), speaker, auto_play=True, on_start=lambda: None, narration=narration
        )
        async with running(speaking):
            speaking.text("A sentence, which is so long. Another one, just so.")
            speaking.audio(wav(np.concatenate([first, rest, second])))
            speaking.audio_ended()
            speaking.ended("m")
            await until(lambda: speaker.words)
            speaker.hear(0.3)
            narration.skip()
            await until(lambda: len(speaker.playbacks) == 2)
            speaker.release()
        assert set(speaker.playbacks[0].heard_words) == {"A"}
        assert set(speaker.playbacks[1].heard_words) == {"B"}

    asyncio.run(main())


def test_an_app_without_speech_does_not_end_speaking_before_the_answer_ends():
    async def main():
        backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
        speaker = FakeSpeaker()
        speaking = speaking_of(backend, speaker, auto_play=None)
        async with running(speaking) as task:
            speaking.text(f"{BATCH} ")
            await until(lambda: backend.spoken == [FIRST] and not backend.speaking)
            assert not task.done()
            speaking.audio(wav(utter(BATCH)))
            speaking.audio_ended()
            speaking.ended("m")
        assert speaker.heard_words == BATCH
        assert task.result().complete

    asyncio.run(main())


def test_the_rest_of_a_file_cut_off_within_its_first_sentence_is_not_heard():
    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
        speaking = speaking_of(backend, speaker, auto_play=True)
        async with running(speaking):
            speaking.text(BATCH)
            speaking.text(f" {THIRD} {FOURTH} Five. Six. Seven")
            speech = wav(utter(BATCH)), wav(utter(f" {THIRD} {FOURTH} Five."))
            for piece in [*pieces(speech[0]), *pieces(speech[1])[:2]]:
                speaking.audio(piece)
            await until(lambda: speaker.words)
            speaking.ended("m")
            speaker.release()
        rest = "Five." + "Six." + "Seven"
        assert speaker.heard_words == BATCH + THIRD + FOURTH + rest

    asyncio.run(main())


def test_a_file_that_is_cut_off_before_it_is_heard_is_asked_for_whole():
    """How far it reaches needs no guess then, however much of it has come."""

    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
        speaking = speaking_of(backend, speaker, auto_play=True)
        async with running(speaking) as task:
            speaking.text(BATCH)
            speaking.text(f" {THIRD} {FOURTH} Five is no more.")
            speech = wav(utter(BATCH)), wav(utter(f" {THIRD} {FOURTH} Five is no more."))
            for piece in [*pieces(speech[0]), *pieces(speech[1])[:-2]]:
                speaking.audio(piece)
            await until(lambda: speaker.words)
            speaking.ended("m")
            speaker.release()
        assert speaker.heard_words == BATCH + THIRD + FOURTH + "Five is no more."
        assert task.result().stream_s == pytest.approx(len(BATCH) * SECONDS_PER_UNIT)

    asyncio.run(main())


def mp3(seconds):
    """A file that is nothing but frames: no tag tells where it begins."""
    encoder = Mp3Encoder(16_000)
    tone = (8000 * np.sin(np.arange(round(seconds * 16_000)) / 8)).astype(np.int16)
    data = encoder.feed(tone) + encoder.finish()
    assert data.startswith(b"\xff")
    assert b"Info" not in data
    return data


@pytest.mark.parametrize("cut", [0, 1])
def test_files_without_a_mark_of_their_own_are_told_apart_by_their_pieces(cut):
    """A voice so slow that lengths alone would mislead."""

    async def main():
        backend, speaker = FakeBackend(), FakeSpeaker()
        speaking = speaking_of(backend, speaker, auto_play=True)
        batches = [BATCH, f" {THIRD} {FOURTH} Five.", " Six."]
        for batch in batches:
            speaking.text(batch)
        sent = [piece for batch in batches for piece in pieces(mp3(2 * expected_s(batch)), 1024)]
        for piece in sent[: len(sent) - cut]:
            speaking.audio(piece)
        speaking.ended("m")
        await speaking.run()
        assert backend.spoken == ["Six."][:cut]

    asyncio.run(main())


@pytest.mark.parametrize("name", EXCHANGES)
def test_real_answers_are_spoken_to_their_end(name):
    async def main():
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

    asyncio.run(main())


def test_what_is_uttered_can_be_read():
    assert read(utter("Grüße, 世界 😀")) == "Grüße, 世界 😀"
