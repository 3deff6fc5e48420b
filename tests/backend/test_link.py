from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

import keyring
import pytest
from fakes import until
from helpers.replay import json, replay
from helpers.settings.keyrings import SilentKeyring

from voice_assistant.backend import link
from voice_assistant.errors import ConfigError, Unauthorized
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.secret import Secret
from voice_assistant.settings.sections.backend import BackendSettings
from voice_assistant.settings.system_keyring import keep_api_key


@pytest.mark.parametrize(
    ("kind", "url", "warned"),
    [
        ("dify", "http://dify.example/v1", True),
        ("dify", "http://192.168.1.7:5001/v1", True),
        ("dify", "https://dify.example/v1", False),
        ("dify", "http://127.0.0.1:5001/v1", False),
        ("dify", "http://localhost/v1", False),
        ("embedded", "", False),
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


@pytest.mark.parametrize("key", [{}, {"api_key": "app-x"}])
def test_an_address_that_nobody_asks_is_told_with_a_way_out(key):
    said = []
    backend = BackendSettings(url="https://me:HUSH@dify.example/v1", **key)
    link.warn_if_unprotected(Settings(backend=backend), lambda *warning: said.append(warning))
    ((title, hint),) = said
    assert "dify.example" in title
    assert 'backend.kind to "dify"' in hint
    assert "HUSH" not in title + hint


REFUSED = json(401, {"code": "unauthorized", "message": "Access token is invalid", "status": 401})


def guarded(key):
    """Answers who has the key."""
    return {
        "GET /parameters": lambda request: (
            json(200, {}) if request.headers["authorization"] == f"Bearer {key}" else REFUSED
        )
    }


@pytest.fixture
def environment(tmp_path, monkeypatch):
    monkeypatch.delenv("VOICE_ASSISTANT_API_KEY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


class Vault:
    def __init__(self, folder):
        self._file = folder / "vault"
        self._count = folder / "count"
        self._count.touch()
        self.command = f"sh -c 'echo >> {self._count}; cat {self._file}'"

    def keep(self, key):
        self._file.write_text(key)

    @property
    def reads(self):
        return len(self._count.read_text())


def dify(url, **backend):
    return link.link_for(Settings(backend=BackendSettings(kind="dify", url=url, **backend)))


@contextlib.asynccontextmanager
async def changed_key(environment):
    """The vault that has the old key, and the link to a server that takes the new key alone."""
    vault = Vault(environment)
    vault.keep("app-old")
    async with (
        replay(guarded("app-new")) as server,
        dify(server.url, api_key_command=vault.command) as way,
    ):
        yield vault, way


async def test_a_key_that_was_changed_is_found_within_the_question(environment):
    async with changed_key(environment) as (vault, way):
        client = await way.connect()
        vault.keep("app-new")
        await client.parameters()
        assert await way.connect() is client
    assert vault.reads == 2


async def test_a_key_that_stays_wrong_is_complained_about_and_not_read_all_the_time(environment):
    async with changed_key(environment) as (vault, way):
        for _ in range(5):
            with pytest.raises(Unauthorized):
                await (await way.connect()).parameters()
    assert vault.reads == 2


async def test_a_refused_key_that_cannot_be_read_again_is_reported_as_refused(environment):
    async with changed_key(environment) as (vault, way):
        client = await way.connect()
        vault.keep("no key at all")
        with pytest.raises(Unauthorized):
            await client.parameters()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_refused_key_is_read_again_for_the_next_question_on_the_same_connections(
    environment,
):
    async with changed_key(environment) as (vault, way):
        descriptors = set()
        for _ in range(6):
            with pytest.raises(Unauthorized):
                await (await way.connect()).parameters()
            way.forget()
            descriptors.add(sum(1 for _ in Path("/proc/self/fd").iterdir()))
        assert len(descriptors) == 1
        vault.keep("app-new")
        await (await way.connect()).parameters()


@pytest.fixture
def silent(environment):
    previous = keyring.get_keyring()
    keyring.set_keyring(silent := SilentKeyring())
    keep_api_key("https://dify.example/v1", Secret("app-kept"))
    yield silent
    silent.answered.set()
    keyring.set_keyring(previous)


async def test_a_keyring_that_does_not_answer_holds_up_neither_a_stop_nor_other_work(silent):
    async with dify("https://dify.example/v1") as way:
        for _ in range(10):
            connecting = asyncio.create_task(way.connect())
            await until(lambda: silent.asked)
            connecting.cancel()
            with pytest.raises(asyncio.CancelledError):
                async with asyncio.timeout(5):
                    await connecting
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(lambda: "room for others")
        assert silent.asked == 1
        silent.answered.set()
        assert await way.connect() is await way.connect()


async def test_questions_that_come_together_make_one_connection(silent):
    async with dify("https://dify.example/v1") as way:
        connecting = [asyncio.create_task(way.connect()) for _ in range(4)]
        await until(lambda: silent.asked)
        silent.answered.set()
        assert len(set(await asyncio.gather(*connecting))) == 1
    assert silent.asked == 1


async def test_a_password_in_the_address_is_no_part_of_the_name(environment):
    assert dify("https://me:HUSH@dify.example/v1").name == "https://***@dify.example/v1"


async def test_a_malformed_key_is_reported_before_anything_is_sent(environment):
    vault = Vault(environment)
    vault.keep("two words")
    async with (
        replay(guarded("app-new")) as server,
        dify(server.url, api_key_command=vault.command) as way,
    ):
        with pytest.raises(ConfigError, match=r"backend\.api_key_command"):
            await way.connect()
        assert not server.requests
