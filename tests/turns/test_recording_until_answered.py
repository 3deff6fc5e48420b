"""A recording and its words are there until the whole answer is, whatever happens in between."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeBackend, FakeMicrophone, FakeSpeaker, FakeVoice, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.kept_question import QUESTION, SAID, milestones, retry, talk, waiting
from helpers.turns.staging import ANSWER, IDS, SILENT, server, staged

from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
    MessageFile,
    MessageReplace,
)
from voice_assistant.commands import Ask, Press, Quit, Release, Retry, Stop
from voice_assistant.errors import (
    BrokenStream,
    ConversationTooLong,
    KeyringSilent,
    ModelFailed,
    Rejected,
    ServerBug,
    Unreachable,
)
from voice_assistant.turns.turn import ASK_AGAIN

FIRST = Message(answer="One. ", **IDS)
BROKEN = {
    "refused": [Rejected("No", status=400)],
    "unreachable": [Unreachable("The network is gone")],
    "server error": [ServerBug("The server failed (500)", status=500)],
    "before a word": [Message(answer="", **IDS), BrokenStream("It broke off")],
    "after a word": [FIRST, BrokenStream("It broke off")],
    "after a replacement": [FIRST, MessageReplace(answer="No.", **IDS), ModelFailed("It failed")],
    "a bug": [FIRST, ZeroDivisionError()],
}


END = MessageEnd(**IDS)
NO_ANSWER = {
    "no text": [END],
    "blanks": [Message(answer=" \n", **IDS), END],
    "thinking alone": [Message(answer="<think>Rooks, rooks.</think>\n", **IDS), END],
    "all taken back": [FIRST, MessageReplace(answer="", **IDS), END],
}


@pytest.mark.parametrize("script", NO_ANSWER.values(), ids=NO_ANSWER)
async def test_an_answer_without_words_and_files_is_none_and_keeps_the_recording(script):
    backend = server(scripts=[script, ANSWER], words=[QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        assert stage.shown().strip() == "The answer has no words."
        assert waiting(stage) == [(QUESTION, False)]
        await retry(stage)
        assert waiting(stage) == []


async def test_an_answer_of_a_file_alone_is_one():
    picture = MessageFile(type="image", url="https://a.org/b.png", belongs_to="assistant", **IDS)
    backend = server(scripts=[[picture, END]], words=[QUESTION])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        await talk(stage)
        assert waiting(stage) == []


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
