"""The embedded backend is a part of this program: no failure of it tells an address or a port."""

from __future__ import annotations

import asyncio
import re

import pytest
from helpers.replay import Reply, json, replay, response, sse
from helpers.turns import fake_time

from voice_assistant.api.alerts import acknowledge, alerts
from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest, SpeechRequest, Upload
from voice_assistant.errors import BackendError, Unreachable

STARTED = {"event": "message", "answer": "Well, ", "task_id": "t1", "message_id": "m1"}
TECHNICAL = re.compile(
    r"127\.0\.0\.1|localhost|\d{2,}|address|proxy|backend\.|network|\bthe server"
)


async def upload(client):
    return await client.audio_to_text(Upload(b"RIFF", "a.wav", "audio/wav"))


async def answer(client):
    async with client.chat(ChatRequest("hi"), sure=True) as stream:
        return [event async for event in stream]


async def speech(client):
    return [piece async for piece in client.text_to_audio(SpeechRequest(text="Hello."))]


async def suggestions(client):
    return await client.suggested("m1")


async def abilities(client):
    return await client.parameters()


PHASES = (upload, answer, speech, suggestions, abilities)
FAULTS = {
    "frozen": Reply(b"", hold=True),
    "died": Reply(b"", early=True, close=True),
    "died in its head": Reply(b"HTTP/1.1 200 OK\r\nContent-Le", close=True),
    "no HTTP": Reply(b"SSH-2.0-OpenSSH_9.6\r\n", close=True),
    "compressed in no known way": response(200, b"\x00nonsense", Content_Encoding="gzip"),
    "another program's page": response(200, b"<html>Hi</html>", "text/html"),
    "another program's refusal": response(404, b"<html>Hi</html>", "text/html"),
    "another program's key": json(401, {"code": "unauthorized", "message": "no"}),
    "a bug": json(500, {"code": "unknown", "message": "Internal Server Error"}),
    "a bug without a body": response(502),
}


def told(error: BackendError) -> str:
    return f"{error.title}. {error.hint}"


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_own_server_that_fails_is_told_as_a_part_of_this_program(fault, phase):
    async def story() -> None:
        async with (
            replay(FAULTS[fault]) as server,
            Client(server.url, "key-KEY", "u1", silence_s=1.0, own=True) as client,
        ):
            with pytest.raises(BackendError) as caught:
                await phase(client)
        assert "program" in caught.value.title
        assert "this machine" in caught.value.title
        assert not TECHNICAL.search(told(caught.value))

    fake_time.tell(story())


@pytest.mark.parametrize("hold", [True, False])
def test_the_own_server_that_leaves_in_the_middle_of_an_answer_is_told_alike(hold):
    async def story() -> None:
        async with (
            replay(sse(STARTED, hold=hold)) as server,
            Client(server.url, "key-KEY", "u1", silence_s=1.0, own=True) as client,
        ):
            with pytest.raises(BackendError) as caught:
                await answer(client)
        assert "no longer responds" in caught.value.title
        assert not TECHNICAL.search(told(caught.value))

    fake_time.tell(story())


@pytest.mark.parametrize("phase", PHASES)
async def test_the_own_server_that_has_ended_is_told_by_no_port(phase):
    async with replay(json(200, {})) as server:
        url = server.url
    async with asyncio.timeout(20), Client(url, "key-KEY", "u1", own=True) as client:
        with pytest.raises(Unreachable, match="no longer responds") as caught:
            await phase(client)
    assert not TECHNICAL.search(told(caught.value))
    for unasked in (acknowledge(url, "key-KEY", "1"), anext(alerts(url, "key-KEY"))):
        with pytest.raises(Unreachable, match="no longer responds"):
            await unasked


async def test_a_server_of_others_is_told_by_its_address():
    async with replay(json(200, {})) as server:
        url = server.url
    async with Client(url, "key-KEY", "u1") as client:
        with pytest.raises(Unreachable, match=r"No connection to 127\.0\.0\.1:\d+"):
            await client.parameters()


async def test_what_the_own_server_does_not_have_is_no_failure():
    async with (
        replay(response(404, b"Not Found", "text/plain")) as server,
        Client(server.url, "key-KEY", "u1", own=True) as client,
    ):
        with pytest.raises(BackendError) as missing:
            await client.runs.list()
    assert missing.value.title == "This server has no lists of runs"
