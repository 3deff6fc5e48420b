from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until
from helpers.server.running import TOKEN, running

from voice_assistant.backend import link
from voice_assistant.settings.schema import BackendSettings, Settings


@pytest.mark.parametrize(
    ("kind", "url", "warned"),
    [
        ("dify", "http://dify.example/v1", True),
        ("dify", "http://192.168.1.7:5001/v1", True),
        ("dify", "https://dify.example/v1", False),
        ("dify", "http://127.0.0.1:5001/v1", False),
        ("dify", "http://localhost/v1", False),
        ("embedded", "http://dify.example/v1", False),
    ],
)
def test_a_key_that_travels_unprotected_is_told_with_a_way_out(kind, url, warned):
    said = []
    settings = Settings(backend=BackendSettings(kind=kind, url=url))
    link.warn_if_unprotected(settings, lambda title, hint: said.append((title, hint)))
    assert bool(said) is warned
    if warned:
        ((title, hint),) = said
        assert "unprotected" in title
        assert "https" in hint
        assert url in hint


class Served:
    """A server in this process instead of a child; `url` may be set anew."""

    token = TOKEN

    def __init__(self, url):
        self.url = url

    async def ready(self):
        pass


@contextlib.asynccontextmanager
async def listening(tmp_path, url):
    """A link to the server at `url`, and the alerts that it passed on, each with its callback."""
    settings = Settings(backend=BackendSettings(kind="embedded"))
    embedded = link.link_for(settings, tmp_path)
    embedded._server = Served(url)
    heard = []
    task = asyncio.create_task(embedded.listen(lambda text, told: heard.append((text, told))))
    try:
        yield embedded, heard
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_an_alert_stays_in_the_store_until_it_was_told(tmp_path):
    async with running(tmp_path) as server, listening(tmp_path, server.url) as (_, heard):
        timers = server.parts.timers
        timer = timers.add(0, "tea")
        await until(lambda: heard)
        ((text, told),) = heard
        assert text == "Your tea timer is done."
        assert timers.keep(timer)
        told()
        await until(lambda: not timers.keep(timer))


async def test_an_alert_that_comes_again_is_announced_once(tmp_path, monkeypatch):
    monkeypatch.setattr(link, "LISTEN_AGAIN_S", 0.0)
    async with running(tmp_path / "a") as server:
        timer = server.parts.timers.add(0, "tea")
        async with listening(tmp_path, server.url) as (embedded, heard):
            await until(lambda: heard)
            async with running(tmp_path / "b") as other:
                other.parts.timers._db.execute(
                    "INSERT INTO timers (id, name, due, duration_s, text) VALUES (?, '', 0, 0, '')",
                    (timer.id,),
                )
                embedded._server.url = other.url
                server.parts.closing.set()
                await until(lambda: other.parts.timers.listening)
                other.parts.timers.add(0, "rice")
                await until(lambda: len(heard) > 1)
                heard[0][1]()
                await until(lambda: not other.parts.timers.keep(timer))
    assert [text for text, _ in heard] == ["Your tea timer is done.", "Your rice timer is done."]
