"""A chat model on loopback: asked, refusing, slow, broken off."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt

import pytest
from fakes.chat_server import ChatServer, Scripted, calls, event, refuses, says
from helpers.server.talk import turn

from server.skills.conftest import Talk
from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    ModelFailed,
    NotFound,
    RateLimited,
    Rejected,
    ServerBug,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from voice_assistant.server.chat_model.access import Access
from voice_assistant.server.chat_model.connection import Connection
from voice_assistant.server.chat_model.model import ChatModel, questions_in

TODAY = dt.date(2026, 11, 30)


@contextlib.asynccontextmanager
async def model_of(server, **access):
    given = Access(server.url, **{"model": "tiny", "key": "the-key", **access})
    quick = Connection(given, first_s=0.5, silence_s=0.5)
    async with ChatModel(given, Talk().skills, quick) as model:
        yield model


async def answer(model, question="who wrote war and peace", before=(), pictures=()):
    text = ""
    async for change in model.answer(question, before, TODAY, pictures):
        text = change.text if change.anew else text + change.text
    return text


async def test_a_question_is_answered_with_what_was_said_before():
    async with ChatServer(says("Leo ", "Tolstoy.")) as server, model_of(server) as model:
        assert await answer(model, before=[turn("hello", "Good day.")]) == "Leo Tolstoy."
    (asked,) = server.asked
    assert asked.headers["authorization"] == "Bearer the-key"
    assert asked.body["model"] == "tiny"
    assert asked.body["stream"] is True
    assert [message["role"] for message in asked.body["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert asked.body["tools"]


async def test_thinking_is_left_out():
    server = ChatServer(says("<thi", "nk>The user asks", "</think>", "Tolstoy."))
    async with server, model_of(server) as model:
        assert await answer(model) == "Tolstoy."


async def test_a_tool_is_used_and_its_result_told():
    server = ChatServer(
        calls("set_timer", '{"seconds": 60}', "One moment."), says("It is ", "set.")
    )
    async with server, model_of(server) as model:
        assert await answer(model, "egg please") == "One moment. It is set."
    *_, wish, result = server.asked[1].body["messages"]
    assert wish["tool_calls"][0]["function"]["name"] == "set_timer"
    assert result == {
        "role": "tool",
        "tool_call_id": "call_1",
        "content": "Timer set for 1 minute.",
    }


async def test_a_model_that_calls_tools_for_ever_has_to_answer_at_last():
    server = ChatServer(calls("current_time", "{}"))
    async with server, model_of(server) as model:
        with pytest.raises(ModelFailed):
            await answer(model)
    assert "tools" not in server.asked[-1].body
    assert len(server.asked) == 4


async def test_a_model_without_tools_is_asked_without_them_from_then_on():
    server = ChatServer(refuses(400, "tiny does not support tools"), says("Tolstoy."))
    async with server, model_of(server) as model:
        assert [await answer(model), await answer(model)] == ["Tolstoy.", "Tolstoy."]
    assert ["tools" in asked.body for asked in server.asked] == [True, False, False]


async def test_an_answer_that_is_lost_beside_tools_is_asked_for_without_them():
    server = ChatServer(says(""), says("Tolstoy."))
    async with server, model_of(server) as model:
        assert await answer(model) == "Tolstoy."


async def test_a_talk_that_is_too_long_for_the_server_is_left_out():
    server = ChatServer(refuses(400), refuses(400), says("Tolstoy."))
    async with server, model_of(server) as model:
        assert await answer(model, before=[turn("hello", "Good day.")]) == "Tolstoy."
    assert [len(asked.body["messages"]) for asked in server.asked] == [4, 4, 2]


async def test_pictures_are_sent_along():
    async with ChatServer(says("A cat.")) as server, model_of(server) as model:
        assert await answer(model, "what is this", pictures=["data:image/png;base64,AA"])
    assert server.asked[0].body["messages"][-1]["content"][1]["type"] == "image_url"


async def test_an_answer_in_one_object_is_an_answer():
    body = b'{"choices": [{"message": {"content": "Tolstoy."}, "finish_reason": "stop"}]}'
    server = ChatServer(Scripted(body, kind="application/json; charset=utf-8"))
    async with server, model_of(server) as model:
        assert await answer(model) == "Tolstoy."


@pytest.mark.parametrize(
    ("scripted", "error"),
    [
        (refuses(401, "the-key is wrong"), Unauthorized),
        (refuses(404), NotFound),
        (refuses(429), RateLimited),
        (refuses(400), Rejected),
        (refuses(500), ServerBug),
        (Scripted(b"<html>", kind="text/html"), BrokenStream),
        (Scripted(event(content="It")), BrokenStream),
        (Scripted(event(content="It"), b"data: {", b"\xff"), BrokenStream),
        (Scripted(b'data: {"error": "oom"}\n\n'), ModelFailed),
        (Scripted(b"[]", kind="application/json"), ModelFailed),
        (says("", ""), ModelFailed),
        (Scripted(b"", kind="text/event-stream"), BrokenStream),
    ],
)
async def test_a_failure_has_words(scripted, error, caplog):
    async with ChatServer(scripted) as server, model_of(server) as model:
        with pytest.raises(error) as raised:
            await answer(model)
    assert raised.value.title
    assert "the-key" not in f"{raised.value} {raised.value.hint} {caplog.text}"


async def test_a_server_that_does_not_run_is_named():
    async with ChatServer() as server:
        pass
    async with model_of(server) as model:
        with pytest.raises(Unreachable) as raised:
            await answer(model)
    assert f"127.0.0.1:{server.port}" in raised.value.hint


@pytest.mark.parametrize("before", [(), (event(content="It"),)])
async def test_silence_ends_the_wait(before):
    server = ChatServer(Scripted(*before, asyncio.Event()))
    async with server, model_of(server) as model:
        with pytest.raises(TimedOut):
            await answer(model)


async def test_an_answer_that_is_dropped_closes_the_connection():
    server = ChatServer(Scripted(event(content="It"), asyncio.Event()))
    async with server, model_of(server) as model:
        coming = model.answer("q", (), TODAY)
        async with contextlib.aclosing(coming):
            await anext(coming)
        async with asyncio.timeout(5):
            await server.left.wait()


async def test_an_endless_answer_ends():
    server = ChatServer(Scripted(*[event(content="again " * 100)] * 400, asyncio.Event()))
    async with server, model_of(server) as model:
        assert len(await answer(model)) < 130_000


async def test_the_first_chat_model_is_taken_where_none_is_named():
    server = ChatServer(says("Tolstoy."))
    server.models = ["nomic-embed-text", "llama3.2"]
    async with server, model_of(server, model="") as model:
        await answer(model)
        assert model.name == "llama3.2"
    assert server.asked[0].body["model"] == "llama3.2"


async def test_a_server_without_a_model_says_so():
    server = ChatServer()
    server.models = []
    async with server, model_of(server, model="") as model:
        with pytest.raises(NotFound, match="has no chat model"):
            await answer(model)


@pytest.mark.parametrize(
    ("path", "page", "sees"),
    [
        ("/api/show", {"capabilities": ["completion", "vision"]}, True),
        ("/api/show", {"capabilities": ["completion"]}, False),
        ("/props", {"modalities": {"vision": True}}, True),
        ("/api/v0/models", {"data": [{"id": "tiny", "type": "vlm"}]}, True),
        ("/api/v0/models", {"data": [{"id": "other", "type": "vlm"}]}, False),
        ("/props", "nonsense", False),
    ],
)
async def test_servers_say_whether_their_model_sees(path, page, sees):
    server = ChatServer()
    server.pages[path] = page
    async with server, model_of(server) as model:
        assert await model.sees_pictures() is sees


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/v1/models", {"data": [{"id": "tiny", "max_model_len": 400}]}),
        ("/props", {"default_generation_settings": {"n_ctx": 400}}),
        ("/api/v0/models", {"data": [{"id": "tiny", "loaded_context_length": 400}]}),
    ],
)
async def test_no_more_is_sent_than_the_model_reads_at_once(path, page):
    server = ChatServer(says("Yes."))
    server.pages[path] = page
    long_talk = [turn(f"question {number}", "word " * 100) for number in range(9)]
    async with server, model_of(server) as model:
        await answer(model, before=long_talk)
    assert len(server.asked[0].body["messages"]) == 2


async def test_follow_ups_are_the_models_own():
    server = ChatServer(
        says('1. Who was he?\n- "When was it written?"\n\nHere are three:\n3) Why?\nx')
    )
    async with server, model_of(server) as model:
        made = await model.follow_ups("q", "a", (), TODAY)
    assert made == ("Who was he?", "When was it written?", "Why?")


@pytest.mark.parametrize("scripted", [refuses(500), Scripted(asyncio.Event()), says("")])
async def test_a_model_that_fails_has_no_follow_ups(scripted):
    async with ChatServer(scripted) as server, model_of(server) as model:
        assert await model.follow_ups("q", "a", (), TODAY) == ()


def test_a_line_that_is_too_long_is_no_follow_up():
    assert questions_in("x" * 61 + "\nWhy?\nWhy?") == ("Why?",)


@pytest.mark.parametrize("status", [302, 418, 499, 599])
async def test_a_status_that_nobody_knows_is_an_error_in_words(status):
    async with ChatServer(refuses(status)) as server, model_of(server) as model:
        with pytest.raises(BackendError):
            await answer(model)
