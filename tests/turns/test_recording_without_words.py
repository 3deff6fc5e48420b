"""A recording in which nobody finds words: what is kept, and what the user is told."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import FakeBackend, FakeMicrophone, read, until
from helpers.hearing.kept import put
from helpers.replay import json as reply
from helpers.replay import replay, response, trace
from helpers.settings.varied import settings_with
from helpers.turns.kept_question import QUESTION, SAID, UNHEARD, milestones, retry, talk, waiting
from helpers.turns.staging import ANSWER, SILENT, DeafEars, server, staged
from helpers.turns.story import HISS, WITHOUT_TAIL, hears_nothing, play, slip, story, tell

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.api.models import Transcript
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.commands import Ask, Press, Quit, Release, Retry, Stop, Toggle
from voice_assistant.errors import NotConfigured
from voice_assistant.turns.turn import TRY_AGAIN

NO_TRANSCRIPT = {
    "nothing": response(200, b"", "text/html"),
    "no content": response(204, b"", "application/json"),
    "a web page": response(200, b"<html>Sign in to use this network</html>", "text/html"),
    "empty": reply(200, {}),
    "null": reply(200, None),
    "a list": reply(200, []),
    "null text": reply(200, {"text": None}),
    "a number": reply(200, {"text": 7}),
    "another field": reply(200, {"result": "how many rooks"}),
    "an error": reply(200, {"error": "quota exceeded"}),
}


@pytest.mark.parametrize("nonsense", NO_TRANSCRIPT.values(), ids=NO_TRANSCRIPT)
async def test_a_success_without_a_transcript_is_the_servers_fault_and_keeps_the_recording(
    nonsense,
):
    routes = {
        "POST /audio-to-text": nonsense,
        "GET /parameters": trace("1.14.0", "get-parameters"),
    }
    async with (
        replay(routes) as running,
        Client(running.url, "app-KEY", "u1") as client,
        staged(backend=client, microphone=FakeMicrophone(SAID)) as stage,
    ):
        await talk(stage)
        assert stage.kinds() == UNHEARD
        (failed,) = stage.failures()
        assert failed.code == "server_bug"
        assert TRY_AGAIN in failed.hint
        (kept,) = stage.recordings()
        assert failed.recording == kept.stem
        np.testing.assert_array_equal(read_speech(kept), SAID)
        assert milestones(stage, await retry(stage)) == ["transcribing", "failed", "idle"]
        assert stage.recordings() == [kept]


@pytest.mark.parametrize("text", ["", "  ", "[BLANK_AUDIO]", "(music)", "♪", "..."])
@pytest.mark.parametrize("keep_days", [0.0, 7.0])
async def test_no_words_in_detected_speech_are_not_the_speakers_fault(text, keep_days):
    backend = server(script=ANSWER, words=[text])
    settings = settings_with("microphone.tail_s=0", f"recordings.keep_days={keep_days}")
    async with staged(backend=backend, microphone=FakeMicrophone(SAID), settings=settings) as stage:
        await talk(stage)
        turn = await retry(stage)
        assert stage.kinds(1) == UNHEARD
        assert stage.kinds(turn) == ["transcribing", "failed", "idle"]
        for failed in stage.failures():
            assert failed.code == "nothing_heard"
            assert failed.title == "The server found no words in what you said"
            assert failed.hint == TRY_AGAIN
        assert waiting(stage) == [("", False)]
        backend._words = [QUESTION]
        turn = await retry(stage)
        assert milestones(stage, turn) == ["transcribing", "asked", "answered", "idle"]
        assert waiting(stage) == ([(QUESTION, True)] if keep_days else [])


@pytest.mark.parametrize(
    ("here", "told"),
    [
        (QUESTION, None),
        ("", "Neither the server nor this machine found words in what you said"),
        ("[BLANK_AUDIO]", "Neither the server nor this machine found words in what you said"),
    ],
)
async def test_this_machine_listens_where_the_server_finds_no_words_in_speech(here, told):
    async def local_words(pcm):
        assert read(pcm) == QUESTION
        return Transcript(text=here)

    async with staged(
        backend=server(script=ANSWER, words=[""]),
        microphone=FakeMicrophone(SAID),
        settings=settings_with("microphone.tail_s=0", 'speech_to_text.local="fallback"'),
        local_words=local_words,
    ) as stage:
        await talk(stage)
        if told is None:
            answered = ["listening", "transcribing", "asked", "answered", "idle"]
            assert milestones(stage) == answered
            assert stage.questions() == [QUESTION]
            assert waiting(stage) == []
        else:
            assert stage.kinds() == UNHEARD
            assert [failed.title for failed in stage.failures()] == [told]
            assert waiting(stage) == [("", False)]


async def test_the_servers_words_decide_about_speech_that_was_not_detected():
    backend = server(script=ANSWER, words=[QUESTION, ""])
    microphone = FakeMicrophone(SAID)
    async with staged(backend=backend, microphone=microphone, ears=DeafEars) as stage:
        await talk(stage)
        assert stage.questions() == [QUESTION]
        assert waiting(stage) == []
        await talk(stage)
        assert stage.kinds(2) == UNHEARD
        assert stage.failures()[0].title == "No words were heard"
        assert waiting(stage) == [("", False)]


@pytest.mark.parametrize("ending", [Toggle(), Press(), Release()])
async def test_a_question_ended_by_hand_counts_as_speech_though_none_was_detected(ending):
    backend = server(script=ANSWER, words=[QUESTION])
    microphone = FakeMicrophone(SAID)
    async with staged(backend=backend, microphone=microphone, ears=DeafEars) as stage:
        stage.post(Toggle())
        await until(stage.heard_all)
        stage.post(ending)
        await until(lambda: stage.questions() == [QUESTION])
        await stage.turn_over()


async def test_words_in_what_was_not_detected_are_a_barge_in():
    backend = story(then=asyncio.Event(), words=QUESTION)

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        speaker.release()
        await slip(stage)
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert stage.questions() == ["a story", QUESTION]
        assert stage.kinds(1)[-1] == "idle"
        assert "answered" in stage.kinds(2)

    await play(script, backend=backend, microphone=hears_nothing(2.0))
    assert backend.stopped == ["task"]


@pytest.mark.parametrize(
    ("seconds", "pcm", "command"),
    [(0.2, HISS, Press()), (2.0, HISS * 0, Press()), (60.0, HISS, Toggle())],
    ids=["touch", "digital silence", "nobody speaks"],
)
@pytest.mark.parametrize("cut_off", [False, True])
async def test_only_what_cannot_be_a_question_is_not_kept(seconds, pcm, command, cut_off):
    microphone = FakeMicrophone(pcm[: round(seconds * 16_000)])
    async with staged(microphone=microphone, ears=DeafEars, settings=WITHOUT_TAIL) as stage:
        stage.post(command)
        if command == Press():
            await until(stage.heard_all)
            stage.post(Stop() if cut_off else Release())
        await stage.turn_over()
        assert stage.recordings() == []
        assert stage.questions() == []


@pytest.mark.parametrize("ending", [Stop(), Quit()])
async def test_a_recording_with_the_key_held_is_kept_though_it_was_cut_off(ending):
    async with staged(microphone=FakeMicrophone(SAID), ears=DeafEars) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(ending)
        await stage.turn_over()
        assert waiting(stage) == [("", False)]


@pytest.mark.parametrize(
    "words", ["Thank you for watching!", "ご視聴ありがとうございました", "you"]
)
async def test_the_end_of_a_video_is_no_question_after_a_cough_and_is_one_when_it_was_said(words):
    backend = server(script=ANSWER, words=[words])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID[:6400])) as stage:
        await talk(stage)
        assert stage.kinds() == UNHEARD
        assert stage.questions() == []
        stage.microphone.pcm = SAID
        await talk(stage)
        assert stage.questions() == [words]


@pytest.mark.parametrize("command", [Ask, Retry])
async def test_notes_of_a_recogniser_are_no_question_of_a_file_either(command):
    backend = server(script=ANSWER, words=["(keyboard clicking)"])
    async with staged(backend=backend) as stage:
        file = put(stage.parts.recordings.archive, pcm=SAID)
        stage.post(Ask(audio=str(file)) if command is Ask else Retry())
        await stage.turn_over()
        assert stage.kinds() == ["transcribing", "failed", "idle"]
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        assert stage.recordings() == [file]


@pytest.mark.parametrize("command", [Ask, Retry])
async def test_how_far_a_long_recording_is_heard_is_told(command):
    backend = Patient(script=ANSWER, words=[QUESTION], can=SILENT)

    async def so_far():
        yield "the first minutes"
        backend.told.set()
        await asyncio.Event().wait()

    async with staged(backend=backend, server_words=so_far) as stage:
        file = put(stage.parts.recordings.archive, pcm=SAID)
        stage.post(Ask(audio=str(file)) if command is Ask else Retry())
        await stage.turn_over()
        assert stage.kinds()[:3] == ["transcribing", "heardsofar", "asked"]
        assert stage.questions() == [QUESTION]


class Patient(FakeBackend):
    """Finds the words when those so far were told."""

    def __init__(self, **behaviour):
        super().__init__(**behaviour)
        self.told = asyncio.Event()

    async def audio_to_text(self, upload):
        await self.told.wait()
        return await super().audio_to_text(upload)


async def test_a_server_that_is_deaf_keeps_a_recording_until_it_hears():
    deaf = NotConfigured("The app hears nothing", "Switch it on.")
    backend = server(script=ANSWER, words=[deaf, "", QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        await retry(stage)
        assert [failed.code for failed in stage.failures()] == [deaf.code, "nothing_heard"]
        await retry(stage)
        assert any(isinstance(event, events.Answered) for event in stage.events)
        assert waiting(stage) == []
