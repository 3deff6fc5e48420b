"""What the setup tries: a real server's answers, and a sentence spoken into the microphone."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from bench.sounds import flite, load
from fakes import FakeMicrophone
from helpers.replay import json, replay, trace

from voice_assistant.api.models import Transcript
from voice_assistant.errors import ConfigError, MicrophoneError, NothingHeard, Unauthorized
from voice_assistant.runtime.setup.trials import LONGEST_S, ask_server, listen
from voice_assistant.settings.sections.backend import BackendSettings

RATE_HZ = 16_000
QUIET = np.random.default_rng(1).integers(-12, 12, 4 * RATE_HZ).astype(np.int16)


@pytest.fixture(autouse=True)
def _home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("VOICE_ASSISTANT_API_KEY", raising=False)


async def test_a_server_that_takes_the_key_says_what_it_is(tmp_path):
    routes = {
        "GET /parameters": trace("1.14.0", "get-parameters"),
        "GET /info": trace("1.14.0", "get-info"),
    }
    async with replay(routes) as server:
        told = await ask_server(BackendSettings(), f"{server.url}/", "app-1", tmp_path / "none")
    assert "1.14.0" in told
    assert "hears" in told


async def test_a_server_that_refuses_the_key_and_no_address_are_errors(tmp_path):
    refused = json(401, {"code": "unauthorized", "message": "Access token is invalid"})
    async with replay({"GET /*": refused}) as server:
        with pytest.raises(Unauthorized):
            await ask_server(BackendSettings(), server.url, "app-1", tmp_path / "none")
    with pytest.raises(ConfigError):
        await ask_server(BackendSettings(), "dify.example", "app-1", tmp_path / "none")


async def heard(microphone):
    async def words_of(pcm):
        return Transcript(f"{len(pcm) / RATE_HZ:.0f} s")

    async with contextlib.aclosing(listen(microphone, words_of)) as news:
        return [one async for one in news]


async def test_a_sentence_ends_with_a_pause_and_its_words_come_last():
    speech = load(flite("what is the time"))
    news = await heard(FakeMicrophone(np.concatenate([QUIET[:RATE_HZ], speech, QUIET])))
    *levels, words = news
    assert max(levels) > -30 > min(levels)
    assert float(words.split()[0]) < 1 + len(speech) / RATE_HZ + 2 < LONGEST_S


async def test_nobody_and_a_muted_microphone_are_told():
    with pytest.raises(NothingHeard):
        await heard(FakeMicrophone(np.concatenate([QUIET, QUIET])))
    with pytest.raises(MicrophoneError, match="only silence"):
        await heard(FakeMicrophone(np.zeros(8 * RATE_HZ, np.int16)))
