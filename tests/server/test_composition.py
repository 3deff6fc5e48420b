"""The server with its real engines: speech in, speech out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil

import numpy as np
import pytest
from fakes import pieces, until, wav
from helpers.engines.speaking import needs_real_engines, voice_of
from helpers.server.running import TOKEN

from server.test_client import seconds
from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest, Upload
from voice_assistant.api.stream.events import TtsMessage
from voice_assistant.engines.models.catalogue import MOONSHINE
from voice_assistant.engines.models.folder import ModelFolder
from voice_assistant.errors import BackendError, NotConfigured
from voice_assistant.server.composition import Options, composed
from voice_assistant.server.http.serving import listen, serving, url_of
from voice_assistant.settings.sections.backend import EmbeddedSettings

pytestmark = needs_real_engines

ORIGINAL = dict(os.environ)


@contextlib.asynccontextmanager
async def connected(folder):
    with listen(0) as listener:
        async with (
            composed(Options(folder, EmbeddedSettings(engine="flite"))) as parts,
            serving(parts, TOKEN, listener),
            Client(url_of(listener), TOKEN, "me") as client,
        ):
            yield parts, client


async def spoken(text):
    """The text as a WAV file by flite, with a little silence around."""
    silence = np.zeros(4000, np.int16)
    blocks = [pcm async for pcm, rate_hz in voice_of("flite").speak(text) if rate_hz == 16_000]
    return wav(np.concatenate([silence, *blocks, silence]))


def upload(content):
    return Upload(content, "speech.wav", "audio/wav")


async def test_a_spoken_question_is_answered_aloud(tmp_path, caplog):
    async def scenario():
        async with connected(tmp_path) as (_, client):
            heard = await client.audio_to_text(upload(await spoken("what time is it")))
            question = heard.text
            async with client.chat(ChatRequest(question)) as stream:
                events = [event async for event in stream]
            audio = [event.audio for event in events if isinstance(event, TtsMessage)]
            return question, stream.text, audio, await client.suggested(stream.message_id)

    question, answer, audio, suggested = await scenario()
    assert question == "What time is it?"
    assert answer
    assert seconds(audio) > 0.5
    assert suggested
    assert not caplog.records


async def test_without_the_recognisers_model_everything_else_works(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICE_ASSISTANT_MODELS", str(tmp_path / "none"))
    async with connected(tmp_path) as (_, client):
        assert not (await client.parameters()).speech_to_text.enabled
        with pytest.raises(NotConfigured):
            await client.audio_to_text(upload(await spoken("what time is it")))
        async with client.chat(ChatRequest("what time is it")) as stream:
            assert [event async for event in stream]
        assert stream.text


async def test_a_model_that_was_changed_is_set_aside_and_told(tmp_path, monkeypatch):
    models = ModelFolder(tmp_path / "models")
    shutil.copytree(ModelFolder().place(MOONSHINE), models.place(MOONSHINE))
    weights = bytearray((models.place(MOONSHINE) / "encoder_model.ort").read_bytes())
    weights[5_000_000] ^= 1
    (models.place(MOONSHINE) / "encoder_model.ort").write_bytes(weights)
    monkeypatch.setenv("VOICE_ASSISTANT_MODELS", str(tmp_path / "models"))
    async with connected(tmp_path) as (_, client):
        file = await spoken("what time is it")
        with pytest.raises(BackendError):
            await client.audio_to_text(upload(file))
        assert not (await client.parameters()).speech_to_text.enabled
        assert (models.place(MOONSHINE) / "encoder_model.ort.unreadable").exists()
        shutil.copy(
            ModelFolder(environ=ORIGINAL).place(MOONSHINE) / "encoder_model.ort",
            models.place(MOONSHINE),
        )
        assert (await client.audio_to_text(upload(file))).text == "What time is it?"


async def test_a_client_that_disconnects_within_a_recording_leaves_the_recogniser_free(tmp_path):
    async def scenario():
        async with connected(tmp_path) as (_, client):
            file = await spoken("what time is it")
            sent = asyncio.Event()

            async def never_ending():
                for piece in pieces(file):
                    yield piece
                sent.set()
                await asyncio.Event().wait()

            hanging = asyncio.create_task(client.audio_to_text(upload(never_ending())))
            await sent.wait()
            hanging.cancel()
            await until(hanging.done)
            return (await client.audio_to_text(upload(file))).text

    assert await scenario() == "What time is it?"
