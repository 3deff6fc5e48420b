from __future__ import annotations

import asyncio
import io
import shutil

import numpy as np
import pytest
import soundfile
from fakes import pieces, until, wav
from helpers.server.running import ME, EchoSkills, ScriptedRecognizer, ToneVoice, refusals, running

from voice_assistant.audio.codec.encoder import Mp3Encoder
from voice_assistant.engines.voices.program import VoiceFailed

SECOND = (np.sin(np.arange(16_000) / 20) * 9000).astype(np.int16)


def mp3(pcm, rate_hz=16_000):
    encoder = Mp3Encoder(rate_hz)
    return encoder.feed(pcm) + encoder.finish()


def encoded(pcm, kind, rate_hz=16_000):
    file = io.BytesIO()
    soundfile.write(file, pcm, rate_hz, format=kind)
    return file.getvalue()


async def hear(tmp_path, content, mime, recognizer=None):
    recognizer = recognizer or ScriptedRecognizer()

    async def scenario():
        async with running(tmp_path, recognizer=recognizer) as server:
            files = {"file": ("speech", content, mime)}
            return await server.client.post("/audio-to-text", files=files, data=ME)

    return await scenario()


def heard_s(response):
    count, word, *_ = response.json()["text"].split()
    assert word == "samples"
    return int(count) / 16_000


@pytest.mark.parametrize("mime", ["audio/wav", "audio/x-wav", "audio/mp3; rate=1"])
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
async def test_a_wav_file_is_heard_whole(tmp_path, mime, rate_hz):
    response = await hear(tmp_path, wav(SECOND, rate_hz), mime)
    assert response.status_code == 200
    assert heard_s(response) == pytest.approx(16_000 / rate_hz, abs=0.01)


async def test_an_mp3_file_is_heard_whole(tmp_path):
    response = await hear(tmp_path, mp3(SECOND), "audio/mp3")
    assert heard_s(response) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(("kind", "mime"), [("FLAC", "audio/flac"), ("OGG", "audio/ogg")])
async def test_other_formats_are_heard_when_they_are_whole(tmp_path, kind, mime):
    response = await hear(tmp_path, encoded(SECOND, kind), mime)
    assert heard_s(response) == pytest.approx(1, abs=0.01)


async def test_the_user_need_not_be_named(tmp_path):
    async def scenario():
        async with running(tmp_path, recognizer=ScriptedRecognizer()) as server:
            files = {"file": ("speech.wav", wav(SECOND), "audio/wav")}
            return await server.client.post("/audio-to-text", files=files)

    assert (await scenario()).status_code == 200


@pytest.mark.parametrize("make", [wav, mp3])
async def test_a_recording_is_heard_while_it_still_arrives(tmp_path, make):
    recognizer = ScriptedRecognizer()
    file = make(np.tile(SECOND, 4))
    head = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
        b"Content-Type: audio/wav\r\n\r\n"
    )

    async def body():
        yield head
        for piece in pieces(file[: len(file) // 2], 700):
            yield piece
        async with asyncio.timeout(20):
            await recognizer.fed.wait()
        yield file[len(file) // 2 :]
        yield b"\r\n--x--\r\n"

    async def scenario():
        async with running(tmp_path, recognizer=recognizer) as server:
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            return await server.client.post("/audio-to-text", content=body(), headers=headers)

    assert heard_s(await scenario()) == pytest.approx(4, abs=0.15)


async def test_audio_that_cannot_be_heard_is_refused(tmp_path):
    unheard, untyped = (400, "completion_request_error"), (415, "unsupported_audio_type")
    uploads = [
        ("file", b"", "audio/wav", unheard),
        ("file", b"garbage" * 1000, "audio/wav", unheard),
        ("file", b"<html>" * 1000, "audio/mp3", unheard),
        ("file", b"RIFF" + bytes(9000), "audio/wav", unheard),
        ("file", wav(SECOND[:0]), "audio/wav", unheard),
        ("file", wav(SECOND), "text/plain", untyped),
        ("file", wav(SECOND), "application/octet-stream", untyped),
        ("file", wav(SECOND), "video/webm", untyped),
        ("speech", wav(SECOND), "audio/wav", (400, "no_audio_uploaded")),
        ("file", bytes(31 << 20), "audio/wav", (413, "audio_too_large")),
    ]
    requests = [
        ("POST", "/audio-to-text", {"files": {field: ("a", content, mime)}, "data": ME})
        for field, content, mime, _ in uploads
    ]
    found = await refusals(tmp_path, requests, recognizer=ScriptedRecognizer())
    assert found == [expected for *_, expected in uploads]


async def test_speech_to_text_is_refused_where_it_is_not_offered(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            files = {"file": ("speech.wav", wav(SECOND), "audio/wav")}
            return await server.client.post("/audio-to-text", files=files, data=ME)

    response = await scenario()
    assert (response.status_code, response.json()["code"]) == (400, "invalid_param")


async def test_a_recogniser_that_fails_is_an_error_and_the_next_request_works(tmp_path):
    recognizer = ScriptedRecognizer()
    recognizer.failures = 1

    async def scenario():
        async with running(tmp_path, recognizer=recognizer) as server:
            files = {"file": ("speech.wav", wav(SECOND), "audio/wav")}
            first = await server.client.post("/audio-to-text", files=files, data=ME)
            return first, await server.client.post("/audio-to-text", files=files, data=ME)

    first, second = await scenario()
    assert (first.status_code, first.json()["code"]) == (500, "completion_request_error")
    assert second.json()["text"] == "16000 samples"


async def test_words_that_nobody_waits_for_are_not_looked_for_any_longer(tmp_path):
    class Endless(ScriptedRecognizer):
        def __init__(self):
            super().__init__()
            self.finishing, self.given_up = asyncio.Event(), asyncio.Event()

        async def finish(self):
            self.finishing.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up.set()

    recognizer = Endless()
    async with running(tmp_path, recognizer=recognizer) as server:
        files = {"file": ("speech.wav", wav(SECOND), "audio/wav")}
        hearing = asyncio.create_task(
            server.client.post("/audio-to-text", files=files, data=ME, timeout=60)
        )
        await recognizer.finishing.wait()
        assert not recognizer.given_up.is_set()
        hearing.cancel()
        await until(recognizer.given_up.is_set)
        assert (await server.client.get("/info")).status_code == 200


async def speak(tmp_path, voice, voice_named="", **fields):
    if voice_named:
        fields["voice"] = voice_named

    async def scenario():
        async with running(tmp_path, skills=EchoSkills("An answer."), voice=voice) as server:
            if fields.get("message_id") == "the answer's":
                fields["message_id"] = (await server.chat("x"))[0]["message_id"]
                voice.said.clear()
            return await server.client.post("/text-to-audio", json={**ME, **fields})

    return await scenario()


@pytest.mark.skipif(not shutil.which("flite"), reason="needs flite")
async def test_a_text_is_spoken_by_a_voice_of_this_machine_that_is_named(tmp_path):
    voice = ToneVoice()
    response = await speak(tmp_path, voice, text="One.", voice_named="slt")
    assert (response.status_code, voice.said) == (200, [])
    assert len(response.content) > 1000
    refused = await speak(tmp_path, voice, text="One.", voice_named="nobody")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_param")


async def test_a_text_is_spoken_as_one_mp3_file(tmp_path):
    voice = ToneVoice()
    response = await speak(tmp_path, voice, text="**One.** Two. ``` ```")
    assert response.status_code == 200
    assert response.headers["content-type"] == "audio/mpeg"
    assert voice.said[:2] == ["One.", "Two."]
    samples, rate_hz = soundfile.read(io.BytesIO(response.content))
    assert len(samples) / rate_hz >= 0.7


async def test_an_answer_is_spoken_by_its_id(tmp_path):
    voice = ToneVoice()
    response = await speak(tmp_path, voice, text="ignored", message_id="the answer's")
    assert response.status_code == 200
    assert voice.said == ["An answer."]


async def test_text_that_cannot_be_spoken_is_refused(tmp_path):
    wrongs = [
        ({}, (400, "invalid_param")),
        ({"text": ""}, (400, "invalid_param")),
        ({"text": "x", "user": ""}, (400, "invalid_param")),
        ({"message_id": "abc"}, (404, "not_found")),
    ]
    requests = [("POST", "/text-to-audio", {"json": {**ME, **fields}}) for fields, _ in wrongs]
    found = await refusals(tmp_path, requests, voice=ToneVoice())
    assert found == [expected for _, expected in wrongs]


async def test_a_text_without_words_is_no_sound(tmp_path):
    response = await speak(tmp_path, ToneVoice(), text=" 🎉 ")
    assert (response.status_code, response.content) == (200, b"")


async def test_text_to_speech_is_refused_where_there_is_no_voice(tmp_path):
    response = await speak(tmp_path, None, text="hi")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_param")


async def test_a_voice_that_fails_is_an_error_in_json(tmp_path):
    voice = ToneVoice()
    voice.broken = VoiceFailed("no voice today")
    response = await speak(tmp_path, voice, text="hi")
    assert (response.status_code, response.json()["code"]) == (500, "completion_request_error")


async def test_a_voice_may_change_its_rate_within_an_answer(tmp_path):
    class TwoRates(ToneVoice):
        async def speak(self, text):
            rate_hz = 22_050 if text == "Two." else 16_000
            yield np.resize(SECOND, rate_hz), rate_hz

    response = await speak(tmp_path, TwoRates(), text="One. Two. Three.")
    samples, rate_hz = soundfile.read(io.BytesIO(response.content))
    assert rate_hz == 16_000
    assert len(samples) / rate_hz == pytest.approx(3 * 1.12, abs=0.15)


async def test_a_client_that_goes_away_silences_the_voice(tmp_path):
    voice = ToneVoice()
    voice.go.clear()
    async with running(tmp_path, voice=voice) as server:
        spoken = {"text": "One. Two. Three.", **ME}
        async with server.client.stream("POST", "/text-to-audio", json=spoken) as response:
            await anext(response.aiter_bytes())
        await until(voice.ended.is_set)
        assert voice.said == ["One."]


async def test_a_file_of_one_sample_a_second_is_no_recording(tmp_path):
    odd = bytearray(wav(SECOND, 16_000))
    odd[24:28] = (1).to_bytes(4, "little")
    response = await hear(tmp_path, bytes(odd), "audio/wav")
    assert response.status_code == 400


async def test_an_hour_of_silence_in_few_bytes_is_refused_and_others_are_served_meanwhile(tmp_path):
    bomb = encoded(np.zeros(4_000 * 3600, np.int16), "FLAC", 4_000)
    assert len(bomb) < 200_000
    async with running(tmp_path, recognizer=ScriptedRecognizer()) as server:
        files = {"file": ("speech", bomb, "audio/flac")}
        heard = asyncio.create_task(server.client.post("/audio-to-text", files=files, data=ME))
        answered = 0
        while not heard.done():
            assert (await server.client.get("/info")).status_code == 200
            answered += 1
        response = heard.result()
    assert (response.status_code, response.json()["code"]) == (413, "audio_too_large")
    assert answered > 1
