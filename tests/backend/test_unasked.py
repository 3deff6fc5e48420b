"""Timers of the embedded backend are announced once, and kept until they were told."""

from __future__ import annotations

import asyncio
import contextlib

from fakes import until
from helpers.server.running import TOKEN, running

from voice_assistant.backend import unasked
from voice_assistant.backend.unasked import Unasked


class Served:
    """A server in this process instead of a child; `url` may be set anew."""

    token = TOKEN

    def __init__(self, url):
        self.url = url

    async def ready(self):
        pass


@contextlib.asynccontextmanager
async def listening(url):
    """The server at `url`, and the alerts that it passed on, each with its callback."""
    served = Served(url)
    heard = []
    listener = Unasked(served, lambda alert, told: heard.append((alert.text, told)), lambda _: None)
    task = asyncio.create_task(listener.run())
    try:
        yield served, heard
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_an_alert_stays_in_the_store_until_it_was_told(tmp_path):
    async with running(tmp_path) as server, listening(server.url) as (_, heard):
        timers = server.parts.timers
        timer = timers.add(0, "tea")
        await until(lambda: heard)
        ((text, told),) = heard
        assert text == "Your tea timer is done."
        assert timers.keep(timer)
        told()
        await until(lambda: not timers.keep(timer))


async def test_an_alert_that_comes_again_is_announced_once(tmp_path, monkeypatch):
    monkeypatch.setattr(unasked, "LISTEN_AGAIN_S", 0.0)
    async with running(tmp_path / "a") as server:
        timer = server.parts.timers.add(0, "tea")
        async with listening(server.url) as (served, heard):
            await until(lambda: heard)
            async with running(tmp_path / "b") as other:
                other.parts.timers._db.execute(
                    "INSERT INTO timers (id, name, due, duration_s, text) VALUES (?, '', 0, 0, '')",
                    (timer.id,),
                )
                served.url = other.url
                server.parts.closing.set()
                await until(lambda: other.parts.timers.listening)
                other.parts.timers.add(0, "rice")
                await until(lambda: len(heard) > 1)
                heard[0][1]()
                await until(lambda: not other.parts.timers.keep(timer))
    assert [text for text, _ in heard] == ["Your tea timer is done.", "Your rice timer is done."]
