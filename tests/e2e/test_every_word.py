"""Every word of every recorded answer is heard once, at the speaker of a real sound server.

Each exchange that was recorded with a real server of either version is replayed, at the pace it
came, to an assistant with a speaker of its own; all of them speak at the same time.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import NamedTuple

import numpy as np
import pytest
import soundfile
import soxr
from bench.sounds import RATE_HZ, coded, places
from fakes import until, wav
from helpers.replay import RECORDED, VERSIONS, json, names, replay, response, trace
from helpers.sound.sound import sound_desktop
from helpers.speech.exchanges import FOLDER, SAID
from helpers.turns.staging import staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest
from voice_assistant.api.stream.events import (
    TtsMessage,
)
from voice_assistant.commands import Ask
from voice_assistant.errors import BackendError
from voice_assistant.settings.sections.speech import SpeakerSettings
from voice_assistant.sound.speaker import Speaker
from voice_assistant.text.speakable import speakable

SLOW = "stall-ping"  # is silent for 25 s, as the client's own tests know
UNKNOWN = "chat-two-answers-slow-node"  # nobody has written down what its audio says
PARAMETERS = {"1.14.2": "get-parameters-chatflow-annotation-on"}


def answers() -> list[tuple[str, str]]:
    """The exchanges that are streams of an answer."""
    return [
        (version, name)
        for version in RECORDED
        for name in names(version)
        if name != UNKNOWN
        if re.search(rb'"event": ?"(agent_)?message"', trace(version, name).raw)
        and b"text/event-stream" in trace(version, name).raw
    ]


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


class Told(NamedTuple):
    """How one exchange went."""

    name: str
    answer: str
    spoken: events.Spoken
    asked: list[str]  # sentences that were asked for
    stream: bytes  # the stream's own audio
    heard: np.ndarray


async def exchange(desktop, version, name, *, fails=False, room="") -> Told:
    def speak(request):
        if fails:
            return json(500, {"code": "internal_server_error", "message": "no", "status": 500})
        asked.append(request.json()["text"])
        return response(200, wav(coded(asked[-1])), "audio/wav")

    asked: list[str] = []
    sink = re.sub(r"\W", "_", f"{version}_{name}{room}")
    module = await asyncio.to_thread(
        *(desktop.sound.pactl, "load-module", "module-null-sink", "norewinds=1"),
        *(f"sink_name={sink}", f"sink_properties=device.description={sink}", "rate=48000"),
    )
    assert module
    routes = {
        "GET /parameters": trace(version, PARAMETERS.get(version, "get-parameters")),
        "POST /chat-messages": trace(version, name, pace=0.1 if SLOW in name else 1.0),
        "POST /text-to-audio": speak,
    }
    async with replay(routes) as server, Client(server.url, "key", "user", silence_s=4) as client:
        with desktop.listen(f"{sink}.monitor") as capture:
            async with staged(
                backend=client, speaker=Speaker(SpeakerSettings(device=sink))
            ) as stage:
                stage.post(Ask(text="what"))
                await until(lambda: stage.kinds()[-1:] == ["idle"], seconds=80)
                await asyncio.sleep(0.5)  # the monitor is a little late
        (spoken,) = (event for event in stage.events if isinstance(event, events.Spoken))
        (answered,) = (event for event in stage.events if isinstance(event, events.Answered))
    return Told(sink, answered.text, spoken, asked, await audio_of(version, name), capture.pcm)


async def audio_of(version, name) -> bytes:
    audio = b""
    async with replay(trace(version, name)) as server, Client(server.url, "key", "user") as client:
        with contextlib.suppress(BackendError, TimeoutError):
            async with asyncio.timeout(2), client.chat(ChatRequest(query="what")) as stream:
                async for event in stream:
                    if isinstance(event, TtsMessage):
                        audio += event.audio
    return audio


def stream_files(told):
    """Texts and sounds of the whole files in the stream."""
    for name, text in SAID.items():
        data = (FOLDER / name).read_bytes()
        if data in told.stream:
            pcm, rate_hz = soundfile.read(FOLDER / name, dtype="int16")
            yield text, soxr.resample(pcm, rate_hz, RATE_HZ)


@pytest.fixture(scope="module")
def desktop():
    with sound_desktop() as desktop:
        yield desktop


@pytest.fixture(scope="module")
async def all_told(anyio_backend, desktop):
    return await asyncio.gather(*(exchange(desktop, *one) for one in answers()))


def test_there_are_answers_of_all_versions():
    assert {version for version, _ in answers()} == set(RECORDED)
    assert len(answers()) > 20


def test_each_answer_is_spoken_completely(all_told):
    assert [told.name for told in all_told if not told.spoken.complete] == []
    assert [told.name for told in all_told if told.spoken.problem] == []


def test_the_words_are_those_of_the_answer_and_at_most_one_sentence_comes_twice(all_told):
    for told in all_told:
        answer = letters(speakable(told.answer))
        streamed = "".join(letters(text) for text, _ in stream_files(told))
        if told.spoken.stream_s == 0:
            streamed = ""
        asked = letters("".join(told.asked))
        assert answer.startswith(streamed), told.name
        assert answer.endswith(asked), told.name
        twice = len(streamed) + len(asked) - len(answer)
        assert 0 <= twice <= len(letters(told.asked[0] if told.asked else "")), told.name


def not_heard_once(told) -> list[str]:
    """Return the sentences that the speaker did not play, or played twice."""
    sounds = [(text, coded(text)) for text in told.asked]
    if told.spoken.stream_s:
        sounds += stream_files(told)
    assert sounds or not letters(told.answer), told.name
    said = [text for text, _ in sounds]
    return [text for text, sound in sounds if places(told.heard, sound) != said.count(text)]


async def test_every_sentence_is_heard_at_the_speaker_once(desktop, all_told):
    stumbled = [one for one, told in zip(answers(), all_told, strict=True) if not_heard_once(told)]
    # A busy machine's sound server stumbles over so many answers at once: those are told alone.
    for version, name in stumbled:
        told = await exchange(desktop, version, name, room="_alone")
        assert not_heard_once(told) == [], told.name


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_server_that_does_not_speak_is_told_plainly(desktop, version):
    told = await exchange(desktop, version, "chat-stream-noautoplay", fails=True)
    assert not told.spoken.complete
    assert told.spoken.problem
    assert not np.any(np.abs(told.heard) > 100)
