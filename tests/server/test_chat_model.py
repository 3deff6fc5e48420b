"""A question that no skill understands, answered by a chat model: the whole way through the API."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until, wav
from fakes.chat_server import ChatServer, Scripted, event, refuses, says
from helpers.server.running import ME, ScriptedRecognizer, ToneVoice, kinds, running, text_of

from server.test_audio import SECOND
from voice_assistant.server.chat_model.access import Access
from voice_assistant.server.chat_model.prompt import MISHEARD
from voice_assistant.server.skills import Means, Skills

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


@contextlib.asynccontextmanager
async def assistant(folder, chat, *, given=True, **more):
    """The embedded backend beside a server of chat models."""
    access = Access(chat.url, "tiny") if given else None
    async with running(folder, access=access, ports={"Ollama": chat.port}, **more) as server:
        skills = Skills(Means(server.parts.timers, server.parts.chat_model.choice, None, None))
        object.__setattr__(server.parts, "skills", skills)
        yield server


async def suggested(server, seen):
    path = f"/messages/{seen[-1]['message_id']}/suggested"
    return (await server.client.get(path, params=ME)).json()["data"]


async def test_a_question_beyond_the_skills_is_answered_by_the_model_spoken_and_kept(tmp_path):
    voice = ToneVoice()
    answers = (says("Leo Tolstoy ", "wrote it. ", "In Russian."), says("When was it?\nWhy?"))
    chat = ChatServer(*answers)
    async with chat, assistant(tmp_path, chat, voice=voice) as server:
        seen = await server.chat("who wrote War and Peace")
        assert text_of(seen) == "Leo Tolstoy wrote it. In Russian."
        assert kinds(seen)[-1] == "tts_message_end"
        assert voice.said == ["Leo Tolstoy wrote it.", "In Russian."]
        assert await suggested(server, seen) == ["When was it?", "Why?"]
        conversation = seen[0]["conversation_id"]
        again = await server.chat("repeat that", conversation_id=conversation)
        assert text_of(again) == "Leo Tolstoy wrote it. In Russian."
        await server.chat("and who was he really", conversation_id=conversation)
    read = [message["content"] for message in chat.asked[-1].body["messages"]]
    assert "who wrote War and Peace" in read
    assert "Leo Tolstoy wrote it. In Russian." in read


@pytest.mark.parametrize("sure", [True, False])
async def test_words_that_may_be_misheard_go_to_the_model_which_is_told(tmp_path, sure):
    chat, ears = ChatServer(says("Leo Tolstoy.")), ScriptedRecognizer(sure=sure)
    async with chat, assistant(tmp_path, chat, recognizer=ears) as server:
        assert text_of(await server.chat(await heard(server))) == "Leo Tolstoy."
    read = chat.asked[0].body["messages"][-1]["content"]
    assert read == ("16000 samples" if sure else f"16000 samples\n\n{MISHEARD}")


async def test_guessed_words_are_asked_back_and_a_yes_asks_the_model(tmp_path):
    chat, ears = ChatServer(says("Leo Tolstoy.")), ScriptedRecognizer(sure=False, guessed=True)
    async with chat, assistant(tmp_path, chat, recognizer=ears) as server:
        asked = await server.chat(await heard(server))
        assert text_of(asked) == "Did you say: 16000 samples?"
        assert chat.asked == []
        talk = {"conversation_id": asked[0]["conversation_id"]}
        assert text_of(await server.chat("yes", **talk)) == "Leo Tolstoy."
    assert chat.asked[0].body["messages"][-1]["content"] == "16000 samples"


async def heard(server):
    file = {"file": ("q.wav", wav(SECOND), "audio/wav")}
    words = await server.client.post("/audio-to-text", data=ME, files=file)
    return words.json()["text"]


async def test_skills_answer_first(tmp_path):
    async with ChatServer(says("Nonsense.")) as chat, assistant(tmp_path, chat) as server:
        assert text_of(await server.chat("what is 2+2")) == "2 plus 2 is 4."
        assert chat.asked == []


async def test_a_correction_of_the_model_is_no_correction_of_a_skill(tmp_path):
    async with ChatServer(says("Nine of them.")) as chat, assistant(tmp_path, chat) as server:
        conversation = (await server.chat("what is 5 times 7"))[0]["conversation_id"]
        for question in ("how many planets are there", "no, 8"):
            seen = await server.chat(question, conversation_id=conversation)
            assert text_of(seen) == "Nine of them."


async def test_follow_ups_that_are_late_are_others(tmp_path):
    chat = ChatServer(says("Leo Tolstoy."), refuses(500))
    async with chat, assistant(tmp_path, chat) as server:
        seen = await server.chat("who wrote War and Peace")
        assert await suggested(server, seen) == [
            "Tell me more",
            "Say it in simpler words",
            "Give me an example",
        ]


async def test_the_next_question_ends_the_making_of_follow_ups(tmp_path):
    chat = ChatServer(says("Tolstoy."), Scripted(asyncio.Event()), says("Yes."))
    async with chat, assistant(tmp_path, chat) as server:
        seen = await server.chat("who wrote War and Peace")
        await until(lambda: len(chat.asked) == 2)
        await server.chat("is that really so", conversation_id=seen[0]["conversation_id"])
        async with asyncio.timeout(5):
            await chat.left.wait()


@pytest.mark.parametrize("way", ["stop", "hang up"])
async def test_a_stop_closes_the_connection_to_the_model(tmp_path, way):
    chat = ChatServer(Scripted(event(content="It is a long "), asyncio.Event()))
    async with chat, assistant(tmp_path, chat) as server:
        async with server.asking("who wrote War and Peace") as events:
            async for one in events:
                if one["event"] != "message":
                    continue
                if way == "hang up":
                    break
                path = f"/chat-messages/{one['task_id']}/stop"
                await server.client.post(path, json=ME)
        async with asyncio.timeout(5):
            await chat.left.wait()
        page = await server.client.get(
            "/messages", params={**ME, "conversation_id": one["conversation_id"]}
        )
        assert page.json()["data"][0]["answer"] == "It is a long "


async def test_a_model_that_cannot_be_asked_is_told_in_words(tmp_path):
    async with ChatServer(refuses(500)) as chat, assistant(tmp_path, chat) as server:
        seen = await server.chat("who wrote War and Peace")
        assert text_of(seen) == "The chat model failed. Its own log may say why."
        assert (await suggested(server, seen))[0] == "who wrote War and Peace"


async def test_an_answer_that_breaks_off_failed(tmp_path):
    chat = ChatServer(Scripted(event(content="It was ")))
    async with chat, assistant(tmp_path, chat) as server:
        seen = await server.chat("who wrote War and Peace")
    (finished,) = [one for one in seen if one["event"] == "workflow_finished"]
    assert finished["data"]["status"] == "failed"
    assert "broke off" in finished["data"]["error"]
    assert text_of(seen) == "It was "


async def test_thinking_that_comes_without_a_begin_is_replaced(tmp_path):
    chat = ChatServer(says("It could be Tolstoy or", " not.</think>", "Tolstoy."))
    async with chat, assistant(tmp_path, chat) as server:
        seen = await server.chat("who wrote War and Peace")
        replaced = [one["answer"] for one in seen if one["event"] == "message_replace"]
        assert replaced[-1] + text_of(seen[seen.index(_last(seen, "message_replace")) :]) == (
            "Tolstoy."
        )


def _last(seen, kind):
    return [one for one in seen if one["event"] == kind][-1]


async def test_an_answer_in_one_piece_comes_from_the_model_too(tmp_path):
    async with ChatServer(says("Leo ", "Tolstoy.")) as chat, assistant(tmp_path, chat) as server:
        asked = {"query": "who wrote War and Peace", "response_mode": "blocking", **ME}
        answer = await server.client.post("/chat-messages", json=asked)
    assert answer.json()["answer"] == "Leo Tolstoy."


@pytest.mark.parametrize("sees", [True, False])
async def test_a_picture_reaches_a_model_that_sees(tmp_path, sees):
    async with ChatServer(says("A cat.")) as chat, assistant(tmp_path, chat) as server:
        chat.pages["/props"] = {"modalities": {"vision": sees}}
        file = {"file": ("cat.png", PNG, "image/png")}
        kept = await server.client.post("/files/upload", data=ME, files=file)
        picture = {
            "type": "image",
            "transfer_method": "local_file",
            "upload_file_id": kept.json()["id"],
        }
        await server.chat("who is in this picture", files=[picture])
        enabled = (await server.client.get("/parameters")).json()["file_upload"]["enabled"]
    content = chat.asked[0].body["messages"][-1]["content"]
    assert enabled is sees
    if sees:
        assert content[1]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    else:
        assert isinstance(content, str)


async def test_a_model_on_this_machine_is_offered_and_used_once_the_user_agrees(tmp_path):
    async with ChatServer(says("Tolstoy.")) as chat:
        async with assistant(tmp_path, chat, given=False) as server:
            seen = await server.chat("who wrote War and Peace")
            assert text_of(seen) == (
                "I cannot look that up yet. Ollama on this machine may know: say, use the chat"
                " model."
            )
            assert (await suggested(server, seen))[0] == "Use the chat model"
            assert chat.asked == []
            used = text_of(await server.chat("Use the chat model"))
            assert used == "From now on tiny by Ollama answers what I cannot."
            assert text_of(await server.chat("who wrote War and Peace")) == "Tolstoy."
        async with assistant(tmp_path, chat, given=False) as server:  # after a restart
            assert text_of(await server.chat("who wrote War and Peace")) == "Tolstoy."
            which = text_of(await server.chat("which chat model do you use"))
            assert which == f"tiny at 127.0.0.1:{chat.port}."
            await server.chat("stop using the chat model")
            refused = text_of(await server.chat("who wrote War and Peace"))
            assert refused.startswith("I cannot look that up yet.")


async def test_there_may_be_no_model_to_use(tmp_path):
    async with ChatServer() as chat:
        pass
    async with assistant(tmp_path, chat, given=False) as server:
        said = text_of(await server.chat("use the chat model"))
        assert said.startswith("I find no chat model on this machine.")
        assert text_of(await server.chat("which chat model do you use")) == "No chat model is used."


async def test_the_model_of_the_settings_is_not_changed_by_voice(tmp_path):
    async with ChatServer(says("Tolstoy.")) as chat, assistant(tmp_path, chat) as server:
        for wish in ("use the chat model", "stop using the chat model"):
            said = text_of(await server.chat(wish))
            assert said == "Your settings choose the chat model: change them there."
        assert text_of(await server.chat("who wrote War and Peace")) == "Tolstoy."


async def test_many_talks_at_once_are_kept_apart(tmp_path):
    async with ChatServer(says("Yes.")) as chat, assistant(tmp_path, chat) as server:
        questions = [f"is number {number} nice" for number in range(20)]
        seen = await asyncio.gather(*map(server.chat, questions))
        assert [text_of(one) for one in seen] == ["Yes."] * 20
    assert len({one[0]["conversation_id"] for one in seen}) == 20
