"""A key that the server refuses is read anew once, and the request sent again with the new one."""

from __future__ import annotations

import asyncio

import pytest
from helpers.replay import json, replay, response, trace

from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest, SpeechRequest, Upload
from voice_assistant.errors import Unauthorized

REFUSED = json(401, {"code": "unauthorized", "message": "Access token is invalid", "status": 401})
OLD, NEW = "app-old", "app-new"


class Keys:
    """Where keys are kept: hands them out one after the other, and counts."""

    def __init__(self, *keys):
        self._keys = iter(keys)
        self.asked = 0

    async def __call__(self):
        self.asked += 1
        await asyncio.sleep(0)
        return next(self._keys)


def only(key, reply):
    return lambda request: reply if request.headers["authorization"] == f"Bearer {key}" else REFUSED


async def live():
    yield b"one"
    yield b"two"


async def chat(client):
    async with client.chat(ChatRequest(query="hi")) as stream:
        return [event async for event in stream]


async def speech(client):
    return [piece async for piece in client.text_to_audio(SpeechRequest(text="hi"))]


ASK = {
    "GET /parameters": (Client.parameters, trace("1.14.0", "get-parameters")),
    "POST /chat-messages": (chat, trace("1.14.0", "chat-stream-full")),
    "POST /text-to-audio": (speech, response(200, b"mp3", "audio/mpeg")),
    "POST /audio-to-text live": (
        lambda client: client.audio_to_text(Upload(live(), "a.mp3", "audio/mp3")),
        json(200, {"text": "hello"}),
    ),
    "POST /audio-to-text whole": (
        lambda client: client.audio_to_text(Upload(b"onetwo", "a.mp3", "audio/mp3")),
        json(200, {"text": "hello"}),
    ),
}


@pytest.mark.parametrize("route", ASK)
async def test_a_key_that_was_changed_is_found_before_anybody_complains(route):
    ask, reply = ASK[route]
    keys = Keys(NEW)
    async with (
        replay({" ".join(route.split()[:2]): only(NEW, reply)}) as server,
        Client(server.url, OLD, "me", renew_key=keys) as client,
    ):
        assert await ask(client)
        assert await ask(client)
    assert keys.asked == 1
    used = [request.headers["authorization"] for request in server.requests]
    assert used == [f"Bearer {OLD}", f"Bearer {NEW}", f"Bearer {NEW}"]
    bodies = {request.body.count(b"onetwo") for request in server.requests}
    assert bodies in ({0}, {1})  # what is sent again is sent whole


@pytest.mark.parametrize("route", ASK)
@pytest.mark.parametrize("read", [OLD, None])
async def test_a_key_that_is_still_the_same_is_complained_about_after_one_request(route, read):
    ask, reply = ASK[route]
    keys = Keys(read)
    async with (
        replay({" ".join(route.split()[:2]): only(NEW, reply)}) as server,
        Client(server.url, OLD, "me", renew_key=keys) as client,
    ):
        with pytest.raises(Unauthorized):
            await ask(client)
    assert (keys.asked, len(server.requests)) == (1, 1)


@pytest.mark.parametrize("route", ASK)
async def test_a_new_key_that_is_refused_too_is_complained_about(route):
    ask, reply = ASK[route]
    keys = Keys("app-other", "app-other")
    async with (
        replay({" ".join(route.split()[:2]): only(NEW, reply)}) as server,
        Client(server.url, OLD, "me", renew_key=keys) as client,
    ):
        with pytest.raises(Unauthorized):
            await ask(client)
    assert len(server.requests) == 2


async def test_requests_that_are_refused_together_need_one_new_key():
    keys = Keys(NEW)
    async with (
        replay({"GET /parameters": only(NEW, json(200, {}))}) as server,
        Client(server.url, OLD, "me", renew_key=keys) as client,
    ):
        await asyncio.gather(*(client.parameters() for _ in range(5)))
    assert keys.asked == 1


async def test_a_client_that_cannot_renew_its_key_complains():
    async with replay({"GET /parameters": REFUSED}) as server:
        async with Client(server.url, OLD, "me") as client:
            with pytest.raises(Unauthorized):
                await client.parameters()
        assert len(server.requests) == 1


async def test_another_key_is_used_from_the_next_request_on():
    async with (
        replay({"GET /parameters": only(NEW, json(200, {}))}),
        replay({"GET /parameters": only(NEW, json(200, {}))}) as server,
        Client(server.url, OLD, "me") as client,
    ):
        client.use_key(NEW)
        await client.parameters()
        assert NEW not in repr(client._transport.authorization)
