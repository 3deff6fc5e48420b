"""The client against the server: two sides of one contract."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until, wav
from helpers.server.running import TOKEN, EchoSkills, ScriptedRecognizer, ToneVoice, running

from server.test_audio import SECOND
from server.test_chat import LONG
from voice_assistant.api.alerts import alerts
from voice_assistant.api.client import Client
from voice_assistant.api.models import (
    AnnotationReplySettings,
    ChatFile,
    ChatRequest,
    SpeechRequest,
    Transcript,
    Upload,
)
from voice_assistant.api.stream.events import MessageEnd, TtsMessage, TtsMessageEnd, WorkflowStarted
from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.errors import (
    ModelFailed,
    NotConfigured,
    NotFound,
    Rejected,
    TooLarge,
    Unauthorized,
    UnsupportedAudio,
)


@contextlib.asynccontextmanager
async def connected(folder, **parts):
    """A server and a client of it."""
    async with running(folder, **parts) as server, Client(server.url, TOKEN, "me") as client:
        yield server, client


def seconds(chunks):
    decoder = SpeechDecoder()
    decoded = [one for chunk in chunks for one in decoder.feed(chunk)] + decoder.close()
    assert decoder.files == 1
    return sum(one.pcm.size / one.rate_hz for one in decoded)


async def test_an_answer_is_complete_with_all_of_its_audio(tmp_path):
    async def scenario():
        async with connected(tmp_path, skills=EchoSkills(LONG), voice=ToneVoice()) as (_, client):
            async with client.chat(ChatRequest("hello")) as stream:
                events = [event async for event in stream]
            return stream, events, await client.suggested(stream.message_id)

    stream, events, suggested = await scenario()
    assert stream.complete
    assert not stream.stopped
    assert stream.text == LONG
    assert stream.conversation_id
    assert suggested == ("And now?", "What else?")
    assert isinstance(events[-1], TtsMessageEnd)
    audio = [event.audio for event in events if isinstance(event, TtsMessage)]
    assert seconds(audio) == pytest.approx(4 * 0.37, abs=0.15)


async def test_an_answer_without_a_voice_is_complete_at_its_end(tmp_path):
    async def scenario():
        async with connected(tmp_path) as (_, client):
            async with client.chat(ChatRequest("hello")) as stream:
                events = [event async for event in stream]
            return stream, events

    stream, events = await scenario()
    assert (stream.text, stream.complete) == ("You said: hello", True)
    assert isinstance(events[-1], MessageEnd)


async def test_a_stopped_answer_is_known_as_stopped(tmp_path):
    skills = EchoSkills()
    skills.go.clear()

    async def scenario():
        async with connected(tmp_path, skills=skills, voice=ToneVoice()) as (_, client):
            async with client.chat(ChatRequest("hello")) as stream:
                async for event in stream:
                    if isinstance(event, WorkflowStarted):
                        await client.stop(stream.task_id)
            return stream

    stream = await scenario()
    assert (stream.stopped, stream.complete, stream.text) == (True, False, "")


async def test_a_failure_of_a_skill_is_a_failure_of_the_model(tmp_path, caplog):
    skills = EchoSkills()
    skills.error = RuntimeError("a bug")

    async def scenario():
        async with (
            connected(tmp_path, skills=skills) as (_, client),
            client.chat(ChatRequest("hello")) as stream,
        ):
            async for _ in stream:
                pass

    with pytest.raises(ModelFailed):
        await scenario()
    assert "a bug" in caplog.text


async def test_conversations_go_both_ways(tmp_path):
    async def scenario():
        async with connected(tmp_path) as (_, client):
            whole = await client.chat_blocking(ChatRequest("first", inputs={"city": "Paris"}))
            again = ChatRequest("second", conversation_id=whole.conversation_id)
            await client.chat_blocking(again)
            conversations = client.conversations
            (listed,) = [one async for one in conversations.iter()]
            page = await conversations.messages(whole.conversation_id, limit=1)
            messages = [m.query async for m in conversations.iter_messages(listed.id)]
            renamed = await conversations.rename(listed.id, "Mine")
            made = await conversations.rename(listed.id)
            variables = [v.name async for v in conversations.iter_variables(listed.id)]
            await client.feedback(whole.message_id, "like", "good")
            feedbacks = await client.app_feedbacks()
            await client.feedback(whole.message_id, None)
            await conversations.delete(listed.id)
            with pytest.raises(NotFound):
                await conversations.messages(listed.id)
            return whole, listed, page, messages, renamed, made, variables, feedbacks

    whole, listed, page, messages, renamed, made, variables, feedbacks = await scenario()
    assert (whole.answer, whole.mode) == ("You said: first", "advanced-chat")
    assert (listed.id, listed.name) == (whole.conversation_id, "first")
    assert (listed.inputs, listed.status) == ({"city": "Paris"}, "normal")
    assert listed.updated_at >= listed.created_at > 1_700_000_000
    assert (page.has_more, page.data[0].answer, page.data[0].status) == (
        True,
        "You said: second",
        "normal",
    )
    assert messages == ["second", "first"]
    assert (renamed.name, made.name) == ("Mine", "first")
    assert "topic" in variables
    assert [(one.rating, one.content) for one in feedbacks.data] == [("like", "good")]


async def test_annotations_go_both_ways(tmp_path):
    settings = AnnotationReplySettings(0.9, "provider", "model")

    async def scenario():
        async with connected(tmp_path) as (_, client):
            made = await client.annotations.create("question", "answer")
            changed = await client.annotations.update(made.id, "Q", "A")
            listed = [one async for one in client.annotations.iter()]
            job = await client.annotations.set_reply("enable", settings)
            status = await client.annotations.reply_status("enable", job.job_id)
            parameters = await client.parameters()
            await client.annotations.delete(made.id)
            with pytest.raises(NotFound):
                await client.annotations.delete(made.id)
            return changed, listed, status, parameters

    changed, listed, status, parameters = await scenario()
    assert listed == [changed]
    assert (changed.question, changed.answer, changed.hit_count) == ("Q", "A", 0)
    assert status.job_status == "completed"
    assert parameters.annotation_reply.enabled


async def test_the_app_tells_about_itself(tmp_path):
    parts = {"voice": ToneVoice(), "recognizer": ScriptedRecognizer()}

    async def scenario():
        async with connected(tmp_path, **parts) as (_, client):
            told = (await client.info(), await client.parameters(), await client.meta())
            return *told, await client.site(), client.server_version

    info, parameters, meta, site, version = await scenario()
    assert info.mode == "advanced-chat"
    assert parameters.speech_to_text.enabled
    assert parameters.text_to_speech.auto_play is True
    assert parameters.suggested_questions_after_answer.enabled
    assert parameters.user_input_form == ()
    assert parameters.file_upload.types == ()
    assert parameters.system_parameters.image_file_size_limit == 10
    assert meta.tool_icons == {}
    assert site.title == info.name
    assert version.startswith("embedded-")


async def test_speech_goes_both_ways(tmp_path):
    parts = {"voice": ToneVoice(), "recognizer": ScriptedRecognizer()}

    async def live():
        file = wav(SECOND)
        for at in range(0, len(file), 500):
            yield file[at : at + 500]

    async def scenario():
        async with connected(tmp_path, **parts) as (_, client):
            whole = await client.audio_to_text(Upload(wav(SECOND), "a.wav", "audio/wav"))
            streamed = await client.audio_to_text(Upload(live(), "a.wav", "audio/wav"))
            spoken = [chunk async for chunk in client.text_to_audio(SpeechRequest("One. Two."))]
            return whole, streamed, spoken

    whole, streamed, spoken = await scenario()
    assert whole == streamed == Transcript(text="16000 samples")
    assert seconds(spoken) == pytest.approx(0.74, abs=0.15)


async def test_a_file_goes_with_a_question(tmp_path):
    async def scenario():
        async with connected(tmp_path) as (_, client):
            file = await client.upload_file(Upload(b"png", "red.png", "image/png"))
            about = ChatFile("image", "local_file", upload_file_id=file.id)
            whole = await client.chat_blocking(ChatRequest("what is it", files=(about,)))
            page = await client.conversations.messages(whole.conversation_id)
            return file, page.data[0].message_files

    file, (attached,) = await scenario()
    assert (file.name, file.size, file.extension) == ("red.png", 3, "png")
    assert (attached.filename, attached.belongs_to) == ("red.png", "user")


async def test_refusals_are_understood(tmp_path):
    recognizer = ScriptedRecognizer()
    speech = Upload(wav(SECOND), "a", "audio/wav")
    nobody = "00000000-0000-0000-0000-000000000000"
    async with connected(tmp_path, recognizer=recognizer) as (server, client):
        with pytest.raises(NotFound):
            async with client.chat(ChatRequest("hi", conversation_id=nobody)):
                pass
        with pytest.raises(Rejected):
            await client.chat_blocking(ChatRequest(" "))
        with pytest.raises(UnsupportedAudio):
            await client.audio_to_text(Upload(b"x", "a", "text/plain"))
        with pytest.raises(TooLarge):
            await client.audio_to_text(Upload(bytes(31 << 20), "a", "audio/wav"))
        with pytest.raises(NotConfigured):
            async for _ in client.text_to_audio(SpeechRequest("hi")):
                pass
        recognizer.failures = 1
        with pytest.raises(Rejected):
            await client.audio_to_text(speech)
        async with Client(server.url, "wrong", "me") as stranger:
            with pytest.raises(Unauthorized):
                await stranger.info()
            with pytest.raises(Unauthorized):
                await stranger.audio_to_text(Upload(bytes(31 << 20), "a", "audio/wav"))


async def test_alerts_are_heard(tmp_path):
    async def scenario():
        async with (
            running(tmp_path) as server,
            contextlib.aclosing(alerts(server.url, TOKEN)) as coming,
        ):
            first = asyncio.ensure_future(anext(coming))
            await until(lambda: server.parts.timers.listening)
            server.parts.timers.add(0, "tea")
            return (await first).text

    assert await scenario() == "Your tea timer is done."
