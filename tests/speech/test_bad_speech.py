"""Whatever comes instead of speech: spoken as far as possible, made good, or said plainly."""

from __future__ import annotations

import asyncio
import base64
import tracemalloc

import numpy as np
import pytest
from fakes import FakeBackend, FakeSpeaker, pieces, speak_wav, until, utter, wav
from helpers.replay import json, replay, response, sse
from helpers.turns.staging import staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.api.http.transport import PROVIDER_S
from voice_assistant.commands import Ask
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput

FIRST, SECOND = "One is the first.", "Two is the second."
ANSWER = f"{FIRST} {SECOND}"
IDS = {"task_id": "t", "message_id": "m", "conversation_id": "c"}
ABILITIES = {
    "text_to_speech": {"enabled": True, "autoPlay": "enabled"},
    "suggested_questions_after_answer": {"enabled": False},
}
TEXT = {"event": "message", "answer": ANSWER, **IDS}
END = {"event": "message_end", **IDS}
ERROR = {"event": "error", "status": 400, "code": "completion_request_error", "message": "x", **IDS}
AUDIO_END = {"event": "tts_message_end", "audio": "", **IDS}


def audio(value) -> dict:
    return {"event": "tts_message", "audio": value, **IDS}


SPOKEN = [audio(base64.b64encode(piece).decode()) for piece in pieces(wav(utter(ANSWER)), 4095)]


async def asked(*stream, speaks=True):
    """What became of an answer: the events, what was heard, and what was asked for."""

    def speak(request):
        wanted.append(request.json()["text"])
        if speaks:
            return response(200, wav(utter(wanted[-1])), "audio/wav")
        return json(500, {"code": "internal_server_error", "message": "no", "status": 500})

    async def play():
        routes = {
            "GET /parameters": json(200, ABILITIES),
            "POST /chat-messages": sse(*stream),
            "POST /text-to-audio": speak,
        }
        speaker = FakeSpeaker()
        async with (
            replay(routes) as server,
            Client(server.url, "key", "user") as client,
            staged(backend=client, speaker=speaker) as stage,
        ):
            stage.post(Ask(text="what"))
            await stage.turn_over()
        told = {type(event): event for event in stage.events}
        return told, speaker.heard_words, wanted

    wanted: list[str] = []
    return await play()


NOTHING = {
    "empty": audio(""),
    "null": audio(None),
    "missing": {"event": "tts_message", **IDS},
    "no base64": audio("%%% this is none %%%"),
    "half base64": audio("SUQz="),
    "no sound": audio(base64.b64encode(b"<html>Bad gateway</html>" * 200).decode()),
    "a number": audio(7),
}


@pytest.mark.parametrize("kind", NOTHING)
@pytest.mark.parametrize("before", [True, False])
async def test_bytes_that_are_no_audio_cost_no_word(kind, before):
    stream = [TEXT, NOTHING[kind], END] if before else [TEXT, END, NOTHING[kind], AUDIO_END]
    told, heard, wanted = await asked(*stream)
    assert heard == FIRST + SECOND
    assert wanted == [FIRST, SECOND]
    assert told[events.Spoken].complete
    assert events.Failed not in told


@pytest.mark.parametrize("kind", ["no base64", "half base64", "a number"])
@pytest.mark.parametrize("at", [1, len(SPOKEN) // 2, len(SPOKEN) - 1])
async def test_a_hole_in_the_streams_audio_is_no_end_of_its_words(kind, at):
    stream = [*SPOKEN[:at], NOTHING[kind], *SPOKEN[at + 1 :]]
    told, heard, wanted = await asked(TEXT, *stream, END, AUDIO_END)
    assert heard.endswith(FIRST + SECOND)
    assert wanted == [FIRST, SECOND]
    assert told[events.Spoken].complete


def in_lines(data: bytes) -> str:
    return base64.encodebytes(data).decode()


def as_an_address(data: bytes) -> str:
    return f"data:audio/wav;base64,{base64.b64encode(data).decode()}"


def without_padding(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def for_addresses(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


@pytest.mark.parametrize("form", [in_lines, as_an_address, without_padding, for_addresses])
async def test_audio_in_any_form_of_base64_is_heard(form):
    whole = [audio(form(piece)) for piece in pieces(wav(utter(ANSWER)), 4096)]
    told, heard, wanted = await asked(TEXT, *whole, END, AUDIO_END)
    assert (heard, wanted) == (ANSWER, [])
    assert told[events.Spoken].complete


@pytest.mark.parametrize("kind", ["empty", "null", "missing"])
async def test_bytes_that_are_no_audio_harm_no_audio_around_them(kind):
    half = len(SPOKEN) // 2
    told, heard, wanted = await asked(
        TEXT, *SPOKEN[:half], NOTHING[kind], *SPOKEN[half:], END, AUDIO_END
    )
    assert heard == ANSWER
    assert wanted == []
    assert told[events.Spoken].complete


async def test_audio_of_another_message_is_not_heard():
    other = [{**piece, "message_id": "another"} for piece in SPOKEN[:5]]
    told, heard, wanted = await asked(TEXT, *other, *SPOKEN, END, AUDIO_END)
    assert (heard, wanted) == (ANSWER, [])
    assert told[events.Spoken].complete


async def test_audio_after_the_end_of_the_text_is_heard():
    told, heard, wanted = await asked(TEXT, END, *SPOKEN, AUDIO_END)
    assert (heard, wanted) == (ANSWER, [])
    assert told[events.Spoken].complete


async def test_an_answer_that_fails_is_spoken_as_far_as_it_came():
    told, heard, _ = await asked(TEXT, ERROR, *SPOKEN, AUDIO_END)
    assert heard in {ANSWER, FIRST + SECOND}
    assert told[events.Failed]
    assert not told[events.Answered].complete


async def test_a_server_that_cannot_speak_is_said_plainly():
    told, heard, _ = await asked(TEXT, END, speaks=False)
    assert heard == ""
    assert not told[events.Spoken].complete
    assert told[events.Spoken].problem


async def test_nine_seconds_of_silence_from_the_provider_are_waited_for():
    assert PROVIDER_S > 9
    goes_on = asyncio.Event()

    async def speech(request):
        sent = 0
        async for piece in speak_wav(request):
            if sent == 2:
                await goes_on.wait()
            sent += 1
            yield piece

    speaker = FakeSpeaker()
    source = SpeechSource(FakeBackend(speech=speech), auto_play=False)
    speaking = Speaking(source, SpeechOutput(speaker))
    speaking.text(ANSWER)
    speaking.ended("m")
    task = asyncio.create_task(speaking.run())
    await until(lambda: speaker.words)
    assert FIRST.startswith(speaker.words)
    goes_on.set()
    assert (await task).complete
    assert speaker.heard_words == FIRST + SECOND


class Void:
    """A speaker and a playback that remember nothing, and hear all at once."""

    played_s = 0.0
    silenced = False

    def play(self, *, prompt=False):
        return self

    async def write(self, pcm, rate_hz):
        self.played_s += len(pcm) / rate_hz
        await asyncio.sleep(0)

    async def flush(self):
        pass

    async def finish(self):
        return self.played_s

    def abort(self):
        return self.played_s


async def test_half_an_hour_of_speech_at_once_takes_no_more_memory_than_some_minutes():
    speaking = Speaking(SpeechSource(FakeBackend(), auto_play=True), SpeechOutput(Void()))
    header, rate_hz = wav(np.zeros(0, np.int16), 24_000), 24_000
    story = "A very long story. It is told without a stop. "
    speaking.text(story)
    task = asyncio.create_task(speaking.run())
    speaking.audio(header[:40] + b"\xff\xff\xff\xff")
    second = (np.random.default_rng(1).standard_normal(rate_hz) * 3000).astype("<i2").tobytes()
    tracemalloc.start()
    for number in range(30 * 60):
        speaking.audio(second)
        if number % 60 == 0:
            await asyncio.sleep(0)
    speaking.text(story * 100)
    speaking.ended("m")
    summary = await task
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert summary.complete
    assert summary.stream_s == pytest.approx(30 * 60, abs=0.1)
    assert summary.seconds >= summary.stream_s
    assert peak_bytes < 45_000_000  # of 86 MB
