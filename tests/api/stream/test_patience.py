"""How long a server is waited for: what counts as life, what is told, and that it is stopped."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from helpers.replay import Reply, json, replay, sse, trace
from helpers.turns import fake_time

from voice_assistant.api.client import Client
from voice_assistant.api.failures.breakdowns import PATIENCE
from voice_assistant.api.models import ChatRequest, Upload
from voice_assistant.api.stream.liveness import Liveness
from voice_assistant.backend.capabilities import Capabilities
from voice_assistant.errors import BrokenStream, TimedOut

QUESTION = ChatRequest("hi")
STARTED = {"event": "workflow_started", "task_id": "t1"}
TEXT = {"event": "message", "answer": "Done.", "task_id": "t1"}
LAST = [{"event": "message_end"}, {"event": "workflow_finished", "data": {"status": "succeeded"}}]


@pytest.mark.parametrize(
    "block",
    [
        b'data: {"event": "reasoning_chunk"}\n\n',
        b'data: {"event": "iteration_started"}\r\n\r\n',
        b"data: {\n",
        b"data: no JSON at all\n\n",
        b"event: message\n",
        b"id: 7\n",
        b"anything\r",
        b'data: {"event": "pinged"}\n',
    ],
)
def test_every_whole_line_that_is_no_ping_is_life(block):
    assert Liveness().feed(block)
    liveness = Liveness()
    assert any(liveness.feed(block[at : at + 1]) for at in range(len(block)))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\n\n",
        b"event: ping\n\n",
        b"event:ping\r\n\r\n",
        b": ping\n\n",
        b": " + b"x" * 500 + b"\n",
        b'data: {"event": "ping"}\n\n',
        b'event: ping\ndata: {"event":"ping","task_id":"t1"}\n\n',
        b"event: ping\ndata: {}\n\n",
        b'data: {"event": "message", "answer": "it has no end',
    ],
)
def test_pings_and_unfinished_lines_are_no_events(block):
    assert not Liveness().feed(block)
    liveness = Liveness()
    assert not any(liveness.feed(block[at : at + 1]) for at in range(len(block)))


@asynccontextmanager
async def connected(chat, *, silence_s, queue_s=5.0, stop=None):
    routes = {
        "POST /chat-messages": chat,
        "POST /chat-messages/*/stop": stop or json(200, {"result": "success"}),
    }
    async with (
        asyncio.timeout(20),
        replay(routes) as server,
        Client(server.url, "app-KEY", "u1", silence_s=silence_s, queue_s=queue_s) as client,
    ):
        yield client, server


async def followed(client, *, sure=False):
    async with client.chat(QUESTION, sure=sure) as stream:
        return [event async for event in stream]


def stops(server):
    return [request.path for request in server.requests if request.path.endswith("/stop")]


def test_events_that_are_not_known_are_waited_for_like_those_that_are():
    async def story() -> None:
        unknown = b'data: {"event": "iteration_started", "data": {}}\n\n'
        first, last = sse(), sse(TEXT, *LAST).raw.partition(b"\r\n\r\n")[2]
        size, times = len(first.raw), 40
        pieces = [(0.03 * at, size + at * len(unknown), len(unknown)) for at in range(times)]
        end = (0.03 * times, size + times * len(unknown), len(last))
        raw = first.raw + unknown * times + last
        chat = replace(first, raw=raw, arrivals=((0.0, 0, size), *pieces, end), pace=1.0)
        async with connected(chat, silence_s=0.08) as (client, _):
            assert len(await followed(client)) == 3

    fake_time.tell(story())


@pytest.mark.parametrize(
    ("chat", "kind"),
    [
        (Reply(b"", hold=True), TimedOut),
        (sse(hold=True), BrokenStream),
        (sse(STARTED, TEXT, hold=True), BrokenStream),
    ],
)
def test_whoever_waits_in_vain_hears_of_the_usual_cause_and_of_the_setting(chat, kind):
    async def story() -> None:
        async with connected(chat, silence_s=0.05) as (client, _):
            with pytest.raises(kind) as caught:
                await followed(client)
        assert PATIENCE in caught.value.hint
        assert "proxy" in PATIENCE
        assert "backend.silence_s" in PATIENCE

    fake_time.tell(story())


def test_an_answer_that_is_given_up_is_stopped():
    async def story() -> None:
        async with connected(sse(STARTED, TEXT, hold=True), silence_s=0.05) as (client, server):
            with pytest.raises(BrokenStream):
                await followed(client)
        assert stops(server) == ["/chat-messages/t1/stop"]
        assert server.requests[-1].json() == {"user": "u1"}

    fake_time.tell(story())


def test_a_stop_that_is_not_confirmed_keeps_nobody_waiting():
    async def story() -> None:
        chat, clock = sse(STARTED, hold=True), asyncio.get_running_loop().time
        async with connected(chat, silence_s=0.05, stop=json(500, {})) as (client, server):
            begin = clock()
            with pytest.raises(BrokenStream):
                await followed(client)
            assert clock() - begin < 2
        assert len(stops(server)) == 1

    fake_time.tell(story())


@pytest.mark.parametrize("chat", [sse(STARTED, TEXT), sse(STARTED, TEXT, *LAST), sse(hold=True)])
def test_an_answer_that_has_ended_or_has_no_id_is_not_stopped(chat):
    async def story() -> None:
        async with connected(chat, silence_s=0.05) as (client, server):
            with suppress(BrokenStream):
                await followed(client)
        assert stops(server) == []

    fake_time.tell(story())


def test_a_frozen_server_is_told_of_at_the_first_question():
    async def story() -> None:
        async with (
            replay(Reply(b"", hold=True)) as server,
            Client(server.url, "app-KEY", "u1", silence_s=0.05) as client,
        ):
            with pytest.raises(TimedOut):
                await Capabilities().of(client)
            with pytest.raises(TimedOut):
                await client.has_conversation("c1")
        assert len(server.requests) == 3

    fake_time.tell(story())


PING = b"event: ping\n\n"


def queue(pace):
    """A real server whose workers were busy: one ping, and 40 s later the rest.

    The recording ends with the workflow's first step, so an end is added.
    """
    recorded = trace("1.14.2", "chat-busy-queue-40s", pace=pace)
    body = sse(TEXT, *LAST).raw.partition(b"\r\n\r\n")[2]
    end = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    last = (40.0, len(recorded.raw), len(end))
    return replace(recorded, raw=recorded.raw + end, arrivals=(*recorded.arrivals, last))


@pytest.mark.parametrize("cut", [0, 7])
def test_a_question_that_is_surely_good_waits_in_the_queue_of_a_busy_server(cut):
    async def story() -> None:
        chat = replace(queue(0.01), cut=cut)
        async with connected(chat, silence_s=0.1) as (client, _):
            async with client.chat(QUESTION, sure=True) as stream:
                queued = [stream.queued async for _ in stream]
            assert queued == [True] + [False] * (len(queued) - 1)
            assert stream.complete
            assert stream.text == "Done."

    fake_time.tell(story())


def test_a_question_that_may_have_been_refused_in_silence_is_not_waited_for_longer():
    async def story() -> None:
        async with connected(queue(0.01), silence_s=0.1) as (client, _):
            with pytest.raises(BrokenStream, match="said nothing"):
                await followed(client)

    fake_time.tell(story())


def test_a_queue_has_an_end_and_its_setting_is_named():
    async def story() -> None:
        async with connected(sse(PING, hold=True), silence_s=0.05, queue_s=0.2) as (client, server):
            with pytest.raises(BrokenStream, match="busy") as caught:
                await followed(client, sure=True)
        assert "backend.queue_s" in caught.value.hint
        assert stops(server) == [], "it has no name yet"

    fake_time.tell(story())


def test_a_server_that_confirms_nothing_is_not_taken_for_busy():
    async def story() -> None:
        async with connected(sse(hold=True), silence_s=0.05) as (client, _):
            with pytest.raises(BrokenStream, match="said nothing") as caught:
                await followed(client, sure=True)
        assert PATIENCE in caught.value.hint

    fake_time.tell(story())


def test_an_answer_that_has_begun_is_no_longer_queued():
    async def story() -> None:
        async with connected(sse(PING, STARTED, hold=True), silence_s=0.05) as (client, _):
            with pytest.raises(BrokenStream, match="broke off"):
                await followed(client, sure=True)

    fake_time.tell(story())


def test_a_short_limit_for_the_queue_never_shortens_the_usual_patience():
    async def story() -> None:
        late = replace(sse(PING, TEXT, *LAST), pace=1.0)
        head = late.raw.index(PING) + len(PING)
        late = replace(late, arrivals=((0.0, 0, head), (0.2, head, len(late.raw) - head)))
        async with connected(late, silence_s=2.0, queue_s=0.05) as (client, _):
            assert len(await followed(client, sure=True)) == 4

    fake_time.tell(story())


@pytest.mark.parametrize(
    ("seconds", "size", "comes"), [(1800, 7_200_000, True), (300, 40_000, False)]
)
def test_the_words_of_a_long_recording_may_take_as_long_as_it(seconds, size, comes):
    words = json(200, {"text": "hello"})
    late = replace(words, arrivals=((seconds, 0, len(words.raw)),), pace=1.0)

    async def story():
        async with replay(late) as server, Client(server.url, "app-KEY", "u1") as client:
            try:
                found = await client.audio_to_text(Upload(bytes(size), "a.mp3", "audio/mp3"))
            except TimedOut:
                return False
            return found.text == "hello"

    assert fake_time.tell(story()) is comes
