"""What a server sends without end, packed, or a byte at a time is given up, and told."""

from __future__ import annotations

import asyncio
import tracemalloc
import zlib
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest
from helpers.replay import Reply, json, replay, response, sse

from voice_assistant.api import client as client_room
from voice_assistant.api.client import Client
from voice_assistant.api.endpoints import AUDIO_TO_TEXT, INFO
from voice_assistant.api.http.connections import MOST_ANSWER_BYTES
from voice_assistant.api.models import AppInfo, ChatRequest, SpeechRequest, Transcript, Upload
from voice_assistant.api.stream.liveness import MOST_EVENT_BYTES, Liveness, is_trickle
from voice_assistant.errors import BrokenStream, ServerBug, TimedOut, Unreachable

MB = 2**20
QUESTION = ChatRequest("hi")
EVENT_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def packed(head: bytes, tail: bytes, size: int, *, wbits: int = 31) -> bytes:
    """A few hundred bytes that are `size` bytes of JSON once they are unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    pieces = [packer.compress(head)]
    pieces += [packer.compress(b"a" * MB) for _ in range(size // MB)]
    return b"".join([*pieces, packer.compress(tail), packer.flush()])


def endless(head: bytes, piece: bytes, times: int) -> Reply:
    """A body that ends with the connection."""
    size = len(head) + 2
    arrivals = [(0.0, 0, size)] + [(0.0, size + i * len(piece), len(piece)) for i in range(times)]
    raw = head + b"\r\n" + piece * times
    return Reply(raw, arrivals=tuple(arrivals), pace=1.0, close=True)


@asynccontextmanager
async def connected(routes, **args):
    async with (
        asyncio.timeout(20),
        replay(routes) as server,
        Client(server.url, "app-SECRET", "u1", **args) as client,
    ):
        yield client, server


async def followed(routes, **args):
    async with connected(routes, **args) as (client, _), client.chat(QUESTION) as stream:
        return [event async for event in stream]


@asynccontextmanager
async def little_memory(limit_mb: int):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit_mb * MB
    finally:
        tracemalloc.stop()


async def test_nothing_is_asked_for_in_a_packed_form():
    async with connected(json(200, {"name": "app"})) as (client, server):
        await client.info()
    assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("coding", "wbits"), [("gzip", 31), ("x-gzip", 31), ("deflate", 15), ("deflate", -15)]
)
async def test_a_compressed_body_is_unpacked_although_none_was_asked_for(coding, wbits):
    body = packed(b'{"name": "', b'"}', 3 * MB, wbits=wbits)
    async with connected(response(200, body, Content_Encoding=coding)) as (client, _):
        assert len((await client.info()).name) == 3 * MB


@pytest.mark.parametrize("cut", [0, 1, 2])
@pytest.mark.parametrize(("coding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
async def test_a_stream_that_is_packed_is_read(coding, wbits, cut):
    event = b'data: {"event": "message_end"}\n\ndata: {"event": "tts_message_end"}\n\n'
    body = packed(event, b"", 0, wbits=wbits)
    reply = response(200, body, "text/event-stream", Content_Encoding=coding)
    assert len(await followed(replace(reply, cut=cut))) == 2


@pytest.mark.parametrize("coding", ["identity", "None", "UTF-8"])
async def test_what_is_called_packed_and_is_not_is_read(coding):
    async with connected(response(200, b'{"name": "a"}', Content_Encoding=coding)) as (client, _):
        assert (await client.info()).name == "a"


@pytest.mark.parametrize("cut", [0, 1, 10])
@pytest.mark.parametrize("behind", [b"", bytes(8)])
async def test_events_that_are_packed_each_by_itself_are_all_read(cut, behind):
    event = b'data: {"event": "message", "answer": "a"}\n\n'
    body = (
        packed(event, b"", 0) * 5 + packed(b'data: {"event": "message_end"}\n\n', b"", 0) + behind
    )
    reply = response(200, body, "Text/Event-Stream", Content_Encoding="gzip")
    assert len(await followed(replace(reply, cut=cut))) == 6


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "odd"])
async def test_a_packing_that_is_not_known_is_told(coding):
    async with connected(response(200, b"\x00\x01", Content_Encoding=coding)) as (client, _):
        with pytest.raises(Unreachable, match="compresses its answers"):
            await client.info()


async def test_a_body_that_is_no_gzip_is_reported():
    async with connected(response(200, b"{}", Content_Encoding="gzip")) as (client, _):
        with pytest.raises(Unreachable, match="compresses its answers"):
            await client.info()


async def test_a_small_body_that_unpacks_to_a_large_one_is_given_up():
    body = packed(b'{"data": ["', b'"]}', 40 * MB)
    assert len(body) < 200_000
    reply = response(200, body, Content_Encoding="gzip")
    async with connected(reply) as (client, _), little_memory(5 * MOST_ANSWER_BYTES // MB):
        with pytest.raises(ServerBug, match="larger than 10 MB"):
            await client.suggested("m1")


async def test_of_a_refusal_no_more_is_read_than_its_words_need():
    head = b"HTTP/1.1 500 Status\r\nContent-Type: text/html\r\nConnection: close\r\n"
    async with (
        connected(endless(head, b"x" * MB, 20)) as (client, _),
        little_memory(30),
    ):  # 20 of the server
        with pytest.raises(ServerBug, match="The server failed"):
            await client.text_to_audio(SpeechRequest("Hello.")).asend(None)


async def test_a_line_without_an_end_is_given_up():
    reply = endless(EVENT_STREAM, b"data: " + b"x" * MB, 20)
    with pytest.raises(BrokenStream, match="one event is larger than 4 MB"):
        await followed(reply)


async def test_a_packed_line_without_an_end_is_given_up():
    body = packed(b"data: ", b"", 40 * MB)
    reply = response(200, body, "text/event-stream", Content_Encoding="gzip")
    async with little_memory(40):
        with pytest.raises(BrokenStream, match="one event is larger than 4 MB"):
            await followed(reply)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_an_event_of_many_lines_is_no_larger_than_one_of_one(end):
    liveness = Liveness()
    for _ in range(MOST_EVENT_BYTES // 1000):
        assert liveness.feed(b"data: " + b"x" * 1000 + end[:1])
        liveness.feed(end[1:])
    assert "one event" in liveness.too_much


def test_many_events_of_some_size_are_none_that_is_too_large():
    liveness = Liveness()
    for _ in range(6):
        assert liveness.feed(b"data: " + b"x" * MB + b"\r\n\r")
        liveness.feed(b"\n")
    assert liveness.too_much == ""


async def test_speech_without_an_end_is_given_up():
    reply = response(200, packed(b"", b"", 104 * MB), "audio/mpeg", Content_Encoding="gzip")

    async def listen(client):
        async with aclosing(client.text_to_audio(SpeechRequest("Hello."))) as chunks:
            return [len(chunk) async for chunk in chunks]

    async with connected(reply) as (client, _):
        with pytest.raises(ServerBug, match="larger than 100 MB"):
            await listen(client)


@pytest.mark.parametrize(
    ("received_bytes", "waited_s", "slow"),
    [
        (0, 119, False),
        (0, 121, True),
        (60_000, 200, False),
        (1_000, 200, True),
        (10**8, 900, False),
    ],
)
def test_speech_that_trickles_is_not_waited_for(received_bytes, waited_s, slow):
    assert is_trickle(received_bytes, waited_s, patience_s=120) == slow


async def test_of_many_suggestions_the_first_are_taken():
    many = json(200, {"data": ["x" * 9_999] + [f"question {at}" for at in range(10_000)]})
    async with connected(many) as (client, _):
        found = await client.suggested("m1")
    assert found == tuple(f"question {number}" for number in range(client_room.MOST_SUGGESTIONS))


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_json_that_is_nested_without_end_is_nonsense_and_no_crash(status):
    for body in (b"[" * 60_000, b'{"code": "x", "message": ' + b'{"message": ' * 3000):
        async with connected(response(status, body)) as (client, _):
            with pytest.raises(ServerBug):
                await client.info()


def dripping(reply: Reply, every_s: float = 0.02) -> Reply:
    """The same, a byte at a time."""
    arrivals = tuple((every_s * at, at, 1) for at in range(len(reply.raw)))
    return replace(reply, arrivals=arrivals, pace=1.0)


SLOW = (
    dripping(json(200, {"name": "x" * 1000, "text": "x"})),
    replace(
        dripping(json(200, {"text": "x" * 500})),
        arrivals=((0.0, 0, 75), *((0.02 * at, 75 + at, 1) for at in range(400))),
    ),
    Reply(
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000,
        arrivals=tuple((0.02 * at, 25 * at, 25) for at in range(1000)),
        pace=1.0,
        hold=True,
    ),
)


@pytest.mark.parametrize("reply", SLOW)
async def test_an_answer_that_drips_is_given_up_after_a_limit_for_all_of_it(reply):
    async with connected(reply) as (client, server):
        with pytest.raises(TimedOut):
            await client._transport.call(INFO, AppInfo, answer_s=0.1)
        await server.requests[0].gone.wait()


@pytest.mark.parametrize("reply", SLOW)
async def test_a_transcript_that_drips_is_given_up_too(reply):
    upload = Upload(b"RIFF", "a.wav", "audio/wav")
    async with connected(reply) as (client, server):
        with pytest.raises(TimedOut):
            await client._transport.upload(AUDIO_TO_TEXT, Transcript, upload, "u1", answer_s=0.1)
        await server.requests[0].gone.wait()


@pytest.mark.parametrize("reply", SLOW)
async def test_a_question_whose_answer_does_not_begin_but_drips_is_given_up(reply):
    async with connected(reply, silence_s=0.1) as (client, _):
        with pytest.raises((TimedOut, ServerBug)):
            async with client.chat(QUESTION):
                pass


async def test_a_recording_may_take_longer_to_make_than_the_answer_to_come():
    async def spoken():
        for _ in range(6):
            yield b"RIFF"
            await asyncio.sleep(0.1)

    upload = Upload(spoken(), "a.wav", "audio/wav")
    async with connected(json(200, {"text": "hello"})) as (client, _):
        found = await client._transport.upload(
            AUDIO_TO_TEXT, Transcript, upload, "u1", answer_s=0.25
        )
    assert found.text == "hello"


async def test_an_event_that_drips_is_no_sign_of_life():
    begun = sse(b'data: {"event": "message", "answer": "')
    size = len(begun.raw)
    arrivals = ((0.0, 0, size), *((0.01 * at, size + at, 1) for at in range(1000)))
    reply = replace(begun, raw=begun.raw + b"x" * 1000, arrivals=arrivals, pace=1.0)
    with pytest.raises(BrokenStream, match="said nothing"):
        await followed(reply, silence_s=0.05)


async def test_an_empty_success_is_no_answer():
    async with connected(response(200, b"")) as (client, _):
        with pytest.raises(ServerBug, match="makes no sense"):
            await client.parameters()
        with pytest.raises(ServerBug, match="makes no sense"):
            await client.audio_to_text(Upload(b"RIFF", "a.wav", "audio/wav"))


@pytest.mark.parametrize("text", [None, {}, {"text": None}, [], {"error": "x"}])
async def test_a_transcript_without_its_text_is_no_silence(text):
    async with connected(json(200, text)) as (client, _):
        with pytest.raises(ServerBug, match="makes no sense"):
            await client.audio_to_text(Upload(b"RIFF", "a.wav", "audio/wav"))
