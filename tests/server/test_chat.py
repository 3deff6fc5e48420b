from __future__ import annotations

import base64
import io
import uuid

import pytest
import soundfile
from fakes import until
from helpers.server.running import ME, EchoSkills, ToneVoice, kinds, refusals, running, text_of
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.server.respondent import deltas

LONG = "One is first. Two comes then. Three follows it. Four is the last one of them."


async def listen(server, once_written):
    """All events of an answer; `once_written` is called when its text is whole."""
    async with server.asking("hello") as events:
        seen = []
        async for event in events:
            seen.append(event)
            if event["event"] == "workflow_finished":
                await once_written(event)
        return seen


async def test_an_answer_is_streamed_as_by_a_modern_server(tmp_path):
    async def scenario():
        async with running(tmp_path, skills=EchoSkills(LONG)) as server:
            return await server.chat("hello")

    seen = await scenario()
    assert kinds(seen) == ["workflow_started", "message", "workflow_finished", "message_end"]
    assert text_of(seen) == LONG
    assert len([event for event in seen if event["event"] == "message"]) > 3
    ids = {(e["task_id"], e["message_id"], e["conversation_id"]) for e in seen}
    assert len(ids) == 1
    assert all(str(uuid.UUID(one)) == one for one in ids.pop())
    assert seen[-2]["data"]["status"] == "succeeded"
    assert seen[-2]["data"]["outputs"] == {"answer": LONG}
    assert seen[-1]["metadata"]["usage"]["latency"] >= 0


async def test_the_first_bytes_of_a_stream_are_a_ping(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            asked = {"query": "x", "response_mode": "streaming", **ME}
            async with server.client.stream("POST", "/chat-messages", json=asked) as response:
                return response.headers, [line async for line in response.aiter_lines()]

    headers, lines = await scenario()
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert lines[:2] == ["event: ping", ""]


async def test_speech_is_interleaved_with_text_and_then_finished(tmp_path):
    voice = ToneVoice()

    async def scenario():
        async with running(tmp_path, skills=EchoSkills(LONG), voice=voice) as server:
            return await server.chat("hello")

    seen = await scenario()
    names = [event["event"] for event in seen]
    assert names.index("tts_message") < names.index("message_end")
    assert names[-1] == "tts_message_end"
    assert names.count("tts_message_end") == 1
    assert voice.said == [
        "One is first.",
        "Two comes then.",
        "Three follows it.",
        "Four is the last one of them.",
    ]
    pieces = [base64.b64decode(e["audio"]) for e in seen if e["event"] == "tts_message"]
    assert all(0 < len(piece) <= 4096 for piece in pieces)
    samples, rate_hz = soundfile.read(io.BytesIO(b"".join(pieces)))
    assert rate_hz == 16_000
    assert len(samples) / rate_hz == pytest.approx(4 * (0.25 + 0.12), abs=0.15)


async def test_the_text_does_not_wait_for_the_voice(tmp_path):
    voice = ToneVoice()
    voice.go.clear()

    async def speak(_event):
        voice.go.set()

    async def scenario():
        async with running(tmp_path, skills=EchoSkills(LONG), voice=voice) as server:
            return await listen(server, speak)

    seen = await scenario()
    assert text_of(seen) == LONG
    assert seen[-1]["event"] == "tts_message_end"


async def test_a_voice_that_fails_leaves_the_text_whole(tmp_path, caplog):
    voice = ToneVoice()
    voice.error = RuntimeError("no voice today")

    async def scenario():
        async with running(tmp_path, skills=EchoSkills(LONG), voice=voice) as server:
            return await server.chat("hello")

    seen = await scenario()
    assert text_of(seen) == LONG
    assert seen[-1]["event"] == "tts_message_end"
    assert "the voice failed" in caplog.text


async def test_a_skill_that_fails_ends_the_stream_with_an_error(tmp_path, caplog):
    skills = EchoSkills()
    skills.error = RuntimeError("a bug")

    async def scenario():
        async with running(tmp_path, skills=skills, voice=ToneVoice()) as server:
            seen = await server.chat("hello")
            messages = await server.client.get(
                "/messages", params={**ME, "conversation_id": seen[0]["conversation_id"]}
            )
            return seen, messages.json()

    seen, messages = await scenario()
    assert kinds(seen) == ["workflow_started", "workflow_finished", "error", "tts_message_end"]
    assert seen[1]["data"]["status"] == "failed"
    assert seen[2]["status"] == 500
    assert messages["data"][0]["status"] == "error"
    assert "the answer failed" in caplog.text


async def test_stop_while_the_answer_is_thought_of_ends_it(tmp_path):
    skills = EchoSkills()
    skills.go.clear()

    async def scenario():
        async with running(tmp_path, skills=skills, voice=ToneVoice()) as server:
            async with server.asking("hello") as events:
                seen = [await anext(events)]
                stop = f"/chat-messages/{seen[0]['task_id']}/stop"
                other = await server.client.post(stop, json={"user": "somebody else"})
                assert other.json() == {"result": "success"}
                assert not skills.ended.is_set()
                assert (await server.client.post(stop, json=ME)).json() == {"result": "success"}
                seen += [event async for event in events]
            assert not server.parts.writing
            return seen

    seen = await scenario()
    assert kinds(seen) == ["workflow_started", "workflow_finished", "tts_message_end"]
    assert seen[1]["data"]["status"] == "stopped"
    assert skills.ended.is_set()


async def test_stop_while_the_answer_is_spoken_ends_the_voice(tmp_path):
    voice = ToneVoice()
    voice.go.clear()

    async def scenario():
        async with running(tmp_path, skills=EchoSkills(LONG), voice=voice) as server:

            async def stop(event):
                await server.client.post(f"/chat-messages/{event['task_id']}/stop", json=ME)

            return await listen(server, stop)

    seen = await scenario()
    assert kinds(seen).count("workflow_finished") == 1
    assert seen[-1]["event"] == "tts_message_end"
    assert voice.said == ["One is first."]
    assert voice.ended.is_set()


async def test_stop_succeeds_for_an_answer_that_never_was(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            return await server.client.post(f"/chat-messages/{uuid.uuid4()}/stop", json=ME)

    response = await scenario()
    assert (response.status_code, response.json()) == (200, {"result": "success"})


async def test_a_client_that_goes_away_ends_the_work_and_keeps_the_text(tmp_path):
    voice = ToneVoice()
    voice.go.clear()

    async def scenario():
        async with running(tmp_path, skills=EchoSkills(LONG), voice=voice) as server:
            async with server.asking("hello") as events:
                async for event in events:
                    if event["event"] == "message_end":
                        break
            await until(voice.ended.is_set)
            await until(lambda: not server.parts.writing)
            found = server.parts.history.message(event["message_id"], "me")
            return found.answer

    assert await scenario() == LONG


async def test_a_client_that_goes_away_ends_a_skill(tmp_path):
    skills = EchoSkills()
    skills.go.clear()
    async with running(tmp_path, skills=skills) as server:
        async with server.asking("hello") as events:
            await anext(events)
        await until(skills.ended.is_set)


async def test_a_server_that_ends_does_not_wait_for_an_answer(tmp_path):
    skills = EchoSkills()
    skills.go.clear()
    async with running(tmp_path, skills=skills) as server, server.asking("hello") as events:
        await anext(events)
        server.parts.closing.set()
        assert [event async for event in events] == []


async def test_an_answer_in_one_piece_is_json(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            return await server.client.post("/chat-messages", json={"query": "hello", **ME})

    response = await scenario()
    answer = response.json()
    assert answer["event"] == "message"
    assert answer["answer"] == "You said: hello"
    assert answer["id"] == answer["message_id"]
    assert answer["task_id"]
    assert answer["metadata"]["retriever_resources"] == []


async def test_a_conversation_goes_on_with_what_is_remembered(tmp_path):
    skills = EchoSkills()

    async def scenario():
        async with running(tmp_path, skills=skills) as server:
            first = await server.chat("What time is it, please?")
            conversation = first[0]["conversation_id"]
            second = await server.chat("and then?", conversation_id=conversation)
            assert second[0]["conversation_id"] == conversation
            suggested = await server.client.get(
                f"/messages/{second[0]['message_id']}/suggested", params=ME
            )
            listed = await server.client.get("/conversations", params=ME)
            return suggested.json(), listed.json()

    suggested, listed = await scenario()
    assert suggested == {"result": "success", "data": ["And now?", "What else?"]}
    assert [one["name"] for one in listed["data"]] == ["What time is it, please?"]
    assert skills.asked == ["What time is it, please?", "and then?"]


@pytest.mark.parametrize("conversation_id", [str(uuid.uuid4()), "other"], ids=["nobody", "other"])
async def test_a_conversation_of_nobody_or_of_another_user_is_not_found(tmp_path, conversation_id):
    async def scenario():
        async with running(tmp_path) as server:
            other = (await server.chat("hi", user="other"))[0]["conversation_id"]
            asked = {
                "query": "hi",
                "response_mode": "streaming",
                "conversation_id": other if conversation_id == "other" else conversation_id,
                **ME,
            }
            return await server.client.post("/chat-messages", json=asked)

    response = await scenario()
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
    assert response.json()["status"] == 404


async def test_a_question_that_cannot_be_is_refused_before_the_stream(tmp_path):
    file = {"type": "image", "transfer_method": "local_file", "upload_file_id": "x"}
    wrongs = [
        {"query": ""},
        {"query": "  "},
        {"query": None},
        {"user": ""},
        {"user": None},
        {"conversation_id": "abc"},
        {"response_mode": "xx"},
        {"files": [file]},
        {"files": [{**file, "type": "nonsense"}]},
        {"files": [{**file, "transfer_method": "remote_url"}]},
    ]
    good = {"query": "hi", "response_mode": "streaming", **ME}
    requests = [("POST", "/chat-messages", {"json": {**good, **wrong}}) for wrong in wrongs]
    assert await refusals(tmp_path, requests) == [(400, "invalid_param")] * len(wrongs)

    async def scenario():
        async with running(tmp_path) as server:
            return (await server.client.get("/conversations", params=ME)).json()

    assert (await scenario())["data"] == []


async def test_nulls_count_as_missing(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            return await server.chat("hi", conversation_id=None, files=None, inputs=None)

    assert text_of(await scenario()) == "You said: hi"


@given(st.text())
def test_deltas_joined_are_the_text(text):
    assert "".join(deltas(text)) == text


def test_a_delta_is_a_few_words():
    assert deltas("One two  three four\nfive. ") == ["One two  three", " four\nfive.", " "]
