"""The client around its endpoints: addresses, keys, what is tried again, speech."""

from __future__ import annotations

import asyncio
import logging
import shutil
import ssl
import subprocess
from contextlib import aclosing
from dataclasses import replace

import pytest
from helpers.replay import Reply, json, replay, response, sse, trace

from voice_assistant.api.client import Client
from voice_assistant.api.endpoints import INFO
from voice_assistant.api.models import AppInfo, ChatRequest, SpeechRequest, Upload
from voice_assistant.errors import (
    BackendError,
    ConfigError,
    InputError,
    MissingEndpoint,
    NotFound,
    RateLimited,
    ServerBug,
    TimedOut,
    Unreachable,
)

BREAK = Reply(b"", close=True)
KEY = "app-SECRET-KEY"


async def call(routes, ask):
    """What it gives or raises, and what arrived."""

    async def go():
        async with (
            asyncio.timeout(20),
            replay(routes) as server,
            Client(server.url, KEY, "u1") as client,
        ):
            try:
                return await ask(client), server.requests
            except (BackendError, InputError) as error:
                return error, server.requests

    return await go()


async def test_a_request_that_only_reads_is_sent_again_once():
    info, requests = await call({"GET /info": [BREAK, json(200, {"name": "app"})]}, Client.info)
    assert info.name == "app"
    assert len(requests) == 2


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_gateway_in_trouble_is_asked_again_once(status):
    routes = {"GET /info": [response(status, b"<html>"), json(200, {"name": "app"})]}
    info, requests = await call(routes, Client.info)
    assert info.name == "app"
    assert len(requests) == 2


@pytest.mark.parametrize("reply", [BREAK, response(503, b"")])
async def test_a_get_that_fails_twice_is_not_sent_a_third_time(reply):
    error, requests = await call(reply, Client.info)
    assert isinstance(error, Unreachable | ServerBug)
    assert len(requests) == 2


async def test_a_server_that_takes_too_long_is_not_asked_again():
    error, requests = await call(
        Reply(b"", hold=True),
        lambda client: client._transport.call(INFO, AppInfo, answer_s=0.5),
    )
    assert isinstance(error, TimedOut)
    assert len(requests) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
async def test_a_refusal_is_an_answer(status):
    error, requests = await call(json(status, {"code": "x"}), Client.info)
    assert error.status == status
    assert len(requests) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.stop("t1"),
        lambda client: client.feedback("m1", "like"),
        lambda client: client.chat_blocking(ChatRequest("hi")),
        lambda client: client.conversations.delete("c1"),
        lambda client: client.conversations.rename("c1", "x"),
        lambda client: client.annotations.create("Q", "A"),
        lambda client: client.annotations.update("a1", "Q", "A"),
    ],
)
async def test_a_request_that_changes_something_is_sent_once(ask):
    error, requests = await call(BREAK, ask)
    assert isinstance(error, Unreachable)
    assert len(requests) == 1


async def test_too_many_requests_say_how_long_to_wait():
    error, _ = await call(json(429, {"code": "too_many_requests"}, Retry_After="3"), Client.info)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 3.0


@pytest.mark.parametrize("body", [b"", b"{}", b'{"result": "success"}'])
async def test_deleting_may_answer_with_or_without_a_body(body):
    nothing, _ = await call(response(200, body), lambda client: client.conversations.delete("c1"))
    assert nothing is None
    nothing, _ = await call(response(204), lambda client: client.conversations.delete("c1"))
    assert nothing is None


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"name": 5}', b"\xff\xfe", b"[" * 99_999])
async def test_nonsense_is_the_servers_bug(body):
    error, _ = await call(response(200, body), Client.info)
    assert type(error) is ServerBug


async def chat(client):
    async with client.chat(ChatRequest("hi")) as stream:
        return [event async for event in stream]


@pytest.mark.parametrize(
    "ask",
    [
        Client.parameters,
        chat,
        lambda client: client.conversations.delete("c1"),
        lambda client: spoken(client, SpeechRequest("Hello.")),
    ],
)
async def test_a_refusal_with_the_status_of_a_success_is_no_success(ask):
    error, _ = await call(json(200, {"code": "x", "message": "the app is gone"}), ask)
    assert error.title == "The server refused the request: the app is gone"


@pytest.mark.parametrize("ask", [Client.info, Client.parameters])
@pytest.mark.parametrize("status", [200, 204])
async def test_nothing_at_all_is_no_app_without_abilities(ask, status):
    error, _ = await call(response(status), ask)
    assert type(error) is ServerBug


async def test_a_web_page_means_a_wrong_address():
    error, _ = await call(
        response(200, b"<!doctype html>", "text/html; charset=utf-8"), Client.info
    )
    assert type(error) is ServerBug
    assert "/v1" in error.hint


async def test_a_redirect_is_told_and_not_followed():
    reply = response(308, b"", "text/html", Location="https://dify.example/v1/info")
    error, requests = await call(reply, Client.info)
    assert "https://dify.example/v1/info" in error.title
    assert len(requests) == 1


async def test_an_older_server_is_named_where_it_lacks_something():
    error, _ = await call(trace("0.15.3", "get-site"), Client.site)
    assert isinstance(error, MissingEndpoint)
    assert error.title == "This server (0.15.3) has no site settings"


async def test_the_server_says_its_version():
    reply = trace("1.14.0", "get-info")
    async with replay(reply) as server, Client(server.url, KEY, "u1") as client:
        assert client.server_version == ""
        await client.info()
        assert client.server_version == "1.14.0"


@pytest.mark.parametrize("tail", ["/v1", "/v1/", " /v1 \n"])
async def test_a_slash_or_blank_around_the_address_does_no_harm(tail):
    async with replay(json(200, {"name": "app"})) as server:
        url = server.url.removesuffix("/v1") + tail.lstrip()
        async with Client(f" {url}", KEY, "u1") as client:
            assert (await client.info()).name == "app"
    assert server.requests[0].target == "/v1/info"


@pytest.mark.parametrize(
    "url",
    ["", "dify.example/v1", "ftp://dify.example", "http://", "http://dify:x/v1", "http://xn--a/v1"],
)
def test_a_malformed_address_is_a_setting_to_correct(url):
    with pytest.raises(ConfigError):
        Client(url, KEY, "u1")


@pytest.mark.parametrize("key", ["", "  ", "app-\nX: y", "app ä", "app-\x00", "two words"])
def test_a_malformed_key_is_refused_without_being_shown(key):
    with pytest.raises(ConfigError) as caught:
        Client("http://127.0.0.1:9/v1", key, "u1")
    assert not key.strip() or key not in f"{caught.value!r} {caught.value.hint}"


async def test_the_key_is_in_no_log_and_no_repr(caplog):
    caplog.set_level(logging.DEBUG)

    async def go():
        routes = {
            "POST /chat-messages": sse({"event": "message_end"}, {"event": "workflow_finished"}),
            "POST /audio-to-text": [BREAK, json(200, {"text": "x"})],
            "GET /parameters": json(200, {}),
            "GET /info": json(401, {"code": "unauthorized"}),
        }
        async with replay(routes) as server, Client(server.url, f" {KEY}\n", "u1") as client:
            async with client.chat(ChatRequest("secret words")) as stream:
                assert len([event async for event in stream]) == 2
            await client.audio_to_text(Upload(b"RIFF", "a.wav", "audio/wav"))
            with pytest.raises(BackendError) as caught:
                await client.info()
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
            return repr([client, client.__dict__, client._transport.__dict__, caught.value])

    seen = await go()
    assert caplog.text
    assert KEY not in caplog.text + seen
    assert "secret words" not in caplog.text


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://dify.example/v1", True),
        ("http://192.168.1.5/v1", True),
        ("https://dify.example/v1", False),
        ("http://localhost:5001/v1", False),
        ("http://127.0.0.2/v1", False),
        ("http://[::1]/v1", False),
    ],
)
async def test_a_key_that_travels_unprotected_is_warned_of_once(url, warned, caplog):
    async def go():
        async with Client(url, KEY, "u1"):
            pass

    await go()
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == warned


async def test_a_proxy_of_the_environment_is_used(monkeypatch):
    async with replay(json(200, {"name": "app"})) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url.removesuffix("/v1"))
        async with Client("http://dify.invalid/v1", KEY, "u1") as client:
            assert (await client.info()).name == "app"
        assert server.requests[0].target == "http://dify.invalid/v1/info"


async def test_a_server_on_this_machine_is_asked_without_the_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    info, _ = await call(json(200, {"name": "app"}), Client.info)
    assert info.name == "app"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
async def test_a_certificate_authority_of_ones_own_is_trusted(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    async with replay(json(200, {"name": "app"}), tls=context) as server:
        async with Client(server.url, KEY, "u1") as client:
            with pytest.raises(Unreachable, match="not trusted"):
                await client.info()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with Client(server.url, KEY, "u1") as client:
            assert (await client.info()).name == "app"


async def test_nobody_there_is_unreachable():
    async def go():
        async with Client("http://127.0.0.1:9/v1", KEY, "u1") as client:
            await client.info()

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        await go()


async def spoken(client, request=SpeechRequest("Hello.")):  # noqa: B008 - it is frozen
    async with aclosing(client.text_to_audio(request)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def test_speech_for_an_unknown_answer_is_not_found():
    error, _ = await call(response(200, b"null"), spoken)
    assert isinstance(error, NotFound)


async def test_speech_without_a_byte_is_the_servers_bug():
    error, _ = await call(response(200, b"", "audio/mpeg"), spoken)
    assert type(error) is ServerBug


@pytest.mark.parametrize("media", ["Audio/Wav", "application/octet-stream", "video/mp4", ""])
async def test_the_bytes_tell_what_sound_is_whatever_it_is_called(media):
    sound, _ = await call(response(200, b"RIFF", media), spoken)
    assert sound == b"RIFF"


async def test_speech_that_is_a_web_page_is_no_sound():
    error, _ = await call(response(200, b"<html>", "text/html"), spoken)
    assert type(error) is ServerBug
    assert "/v1" in error.hint


async def test_a_provider_that_fails_is_the_servers_bug():
    error, requests = await call(response(500, b"Internal Server Error", "text/plain"), spoken)
    assert type(error) is ServerBug
    assert len(requests) == 1


async def test_speech_that_breaks_off_raises_after_what_came():
    raw = trace("1.14.0", "tts-text").raw
    error, _ = await call(Reply(raw[:5000], close=True), spoken)
    assert isinstance(error, Unreachable)


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_nothing_to_speak_is_not_asked_for(text):
    error, requests = await call(json(200, {}), lambda client: spoken(client, SpeechRequest(text)))
    assert isinstance(error, InputError)
    assert requests == []


async def test_a_reader_that_stops_frees_the_connection():
    reply = replace(trace("1.14.0", "tts-text"), hold=True)
    reply = replace(reply, raw=reply.raw[:5000])
    async with (
        asyncio.timeout(10),
        replay(reply) as server,
        Client(server.url, KEY, "u1") as client,
    ):
        async with aclosing(client.text_to_audio(SpeechRequest("Hello."))) as chunks:
            assert (await anext(chunks)).startswith(b"ID3")
        await server.requests[0].gone.wait()
