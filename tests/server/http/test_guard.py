from __future__ import annotations

import asyncio
import socket

import httpx
import pytest
from helpers.server.running import ME, TOKEN, refusals, running

from voice_assistant import __version__
from voice_assistant.errors import ConfigError
from voice_assistant.server.http.serving import listen

BEARER = {"Authorization": f"Bearer {TOKEN}"}


async def ask_with(tmp_path, all_headers, path="/info"):
    async def scenario():
        async with running(tmp_path) as server, httpx.AsyncClient(trust_env=False) as stranger:
            return [await stranger.get(server.url + path, headers=one) for one in all_headers]

    return await scenario()


async def test_a_request_with_the_token_is_answered_with_the_version(tmp_path):
    (response,) = await ask_with(tmp_path, [BEARER])
    assert response.status_code == 200
    assert response.headers["X-Version"] == f"embedded-{__version__}"


async def test_a_request_without_the_token_is_unauthorized(tmp_path):
    missing = "Authorization header must be provided and start with 'Bearer'"
    strangers = [
        ({}, missing),
        ({"Authorization": TOKEN}, missing),
        ({"Authorization": "Bearer"}, missing),
        ({"Authorization": f"Basic {TOKEN}"}, missing),
        ({"Authorization": "Bearer wrong"}, "Access token is invalid"),
        ({"Authorization": "Bearer clé".encode()}, "Access token is invalid"),
    ]
    responses = await ask_with(tmp_path, [headers for headers, _ in strangers])
    for response, (_, message) in zip(responses, strangers, strict=True):
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'
        assert response.headers["X-Version"]
        assert response.json() == {"code": "unauthorized", "message": message, "status": 401}


async def test_a_web_page_stays_outside_even_with_the_token(tmp_path):
    pages = [
        {"Origin": "http://127.0.0.1"},
        {"Origin": "null"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
    ]
    for response in await ask_with(tmp_path, [{**BEARER, **page} for page in pages]):
        assert response.status_code == 403
        assert response.json()["code"] == "forbidden"


async def test_localhost_is_a_name_of_this_machine(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            host = server.url.replace("http://127.0.0.1", "localhost").removesuffix("/v1")
            return await server.client.get("/info", headers={"Host": host})

    assert (await scenario()).status_code == 200


async def test_a_stranger_is_refused_before_the_body_is_read(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            port = int(server.url.rpartition(":")[2].removesuffix("/v1"))
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                b"POST /v1/audio-to-text HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n"
                b"Content-Length: 31000000\r\n\r\n" % port
            )
            status = await reader.readline()
            writer.close()
            await writer.wait_closed()
            return status

    assert await scenario() == b"HTTP/1.1 401 Unauthorized\r\n"


def test_the_server_is_not_reachable_from_outside():
    with listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert listener.proto == socket.IPPROTO_TCP


def test_a_taken_port_is_said():
    with listen(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port} is taken"):
            listen(port)


async def test_an_unknown_path_is_an_html_page_as_on_real_servers(tmp_path):
    (response,) = await ask_with(tmp_path, [BEARER], "/nope")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


async def test_a_wrong_method_is_said(tmp_path):
    (response,) = await ask_with(tmp_path, [BEARER], "/chat-messages")
    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"


async def test_a_body_that_is_no_json_object_is_refused(tmp_path):
    json, form = "application/json", "application/x-www-form-urlencoded"
    bodies = [
        (b"query=x", form, (415, "unsupported_media_type")),
        (b"{", json, (400, "bad_request")),
        (b"", json, (400, "bad_request")),
        (b"[]", json, (400, "invalid_param")),
        (b'"\xff"', json, (400, "bad_request")),
        (b" " * 1_100_000, json, (413, "request_entity_too_large")),
    ]
    requests = [
        ("POST", "/chat-messages", {"content": content, "headers": {"Content-Type": mime}})
        for content, mime, _ in bodies
    ]
    assert await refusals(tmp_path, requests) == [expected for *_, expected in bodies]


async def test_a_bug_is_answered_in_json_and_the_server_goes_on(tmp_path, caplog):
    async def scenario():
        async with running(tmp_path) as server:
            server.parts.skills.error = RuntimeError("a bug")
            failed = await server.client.post("/chat-messages", json={"query": "x", **ME})
            server.parts.skills.error = None
            fine = await server.client.post("/chat-messages", json={"query": "x", **ME})
            return failed, fine

    failed, fine = await scenario()
    assert failed.status_code == 500
    assert failed.json()["code"] == "internal_server_error"
    assert fine.status_code == 200
    assert "a bug" in caplog.text
