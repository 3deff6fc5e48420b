"""Who is let in: the user's own browser, and nobody else."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse

from voice_assistant.companion.guard import ENTER, HEADERS, Guard

HOST = "http://127.0.0.1:8123"


@pytest.fixture
def guard():
    return Guard(PlainTextResponse("inside"), "the secret")


def client_of(guard):
    return httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url=HOST)


async def test_a_token_opens_the_page_once_and_a_cookie_keeps_it_open(guard):
    async with client_of(guard) as client:
        assert (await client.get("/")).status_code == 403
        way_in = f"{ENTER}?{guard.new_token()}"
        entered = await client.get(way_in)
        assert entered.status_code == 200
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await client.get("/")).text == "inside"
        assert (await client.post("/", headers={"Origin": HOST})).text == "inside"
    async with client_of(guard) as another:
        assert (await another.get(way_in)).status_code == 403
        assert (await another.get("/")).status_code == 403


async def test_a_token_is_of_no_use_to_another_account():
    guard = Guard(PlainTextResponse("inside"), "the secret", ours=lambda *_: False)
    async with client_of(guard) as client:
        assert (await client.get(f"{ENTER}?{guard.new_token()}")).status_code == 403
        assert not client.cookies


@pytest.mark.parametrize("token", ["", "wrong", "%ff", "a" * 5000])
async def test_a_wrong_token_opens_nothing(guard, token):
    guard.new_token()
    async with client_of(guard) as client:
        assert (await client.get(f"{ENTER}?{token}")).status_code == 403
        assert not client.cookies


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Host": "evil.example:8123"}),
        ("GET", {"Host": "localhost:8123"}),
        ("GET", {"Origin": "https://evil.example"}),
        ("POST", {"Origin": "https://evil.example"}),
        ("POST", {"Origin": "null"}),
        ("POST", {"Origin": "http://127.0.0.1:9999"}),
        ("POST", {}),
    ],
)
async def test_a_page_of_another_site_is_refused_even_with_the_cookie(guard, method, headers):
    async with client_of(guard) as client:
        client.cookies.set("voice_assistant_8123", "the secret")
        assert (await client.request(method, "/", headers=headers)).status_code == 403


async def test_every_answer_forbids_what_is_inline_or_remote(guard):
    async with client_of(guard) as client:
        for path in ("/", f"{ENTER}?{guard.new_token()}"):
            answer = await client.get(path)
            assert all(answer.headers[name] == value for name, value in HEADERS.items())
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
