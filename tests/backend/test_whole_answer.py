"""An answer goes on where its connection was lost, and every word comes once.

The stream of a run that is followed again was written from the server's documents and its public
source (1.14 to 1.17), not from a recorded exchange.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager

import pytest
from fakes import until
from helpers.replay import json, replay, response, sse
from helpers.turns import fake_time

from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest
from voice_assistant.api.stream.events import (
    Message,
    MessageReplace,
)
from voice_assistant.backend import rest_of_answer
from voice_assistant.backend.whole_answer import WholeAnswer
from voice_assistant.errors import BrokenStream, ModelFailed

IDS = {"task_id": "t1", "message_id": "m1", "conversation_id": "c1"}
STARTED = {"event": "workflow_started", "workflow_run_id": "r1", "data": {"id": "r1"}, **IDS}
END = {"event": "message_end", "id": "m1", **IDS}
SAID, REST = "The capital of Fra", "nce is Paris. It is old."
WHOLE = SAID + REST


def text(words: str) -> dict:
    return {"event": "message", "answer": words, **IDS}


def finished(status="succeeded", answer=WHOLE, **data) -> dict:
    outputs = {"answer": answer} if answer else {}
    return {
        "event": "workflow_finished",
        "workflow_run_id": "r1",
        "data": {"id": "r1", "status": status, "outputs": outputs, **data},
    }


def messages(answer: str):
    message = {"id": "m1", "query": "q", "answer": answer, "created_at": 1}
    return json(200, {"data": [{"id": "m0", "query": "q", "answer": "older"}, message]})


MISSING = response(404, b"<html>", "text/html", X_Version="0.15.3")
CUT = sse(STARTED, text(SAID))  # the connection closes here


@asynccontextmanager
async def asked(chat=CUT, run=MISSING, found=None, *, silence_s=5.0, lost=None):
    routes = {
        "POST /chat-messages": chat,
        "POST /chat-messages/*/stop": json(200, {"result": "success"}),
        "GET /workflow/r1/events": run,
        "GET /messages": found or messages(""),
    }
    async with (
        replay(routes) as server,
        Client(server.url, "app-KEY", "u1", silence_s=silence_s) as client,
        client.chat(ChatRequest("q")) as stream,
        aclosing(WholeAnswer(stream, client, lost or (lambda: None))) as answer,
    ):
        yield answer, server


def heard(events) -> str:
    """What a listener who hears each piece as it comes has heard."""
    pieces: list[str] = []
    for event in events:
        if isinstance(event, MessageReplace):
            pieces = [event.answer]
        elif isinstance(event, Message):
            pieces.append(event.answer)
    return "".join(pieces)


async def whole(**about) -> tuple[str, int]:
    lost: list[None] = []
    async with asked(lost=lambda: lost.append(None), **about) as (answer, _):
        events = [event async for event in answer]
        assert answer.complete
        assert not answer.stopped
        assert answer.text == heard(events)
    replaced = sum(isinstance(event, MessageReplace) for event in events)
    assert len(lost) == 1
    return heard(events), replaced


async def test_an_answer_that_is_whole_is_passed_on_and_nothing_is_looked_for():
    chat = sse(STARTED, text(SAID), text(REST), END, finished())
    lost: list[None] = []
    async with asked(chat, lost=lambda: lost.append(None)) as (answer, server):
        assert heard([event async for event in answer]) == WHOLE
        assert answer.complete
    assert not lost
    assert [request.path for request in server.requests] == ["/chat-messages"]


@pytest.mark.parametrize(
    "run",
    [
        sse(finished()),  # it has ended meanwhile
        sse(STARTED, text(" old."), END, finished()),  # what came in between is not sent again
        sse(STARTED, text(SAID), text(REST), END, finished()),  # all is sent again
        sse(STARTED, text(REST), END, finished()),  # nothing came in between
        sse(STARTED, {"event": "tts_message", "audio": "AAAA"}, text(REST), finished()),
    ],
)
@pytest.mark.parametrize("written", ["", WHOLE, f"{WHOLE}\n"])
async def test_a_run_is_followed_and_the_text_goes_on_where_it_was(run, written):
    found, replaced = await whole(run=run, found=messages(written))
    assert found.strip() == WHOLE
    assert replaced == 0


async def test_text_that_is_sent_again_is_passed_on_while_it_is_written():
    live = sse(STARTED, text(SAID), text("nce is "), hold=True)
    async with asked(run=live) as (answer, _):
        came = []

        async def follow() -> None:
            async for event in answer:
                came.extend([event])

        following = asyncio.create_task(follow())
        await until(lambda: heard(came) == "The capital of France is ")
        following.cancel()
        await asyncio.wait([following])


async def test_older_servers_have_it_in_the_message():
    later = [messages(""), messages(""), messages(WHOLE)]
    found, replaced = await whole(found=later)
    assert (found, replaced) == (WHOLE, 0)


async def test_an_app_without_a_workflow_has_it_in_the_message():
    found, _ = await whole(chat=sse(text(SAID)), found=messages(WHOLE))
    assert found == WHOLE


async def test_text_that_was_replaced_meanwhile_is_replaced():
    found, replaced = await whole(run=sse(finished(answer="Moderated.")))
    assert (found, replaced) == ("Moderated.", 1)


async def test_a_server_that_starts_again_is_waited_for():
    away = response(502, b"bad gateway", "text/plain")
    found, _ = await whole(run=[away, away, sse(finished())])
    assert found == WHOLE


async def test_a_second_break_is_picked_up_too():
    again = [sse(STARTED), sse(STARTED, text(" old.")), sse(finished())]
    found, _ = await whole(run=again)
    assert found == WHOLE


async def test_a_silent_connection_is_picked_up_and_the_answer_is_not_stopped():
    async with asked(sse(STARTED, text(SAID), hold=True), sse(finished()), silence_s=0.3) as (
        answer,
        server,
    ):
        assert heard([event async for event in answer]) == WHOLE
    assert "/chat-messages/t1/stop" not in [request.path for request in server.requests]


async def test_a_run_that_failed_meanwhile_has_failed():
    run = sse(finished("failed", "", error="The provider is away"))
    async with asked(run=run) as (answer, _):
        with pytest.raises(ModelFailed, match="provider"):
            async for _event in answer:
                pass


async def test_an_answer_that_was_stopped_meanwhile_is_over():
    async with asked(run=sse(finished("stopped", ""))) as (answer, _):
        assert heard([event async for event in answer]) == SAID
        assert answer.stopped
        assert not answer.complete


@pytest.mark.parametrize("chat", [sse(), sse(b"event: ping\n\n")])
async def test_an_answer_that_has_not_begun_cannot_be_picked_up(chat):
    async with asked(chat) as (answer, server):
        with pytest.raises(BrokenStream):
            async for _ in answer:
                pass
    assert [request.path for request in server.requests] == ["/chat-messages"]


async def test_an_answer_that_is_nowhere_is_given_up_with_the_first_reason():
    gone = json(404, {"code": "not_found", "message": "", "status": 404})
    async with asked(run=gone, found=gone) as (answer, _):
        with pytest.raises(BrokenStream, match="connection was lost"):
            async for _ in answer:
                pass


@pytest.mark.parametrize(("version", "waits_s"), [("embedded-0.1.0", (3, 8)), ("1.14.0", (30, 35))])
def test_what_the_embedded_backend_had_not_written_at_its_end_is_not_waited_for(version, waits_s):
    async def story() -> None:
        chat, clock = sse(text(SAID)), asyncio.get_running_loop().time
        unwritten = json(200, {"data": []}, X_Version=version)
        async with asked(chat, found=unwritten) as (answer, _):
            begin = clock()
            with pytest.raises(BrokenStream):
                async for _event in answer:
                    pass
            assert waits_s[0] <= clock() - begin <= waits_s[1]

    fake_time.tell(story())


def test_its_patience_covers_a_server_that_is_started_again():
    assert rest_of_answer.AWAY_S > 2 * rest_of_answer.LOOK_AGAIN_S


@pytest.mark.parametrize("run", [sse(STARTED), sse(STARTED, text(SAID))])
async def test_a_run_that_tells_the_same_again_and_again_is_given_up(run, monkeypatch):
    monkeypatch.setattr(rest_of_answer, "AWAY_S", 0.2)
    monkeypatch.setattr(rest_of_answer, "LOOK_AGAIN_S", 0.01)
    async with asyncio.timeout(20), asked(run=run, found=messages("")) as (answer, _):
        with pytest.raises(BrokenStream, match="connection was lost"):
            async for _ in answer:
                pass
