"""An answer over a real connection: how it ends, and that the connection is free afterwards."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from helpers.replay import Reply, json, replay, response, sse, trace
from helpers.turns import fake_time

from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest
from voice_assistant.api.stream import sleep_watch
from voice_assistant.api.stream.chat_stream import ChatStream
from voice_assistant.api.stream.events import (
    Message,
    Ping,
)
from voice_assistant.errors import (
    BrokenStream,
    ModelFailed,
    ServerBug,
    TimedOut,
    Unauthorized,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

QUESTION = ChatRequest("hi")
STARTED = {"event": "workflow_started", "task_id": "t1", "conversation_id": "c1"}
TEXT = {"event": "message", "answer": "Hello.", "message_id": "m1", "task_id": "t1"}
END = {"event": "message_end", "message_id": "m1", "task_id": "t1"}
PING = b"event: ping\n\n"


def finished(status: str, error: str = "") -> dict:
    return {"event": "workflow_finished", "data": {"status": status, "error": error}}


@asynccontextmanager
async def connected(routes, *, silence_s: float = 5.0) -> AsyncIterator:
    """A client and its server, and at most 20 s for all of it."""
    async with (
        asyncio.timeout(20),
        replay(routes) as server,
        Client(server.url, "app-KEY", "u1", silence_s=silence_s) as client,
    ):
        yield client, server


@asynccontextmanager
async def asked(routes, **args) -> AsyncIterator:
    """An answer, and the server that gives it."""
    async with connected(routes, **args) as (client, server), client.chat(QUESTION) as stream:
        yield stream, server


async def whole(routes, **args):
    async with asked(routes, **args) as (stream, _):
        events = [event async for event in stream]
    return stream, events


def told(routes, **args):
    """The same, where time passes only while all wait."""
    return fake_time.tell(whole(routes, **args))


def every(seconds: float, reply: Reply, times: int, block: bytes) -> Reply:
    """The reply, followed by a block again and again."""
    size = len(reply.raw)
    arrivals = (
        (seconds * (number + 1), size + number * len(block), len(block)) for number in range(times)
    )
    return replace(
        reply, raw=reply.raw + block * times, arrivals=((0.0, 0, size), *arrivals), pace=1.0
    )


async def test_the_ids_of_an_answer_are_known_with_its_first_event():
    async with asked(sse(PING, STARTED, TEXT, hold=True)) as (stream, _):
        assert (stream.task_id, stream.text) == ("", "")
        assert await anext(stream) == Ping()
        await anext(stream)
        assert (stream.task_id, stream.conversation_id, stream.message_id) == ("t1", "c1", "")
        assert isinstance(await anext(stream), Message)
        assert (stream.message_id, stream.text) == ("m1", "Hello.")
        assert not stream.complete


async def test_an_answer_ends_by_its_events_though_the_connection_stays_open():
    for events in (
        [STARTED, TEXT, END, finished("succeeded")],
        [TEXT, END, {"event": "tts_message_end"}],
    ):
        stream, _ = await whole(sse(*events, hold=True))
        assert stream.complete
        assert stream.text == "Hello."


async def test_nothing_after_the_end_is_handed_out():
    late = {"event": "message", "answer": " More."}
    stream, events = await whole(sse(TEXT, END, finished("succeeded"), late, hold=True))
    assert len(events) == 3
    assert stream.text == "Hello."


async def test_the_iteration_stays_ended():
    async with asked(sse(TEXT, END, finished("succeeded"))) as (stream, _):
        assert len([event async for event in stream]) == 3
        assert [event async for event in stream] == []


def test_silence_after_a_whole_text_is_no_fault():
    stream, _ = told(sse(TEXT, END, hold=True), silence_s=0.5)
    assert stream.complete


def test_a_moderated_question_without_audio_does_not_hang():
    """1.14.0 sends message and message_end, then only pings: few seconds are waited for audio."""

    async def story():
        reply = every(0.2, sse(PING, TEXT, END, hold=True), 100, PING)
        stream, _ = await whole(reply, silence_s=15.0)
        assert stream.complete
        assert asyncio.get_running_loop().time() < 8

    fake_time.tell(story())


async def test_a_server_that_drops_message_end_still_succeeds():
    stream, _ = await whole(sse(STARTED, TEXT, finished("succeeded")))
    assert stream.complete


async def test_a_stopped_answer_ends_without_a_fault():
    stream, _ = await whole(sse(STARTED, TEXT, finished("stopped"), hold=True))
    assert stream.stopped
    assert not stream.complete
    assert stream.text == "Hello."


@pytest.mark.parametrize(
    "last",
    [
        finished("failed", "the model is gone"),
        {"event": "error", "status": 400, "code": "completion_request_error", "message": "gone"},
    ],
)
async def test_a_failed_model_raises_after_what_it_said(last):
    async with asked(sse(STARTED, TEXT, last, hold=True)) as (stream, _):
        for _ in range(3):
            await anext(stream)
        assert stream.text == "Hello."
        for _ in range(2):
            with pytest.raises(ModelFailed):
                await anext(stream)


async def test_a_connection_that_closes_in_the_middle_raises():
    with pytest.raises(BrokenStream, match="connection was lost"):
        await whole(sse(STARTED, TEXT))


async def test_a_chunked_answer_that_is_cut_off_raises():
    raw = trace("1.14.0", "chat-stream-noautoplay").raw
    with pytest.raises(BrokenStream) as caught:
        await whole(Reply(raw[: len(raw) // 2], close=True))
    assert caught.value.__cause__ is not None


def test_silence_in_the_middle_raises():
    with pytest.raises(BrokenStream, match="nothing came"):
        told(sse(STARTED, TEXT, hold=True), silence_s=0.5)


async def test_an_answer_that_never_begins_raises_and_frees_the_connection():
    """1.14.0 takes a question for a conversation that it does not know, and says nothing."""
    reply = trace("1.14.0", "err-chat-conv-unknown")
    async with asked(reply, silence_s=0.5) as (stream, server):
        assert await anext(stream) == Ping()
        with pytest.raises(BrokenStream, match="said nothing"):
            await anext(stream)
        await server.requests[0].gone.wait()


def test_pings_alone_do_not_last_for_ever():
    reply = every(0.01, sse(PING, hold=True), 10_000, PING)
    with pytest.raises(BrokenStream, match="said nothing"):
        told(reply, silence_s=0.5)


def test_a_slow_listener_is_not_the_servers_fault():
    async def story():
        first, last = sse(STARTED), sse(TEXT, END, finished("succeeded"))
        late = every(0.1, first, 1, last.raw.partition(b"\r\n\r\n")[2])
        async with asked(late, silence_s=0.5) as (stream, _):
            await anext(stream)
            await asyncio.sleep(0.7)
            assert len([event async for event in stream]) == 3
            assert stream.complete

    fake_time.tell(story())


async def test_leaving_early_closes_the_connection():
    async with connected(sse(STARTED, TEXT, hold=True)) as (client, server):
        async with client.chat(QUESTION) as stream:
            await anext(stream)
        await server.requests[0].gone.wait()


async def test_a_cancelled_turn_closes_the_connection_at_once():
    async with connected(sse(STARTED, TEXT, hold=True)) as (client, server):
        heard = asyncio.Event()

        async def turn():
            async with client.chat(QUESTION) as stream:
                async for event in stream:
                    if isinstance(event, Message):
                        heard.set()

        task = asyncio.create_task(turn())
        await heard.wait()
        task.cancel()
        await server.requests[0].gone.wait()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_errors_that_the_turn_raises_pass_through():
    async def go():
        async with asked(sse(STARTED, TEXT, hold=True)) as (stream, _):
            await anext(stream)
            raise LookupError

    with pytest.raises(LookupError):
        await go()


async def test_a_refusal_is_raised_before_there_is_a_stream():
    with pytest.raises(Unauthorized):
        await whole(trace("1.14.0", "err-auth-chat-bad-key"))


async def test_json_where_a_stream_should_be_is_a_bug():
    with pytest.raises(ServerBug):
        await whole(json(200, {"event": "message", "answer": "Hello."}))


async def test_a_web_page_where_a_stream_should_be_names_the_address():
    with pytest.raises(ServerBug) as caught:
        await whole(response(200, b"<html>", "text/html"))
    assert "/v1" in caught.value.hint


def test_a_server_that_takes_the_question_and_never_answers_times_out():
    with pytest.raises(TimedOut):
        told(Reply(b"", hold=True), silence_s=0.1)


async def test_a_question_is_never_asked_twice():
    async with replay(Reply(b"", close=True)) as server:
        async with Client(server.url, "app-KEY", "u1") as client:
            with pytest.raises(Unreachable):
                async with client.chat(QUESTION):
                    pass
        assert len(server.requests) == 1


async def test_a_connection_that_the_server_closed_meanwhile_is_not_used():
    """Servers close idle connections after 2 to 5 s: while the user speaks."""
    routes = {
        "GET /parameters": replace(json(200, {}), close=True),
        "POST /chat-messages": sse(TEXT, END, finished("succeeded")),
    }
    async with connected(routes) as (client, server):
        await client.parameters()
        await server.requests[0].gone.wait()
        async with client.chat(QUESTION) as stream:
            async for _ in stream:
                pass
        assert stream.complete
        assert [request.connection for request in server.requests] == [0, 1]


async def test_a_connection_that_is_still_open_is_used_again():
    routes = {
        "GET /parameters": json(200, {}),
        "POST /chat-messages": sse(TEXT, END, finished("succeeded")),
    }
    async with connected(routes) as (client, server):
        await client.parameters()
        async with client.chat(QUESTION) as stream:
            async for _ in stream:
                pass
        assert [request.connection for request in server.requests] == [0, 0]


async def test_what_came_while_the_process_was_stopped_is_read(monkeypatch):
    monkeypatch.setattr(sleep_watch, "LOOK_S", 0.05)
    monkeypatch.setattr(sleep_watch, "NAP_S", 0.3)
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def chunks():
        while True:
            yield await arrived.get()

    stream = ChatStream(chunks(), silence_s=0.5)
    reading = asyncio.create_task(anext(stream))
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    event = b'data: {"event": "message", "answer": "Yes."}\n\n'
    threading.Timer(0.7, loop.call_soon_threadsafe, [arrived.put_nowait, event]).start()
    time.sleep(1.0)  # noqa: ASYNC251  (as a stopped process)
    assert (await reading).answer == "Yes."


@pytest.mark.parametrize("ending", ["Connection: close", "Content-Length: 9999"])
async def test_the_last_event_needs_no_empty_line_however_the_connection_ends(ending):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{ending}\r\n\r\n".encode()
    events = b'data: {"event": "message", "answer": "Yes."}\n\ndata: {"event": "message_end"}'
    reply = Reply(head + events, close=True)
    async with asked({"POST /chat-messages": reply}) as (stream, _):
        assert len([event async for event in stream]) == 2
        assert stream.complete
