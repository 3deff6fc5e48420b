"""What the embedded backend tells unasked: timers, until they were told; words, while spoken."""

from __future__ import annotations

import asyncio
import contextlib

import numpy as np
import pytest
from fakes import until, wav
from helpers.server.running import TOKEN, ScriptedRecognizer, running

from voice_assistant.api.client import Client
from voice_assistant.api.models import Transcript, Upload
from voice_assistant.backend import unasked
from voice_assistant.backend.link import link_for
from voice_assistant.backend.unasked import Unasked
from voice_assistant.errors import Unreachable
from voice_assistant.server.heard import Certainty
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.backend import BackendSettings
from voice_assistant.settings.user_name import user_name


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


async def test_what_comes_again_is_announced_each_time(tmp_path):
    now = [1_800_000_000.0]
    async with (
        running(tmp_path, clock=lambda: now[0]) as server,
        listening(server.url) as (_, heard),
    ):
        timers = server.parts.timers
        timers.add(60, "tea", "Tea!", "FREQ=MINUTELY")
        for count in (1, 2):
            now[0] = timers.list()[0].due
            await until(lambda: len(heard) == count)  # noqa: B023  (at once)
            heard[-1][1]()
            await until(lambda: timers.next_due_s() == 60)
        assert [text for text, _ in heard] == ["Tea!", "Tea!"]


async def test_a_backend_that_does_not_hear_that_an_alert_was_told_is_told_so_again(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(unasked, "LISTEN_AGAIN_S", 0.01)
    caplog.set_level("INFO", logger=unasked.__name__)
    async with running(tmp_path) as server, listening(server.url) as (served, heard):
        timers = server.parts.timers
        timer = timers.add(0, "tea")
        await until(lambda: heard)
        served.url = "http://127.0.0.1:9"
        heard[0][1]()
        await until(lambda: "did not hear of it" in caplog.text)
        assert timers.keep(timer)
        served.url = server.url
        await until(lambda: not timers.keep(timer))
        assert len(heard) == 1


async def test_the_words_of_a_recording_come_while_it_is_spoken(tmp_path):
    recognizer, over = ScriptedRecognizer(), asyncio.Event()
    file = wav(np.zeros(16_000, np.int16))

    async def live():
        for at in range(0, len(file), 2000):
            yield file[at : at + 2000]
        await over.wait()

    settings = Settings(backend=BackendSettings(kind="embedded"))
    async with running(tmp_path, recognizer=recognizer) as server:
        embedded = link_for(settings, Served(server.url))
        async with Client(server.url, TOKEN, user_name(settings.backend)) as client:
            upload = Upload(live(), "a.wav", "audio/wav")
            uploading = asyncio.create_task(client.audio_to_text(upload))
            async with contextlib.aclosing(embedded.words_so_far()) as words:
                assert (await anext(words)).endswith("samples so far")
            over.set()
            assert (await uploading).text == "16000 samples"


async def test_the_backend_knows_how_surely_words_were_heard_here(tmp_path):
    settings = Settings(backend=BackendSettings(kind="embedded"))
    async with running(tmp_path) as server:
        embedded = link_for(settings, Served(server.url))
        found = Transcript(text="Click the fine.", sure=False, perhaps="Flip a coin.")
        await embedded.tell_heard(found)
        heard = server.parts.heard
        assert heard.certainty("click the fine.") is Certainty.UNSURE
        assert heard.perhaps("click the fine.") == "Flip a coin."
    with pytest.raises(Unreachable):
        await embedded.tell_heard(found)


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
