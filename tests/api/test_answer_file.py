"""Files that answers bring are fetched from where the server says, and from nowhere else."""

from __future__ import annotations

import pytest
from helpers.replay import replay, response

from voice_assistant.api import answer_file
from voice_assistant.api.answer_file import fetch
from voice_assistant.errors import NotFound, Rejected, ServerBug

PICTURE = b"\x89PNG" + bytes(1000)


@pytest.fixture
def place(tmp_path):
    return lambda wish: tmp_path / wish


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/files/tools/cat.png?sign=x%3D", "cat.png"),
        ("/files/1f/file-preview?sign=x", "file-preview.png"),
    ],
)
async def test_a_file_is_fetched_without_the_key_and_has_its_name(place, path, name):
    asked = []

    def serve(request):
        asked.append(request)
        return response(200, PICTURE, "image/png")

    async with replay({"GET /files/*": serve, "GET /files/*/*": serve}) as server:
        for address in (server.url + path, path.removeprefix("/v1")):
            got = await fetch(address, server.url, place)
            assert (got.name, got.read_bytes()) == (name, PICTURE)
            assert got.stat().st_mode & 0o777 == 0o600
    assert all("authorization" not in request.headers for request in asked)
    assert asked[0].query


@pytest.mark.parametrize(
    "address",
    [
        "http://192.168.1.1/reset",
        "http://127.0.0.2/x.png",
        "file:///etc/passwd",
        "ftp://dify.example/x.png",
        "//192.168.1.1/x.png",
        "http://[",
    ],
)
async def test_other_machines_are_not_asked_at_the_wish_of_an_answer(place, tmp_path, address):
    with pytest.raises(Rejected):
        await fetch(address, "http://127.0.0.1:9/v1", place)
    assert not list(tmp_path.iterdir())


async def test_nor_where_the_apps_own_server_leads_there(place):
    to = response(302, b"", "text/plain", Location="http://192.168.1.1/x.png")
    async with replay({"GET /files/x.png": to}) as server:
        with pytest.raises(Rejected):
            await fetch(server.url + "/files/x.png", server.url, place)


async def test_a_file_that_is_gone_or_too_large_leaves_nothing(place, tmp_path, monkeypatch):
    monkeypatch.setattr(answer_file, "MOST_BYTES", 100)
    routes = {
        "GET /gone.png": response(403, b"expired", "text/plain"),
        "GET /large.png": response(200, PICTURE, "image/png"),
    }
    async with replay(routes) as server:
        with pytest.raises(NotFound):
            await fetch(server.url + "/gone.png", server.url, place)
        with pytest.raises(ServerBug, match="larger than"):
            await fetch(server.url + "/large.png", server.url, place)
    assert not list(tmp_path.iterdir())
