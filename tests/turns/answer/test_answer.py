"""What is made sure of before a question is asked."""

from __future__ import annotations

from contextlib import asynccontextmanager

import msgspec
import pytest
from fakes import FakeBackend, FakeSpeaker, FakeVoice, until, utter
from fakes.backend import speak_wav
from fakes.sounds import wav
from helpers.replay import json, replay, sse
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, IDS, SILENT, server, staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.api.models import FileUpload, Parameters
from voice_assistant.api.stream.events import (
    Ping,
    TtsMessage,
    TtsMessageEnd,
)
from voice_assistant.commands import Ask, Press, Release, Stop
from voice_assistant.errors import BrokenStream, ConversationOver, NotConfigured
from voice_assistant.speech.prosody import UNHEARD

FORM = ({"text-input": {"variable": "city", "label": "City", "required": True}},)


def wanting(**abilities) -> Parameters:
    return msgspec.convert(msgspec.to_builtins(SILENT) | abilities, Parameters)


async def test_a_question_is_not_asked_before_the_apps_inputs_are_set():
    backend = server(script=ANSWER, can=wanting(user_input_form=FORM))
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        (failed,) = stage.failures()
    assert backend.asked == []
    assert failed.code == "config"
    assert failed.title == "The app asks for what is not set: city"


async def test_inputs_go_with_a_question():
    backend = server(script=ANSWER, can=wanting(user_input_form=FORM))
    async with staged(
        backend=backend, settings=settings_with('backend.inputs.city="Paris"')
    ) as stage:
        stage.post(Ask(text="hello"))
        await stage.turn_over()
    assert [request.inputs for request in backend.asked] == [{"city": "Paris"}]


async def test_a_conversation_that_goes_on_has_its_inputs():
    backend = server(script=ANSWER, can=wanting(user_input_form=FORM))
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("one")
        stage.post(Ask(text="hello"))
        await stage.turn_over()
    assert [request.conversation_id for request in backend.asked] == ["one"]


async def test_a_question_in_a_conversation_that_is_gone_begins_a_new_one():
    backend = server(script=ANSWER, gone=["old"])
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("old")
        stage.conversation.doubt()
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        assert stage.conversation.id == "conversation"
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("idle") == 2)
        assert stage.count("conversationgone") == 1, "told once"
    assert [request.conversation_id for request in backend.asked] == ["", "conversation"]


class Closed(FakeBackend):
    """A server that closes the conversation "old" before it answers, or while it does."""

    def __init__(self, **args) -> None:
        super().__init__(**args)
        self.before = True

    @asynccontextmanager
    async def chat(self, request, *, sure=False):
        if self.before and request.conversation_id == "old":
            self.asked.append(request)
            raise ConversationOver("The server has closed the conversation")
        async with super().chat(request) as stream:
            yield stream


async def test_a_question_in_a_conversation_that_the_server_has_closed_begins_a_new_one():
    backend = Closed(script=ANSWER, can=SILENT)
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("old")
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        assert stage.conversation.id == "conversation"
        assert stage.failures() == []
    assert [request.conversation_id for request in backend.asked] == ["old", ""]


OVER = ConversationOver("The server has closed the conversation")


async def conversations_of_two_questions(backend) -> list[str]:
    """The conversation of each of two questions; that of the first is known."""
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("old")
        for _ in range(2):
            stage.post(Ask(text="hello"))
            await stage.turn_over()
            stage.events.clear()
    return [request.conversation_id for request in backend.asked]


async def test_after_a_conversation_was_closed_in_the_middle_the_next_question_begins_a_new_one():
    backend = Closed(scripts=[[ANSWER[0], OVER], ANSWER], can=SILENT)
    backend.before = False
    assert await conversations_of_two_questions(backend) == ["old", ""]


async def test_a_conversation_that_is_closed_before_a_word_came_begins_a_new_one_at_once():
    backend = Closed(scripts=[[Ping(), OVER], ANSWER], can=SILENT)
    backend.before = False
    assert await conversations_of_two_questions(backend) == ["old", "", "conversation"]


async def test_a_new_conversation_that_is_closed_at_once_is_an_error():
    async with staged(backend=server(script=[OVER])) as stage:
        stage.conversation.set_current("old")
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["conversation_over"]


async def test_a_stream_that_says_that_the_conversation_is_over_begins_a_new_one():
    over = {"event": "error", "status": 400, "code": "conversation_completed", "message": "x"}
    answer = [{"event": "message", "answer": "Yes.", **IDS}, {"event": "message_end", **IDS}]
    chats = [sse(over), sse(*answer)]
    routes = {"POST /chat-messages": chats, "GET /conversations": json(200, {"data": []})}
    async with (
        replay(routes) as dify,
        Client(dify.url, "key", "user") as client,
        staged(backend=client) as stage,
    ):
        stage.conversation.set_current("old")
        stage.post(Ask(text="hello", speech=False))
        await stage.turn_over()
        assert stage.failures() == []
        assert stage.conversation.id == IDS["conversation_id"]


async def test_the_conversation_is_looked_for_while_the_user_speaks():
    backend = server(script=ANSWER, gone=["old"])
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("old")
        stage.conversation.doubt()
        stage.post(Press())
        await until(lambda: backend.confirmed == ["old"])
        assert backend.asked == []
        assert "transcribing" not in stage.kinds()
        await until(stage.heard_all)
        stage.post(Release())
        await stage.turn_over()
        assert stage.count("conversationgone") == 1
    assert [request.conversation_id for request in backend.asked] == [""]
    assert backend.confirmed == ["old"]


async def test_after_an_answer_that_never_began_the_conversation_is_looked_for():
    silence = BrokenStream("The server took the question and said nothing for 25 seconds")
    backend = server(scripts=[[Ping(), silence], ANSWER], gone=["old"])
    assert await conversations_of_two_questions(backend) == ["old", ""]


async def test_a_file_that_cannot_be_written_is_told_when_the_answer_is_there():
    async with staged() as stage:
        stage.post(Ask(text="hello", save_speech="/nowhere/at/all.wav"))
        await stage.turn_over()
        (failed,) = stage.failures()
        assert stage.kinds()[-4:] == ["answered", "spoken", "failed", "idle"]
    assert failed.code == "input"
    assert failed.title.startswith("/nowhere/at/all.wav cannot be written")


async def test_files_go_with_a_question_where_the_app_takes_them(tmp_path):
    allowed = FileUpload(enabled=True, allowed_file_types=("image",))
    backend = server(script=ANSWER, can=msgspec.structs.replace(SILENT, file_upload=allowed))
    (tmp_path / "red.png").write_bytes(b"red")
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="what is it", files=(str(tmp_path / "red.png"),)))
        await stage.turn_over()
    (request,) = backend.asked
    assert [(file.type, file.upload_file_id) for file in request.files] == [("image", "file 1")]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("dify", "This app has no speech to text"),
        ("embedded", "The model that recognises speech is not installed"),
    ],
)
async def test_an_app_without_speech_to_text_is_not_sent_recordings(kind, told):
    deaf = wanting(speech_to_text={"enabled": False})
    backend = server(script=ANSWER, can=deaf)
    async with staged(backend=backend, settings=settings_with(f'backend.kind="{kind}"')) as stage:
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        stage.post(Press())
        await until(lambda: bool(stage.failures()))
        await stage.turn_over()
    assert stage.failures()[0].title == told
    assert backend.uploads == []


def speaking_with(voice):
    return wanting(text_to_speech={"enabled": True, "autoPlay": "disabled", "voice": voice})


async def test_the_timing_of_a_voice_is_known_when_it_speaks_again():
    backend = server(script=ANSWER)
    async with staged(backend=backend) as stage:
        known = []
        for turn, voice in enumerate(["anna", "bert", "anna"], start=1):
            backend.can = speaking_with(voice)
            stage.parts.capabilities.forget()
            stage.post(Ask(text="hello"))
            await until(lambda turn=turn: "idle" in stage.kinds(turn))
            known.append(stage.parts.prosodies[voice])
    first, other, second = known
    assert first != UNHEARD
    assert other == first  # it has said the same, and nothing before
    assert second.pace.spread < first.pace.spread


async def test_a_voice_that_was_chosen_says_all_and_the_streams_audio_is_not_taken():
    audio = TtsMessage(audio=wav(utter("One. Two.")), **IDS)
    script = (*ANSWER[:3], audio, TtsMessageEnd(**IDS), ANSWER[3])
    voices = []

    def speak(request):
        voices.append(request.voice)
        return speak_wav(request)

    backend = FakeBackend(script, speech=speak)
    async with staged(backend=backend, settings=settings_with('backend.voice="alloy"')) as stage:
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        assert voices == ["alloy", "alloy"]
        assert stage.speaker.heard_words == "One.Two."
        (spoken,) = (event for event in stage.events if isinstance(event, events.Spoken))
        assert (spoken.complete, spoken.stream_s) == (True, 0)
        assert "alloy" in stage.parts.prosodies


async def test_a_voice_of_this_machine_knows_the_question():
    async def silent(request):
        raise NotConfigured("Speech is switched off")
        yield b""

    voice = FakeVoice()
    async with staged(backend=server(script=ANSWER, speech=silent), voice=voice) as stage:
        stage.post(Ask(text="hello"))
        await stage.turn_over()
    assert voice.said == ["One.", "Two."]
    assert [within[1] for within in voice.within] == ["hello", "hello"]


async def test_the_timing_of_a_voice_is_known_though_it_was_interrupted():
    speaker = FakeSpeaker(held=True)
    backend = server(script=ANSWER, can=speaking_with("anna"))
    async with staged(backend=backend, speaker=speaker) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("speaking"))
        await until(lambda: len(backend.spoken) == 2 and not backend.speaking)
        stage.post(Stop())
        await stage.turn_over()
        assert stage.parts.prosodies["anna"] != UNHEARD


@pytest.mark.parametrize(
    ("late", "text"),
    [
        ({"event": "message", "answer": " Two."}, "One. Two."),
        ({"event": "message_replace", "answer": "Not that."}, "Not that."),
        ({"event": "message_end"}, "One."),
    ],
)
async def test_what_comes_behind_the_end_of_the_text_is_kept_as_it_is_shown(late, text):
    begin = [{"event": "message", "answer": "One.", **IDS}, {"event": "message_end", **IDS}]
    over = {"event": "workflow_finished", "data": {"status": "succeeded"}, **IDS}
    async with (
        replay({"POST /chat-messages": sse(*begin, {**late, **IDS}, over)}) as dify,
        Client(dify.url, "key", "user") as client,
        staged(backend=client) as stage,
    ):
        stage.post(Ask(text="hello", speech=False))
        await stage.turn_over()
        answered = [event for event in stage.events if isinstance(event, events.Answered)]
        assert stage.shown() == text
        assert answered[-1].text == text
        assert answered[-1].complete
        assert len(answered) == 1 + (text != "One.")
