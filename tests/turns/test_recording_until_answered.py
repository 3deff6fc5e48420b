"""A recording and its words are there until the whole answer is, whatever happens in between."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import FakeBackend, FakeMicrophone, FakeSpeaker, FakeVoice, read, until, utter
from helpers.hearing.kept import put
from helpers.replay import json as reply
from helpers.replay import replay, response, trace
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, IDS, SILENT, DeafEars, server, staged
from helpers.turns.story import HISS, WITHOUT_TAIL, hears_nothing, play, slip, story, tell

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.api.models import Transcript
from voice_assistant.api.stream import Message, MessageReplace
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.commands import Ask, Press, Quit, Release, Retry, Stop, Toggle
from voice_assistant.errors import (
    BrokenStream,
    ConversationTooLong,
    KeyringSilent,
    ModelFailed,
    NotConfigured,
    Rejected,
    ServerBug,
    Unreachable,
)
from voice_assistant.turns.turn import ASK_AGAIN, TRY_AGAIN

QUESTION = "how many rooks fit on a board"
SAID = utter(QUESTION)
FIRST = Message(answer="One. ", **IDS)

UNHEARD = ["listening", "transcribing", "failed", "idle"]
BESIDE = {"speaking", "spoken", "suggested", "text", "replaced"}
"""What comes beside the milestones of a turn, sooner or later."""


def milestones(stage, turn: int = 0) -> list[str]:
    return [kind for kind in stage.kinds(turn) if kind not in BESIDE]


async def talk(stage) -> None:
    before = stage.count("idle")
    await stage.speak()
    await until(lambda: stage.count("idle") > before)


async def retry(stage) -> int:
    """Try the newest again; the number of its turn."""
    before = stage.count("idle")
    stage.post(Retry())
    await until(lambda: stage.count("idle") > before)
    return stage.events[-1].turn


def waiting(stage) -> list[tuple[str, bool]]:
    """The words of the recordings on the disk, and whether they are answered."""
    return [(kept.words, kept.answered) for kept in stage.parts.recordings.archive.every()]


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


BROKEN = {
    "refused": [Rejected("No", status=400)],
    "unreachable": [Unreachable("The network is gone")],
    "server error": [ServerBug("The server failed (500)", status=500)],
    "before a word": [Message(answer="", **IDS), BrokenStream("It broke off")],
    "after a word": [FIRST, BrokenStream("It broke off")],
    "after a replacement": [FIRST, MessageReplace(answer="No.", **IDS), ModelFailed("It failed")],
    "a bug": [FIRST, ZeroDivisionError()],
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
async def test_an_answer_that_fails_keeps_the_recording_and_its_words(script):
    backend = server(scripts=[script, ANSWER], words=[QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        expected = ["listening", "transcribing", "asked", "answered", "failed", "idle"]
        assert [kind for kind in milestones(stage) if kind != "answered"] == [
            kind for kind in expected if kind != "answered"
        ]
        (failed,) = stage.failures()
        assert failed.question == QUESTION
        assert failed.hint.endswith(ASK_AGAIN)
        assert waiting(stage) == [(QUESTION, False)]
        turn = await retry(stage)
        assert milestones(stage, turn) == ["asked", "answered", "idle"]
        assert waiting(stage) == []
    assert len(backend.uploads) == 1, "words that are known are not asked for again"
    assert [request.query for request in backend.asked] == [QUESTION, QUESTION]


async def test_a_chat_that_cannot_be_begun_keeps_the_words():
    class Gone(FakeBackend):
        def chat(self, request, *, sure=False):
            raise Unreachable("The network is gone")

    backend = Gone(words=[QUESTION], can=SILENT)
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        assert milestones(stage) == ["listening", "transcribing", "asked", "failed", "idle"]
        assert waiting(stage) == [(QUESTION, False)]
        assert milestones(stage, await retry(stage)) == ["asked", "failed", "idle"]
        assert waiting(stage) == [(QUESTION, False)]


async def test_an_answer_that_somebody_else_stopped_keeps_the_recording():
    backend = server(words=[QUESTION])

    def stop() -> None:
        backend.streams[0].stop()

    backend._scripts = [[*ANSWER[:2], stop, *ANSWER[2:]]]
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        assert milestones(stage) == ["listening", "transcribing", "asked", "answered", "idle"]
        assert waiting(stage) == [(QUESTION, False)]


async def test_the_words_are_on_the_disk_before_they_are_asked():
    """A process that is killed at any later moment has kept them."""
    seen = []

    class Looking(FakeBackend):
        def chat(self, request, *, sure=False):
            seen.extend(waiting(stage))
            seen.extend(file.stat().st_mode & 0o777 for file in stage._folder.iterdir())
            return super().chat(request)

    backend = Looking(script=ANSWER, words=[QUESTION], can=SILENT)
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        assert list(stage._folder.iterdir()) == []
    assert seen == [(QUESTION, False), 0o600, 0o600]


async def test_a_recording_goes_with_the_text_of_its_answer_not_with_the_end_of_its_speech():
    async with staged(
        backend=server(script=ANSWER, words=[QUESTION]),
        microphone=FakeMicrophone(SAID),
        speaker=FakeSpeaker(held=True),
    ) as stage:
        await stage.speak()
        await until(lambda: "answered" in stage.kinds())
        assert waiting(stage) == []
        stage.post(Stop())
        await stage.turn_over()


@pytest.mark.parametrize(
    ("command", "begun", "left"),
    [
        (Stop(), True, []),
        (Ask(text="something else"), True, []),
        (Stop(), False, [(QUESTION, False)]),
        (Quit(), True, [(QUESTION, False)]),
        (Quit(), False, [(QUESTION, False)]),
    ],
)
async def test_an_answer_that_the_user_ends_has_answered_as_soon_as_it_began(command, begun, left):
    never = asyncio.Event()
    first = ANSWER[:2] if begun else [Message(answer="", **IDS)]
    backend = server(scripts=[[*first, never], ANSWER], words=[QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await stage.speak()
        await until(lambda: stage.count("text") == 2 if begun else stage.questions() == [QUESTION])
        await until(lambda: backend.streams)
        stage.post(command)
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert waiting(stage) == left


async def test_speaking_into_an_answer_ends_what_it_answers_too():
    never = asyncio.Event()
    backend = server(scripts=[[*ANSWER[:2], never], ANSWER], words=[QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await stage.speak()
        await until(lambda: stage.count("text") == 2)
        await talk(stage)
        await until(lambda: stage.count("idle") == 2)
        assert waiting(stage) == []


async def test_a_retry_of_what_is_answered_already_loses_nothing_when_it_fails():
    backend = server(scripts=[ANSWER, [BrokenStream("It broke off")]], words=[QUESTION])
    settings = settings_with("microphone.tail_s=0", "recordings.keep_days=7")
    async with staged(backend=backend, microphone=FakeMicrophone(SAID), settings=settings) as stage:
        await talk(stage)
        (kept,) = stage.parts.recordings.archive.every()
        stage.post(Retry(recording=kept.name))
        await until(lambda: stage.count("idle") == 2)
        assert stage.failures()[0].recording == kept.name
        assert waiting(stage) == [(QUESTION, True)]


async def test_a_retry_may_begin_a_new_conversation():
    backend = server(scripts=[[ConversationTooLong("Too long")], ANSWER], words=[QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        stage.conversation.set_current("old")
        await talk(stage)
        stage.post(Retry(recording=stage.failures()[0].recording, new=True))
        await until(lambda: stage.count("idle") == 2)
    assert [asked.conversation_id for asked in backend.asked] == ["old", ""]


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


async def test_a_keyring_that_does_not_answer_ends_no_recording_and_may_answer_meanwhile():
    backend, locked = server(script=ANSWER, words=["a question"]), True

    async def connect():
        if locked:
            raise KeyringSilent("The system's keyring does not answer")
        return backend

    microphone = FakeMicrophone(utter("a question"))
    async with staged(connect=connect, microphone=microphone) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        await stage.settle()
        assert "failed" not in stage.kinds(), "the key is still held"
        stage.post(Release())
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["config"]
        assert len(stage.recordings()) == 1
        locked = False
        await stage.speak()
        await until(lambda: stage.count("answered"))


@pytest.mark.parametrize("command", [Press(), Stop(), Ask(text="another question", speech=False)])
async def test_who_ends_the_words_about_a_failure_has_no_answer(command):
    backend = server(
        scripts=[[FIRST, BrokenStream("The answer broke off")], ANSWER], words=[QUESTION]
    )
    speaker, voice = FakeSpeaker(held=True), FakeVoice()
    microphone = FakeMicrophone(SAID)
    async with staged(
        backend=backend, speaker=speaker, voice=voice, microphone=microphone
    ) as stage:
        await stage.speak()
        while not stage.failures():
            speaker.hear()
            await asyncio.sleep(0.001)
        await until(lambda: voice.said)
        stage.post(command)
        await until(lambda: stage.kinds(1)[-1:] == ["idle"] or "listening" in stage.kinds(2))
        if isinstance(command, Press):
            stage.post(Release())
        speaker.release()
        await until(stage.rests)
        assert QUESTION in [words for words, _ in waiting(stage)]
