"""Words while one speaks: what is sent when, and what is done when that fails."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import FakeBackend, FakeMicrophone, until, utter
from helpers.replay import Reply, replay, trace
from helpers.replay import json as reply
from helpers.turns.staging import ANSWER, SILENT, DeafEars, staged

from voice_assistant.api.client import Client
from voice_assistant.api.models import Transcript
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.commands import Press, Release, Stop
from voice_assistant.errors import RateLimited, ServerBug, Unauthorized, Unreachable
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.hearing.transcription import Transcription

SAID = utter("what is it?")


class Listener(FakeBackend):
    """A backend whose every upload can be watched while it arrives.

    Args:
        failures: what the uploads raise, each at its first byte; those after it succeed.
    """

    def __init__(self, *failures: Exception) -> None:
        super().__init__(script=ANSWER, can=SILENT)
        self.failures = list(failures)
        self.arrived: list[bytearray] = []
        self.live: list[bool] = []
        self.given_up = 0

    async def audio_to_text(self, upload):
        content = upload.content
        self.arrived.append(bytearray())
        self.live.append(not isinstance(content, bytes))
        if isinstance(content, bytes):
            self.arrived[-1] += content
        else:
            try:
                async for piece in content:
                    self.arrived[-1] += piece
                    if self.failures:
                        raise self.failures.pop(0)
            except asyncio.CancelledError:
                self.given_up += 1
                raise
        if self.failures:
            raise self.failures.pop(0)
        return Transcript(text="a question")


async def test_speech_is_on_the_server_before_the_release():
    backend = Listener()
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        await until(lambda: len(backend.arrived[0]) >= SAID.nbytes)
        assert stage.kinds() == ["listening"]
        stage.post(Release())
        await stage.turn_over()
        assert stage.questions() == ["a question"]
        assert stage.recordings() == []
    assert backend.live == [True]
    np.testing.assert_array_equal(read_speech(bytes(backend.arrived[0])), SAID)


@pytest.mark.parametrize(
    "failure", [Unreachable("no network"), ServerBug("bad gateway"), RateLimited("too many")]
)
async def test_an_upload_that_fails_while_one_speaks_is_sent_whole_at_the_end(failure):
    backend = Listener(failure)
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        await until(lambda: not backend.failures)
        await stage.settle()
        assert stage.kinds() == ["listening"], "one speaks on, nothing is said about it"
        stage.post(Release())
        await stage.turn_over()
        assert stage.questions() == ["a question"]
        assert stage.recordings() == []
    assert backend.live == [True, False]
    np.testing.assert_array_equal(read_speech(bytes(backend.arrived[1])), SAID)


async def test_a_refusal_is_told_while_one_still_speaks_and_the_recording_is_kept():
    backend = Listener(Unauthorized("The key is wrong"))
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        stage.post(Press())
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["unauthorized"]
    assert backend.live == [True]


async def test_when_no_upload_succeeds_the_recording_is_kept_whole():
    backend = Listener(Unreachable("no network"), Unreachable("still no network"))
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        await until(lambda: len(backend.failures) == 1)
        stage.post(Release())
        await stage.turn_over()
        assert [failed.title for failed in stage.failures()] == ["still no network"]
        (kept,) = stage.recordings()
        np.testing.assert_array_equal(read_speech(kept), SAID)


async def test_after_a_sleep_nobody_waits_for_an_upload_that_began_before():
    slept_s = 0.0
    backend = Listener()
    async with staged(backend=backend) as stage:
        with stage.parts.recordings.new() as recording:
            async with Transcription(
                stage.parts.recognisers, recording, lambda: None, asleep_s=lambda: slept_s
            ) as transcription:
                recording.write(SAID[:1600])
                await until(lambda: backend.arrived and len(backend.arrived[0]) > 1600)
                slept_s = 3600.0
                recording.write(SAID[1600:])
                recording.finish()
                assert (await transcription.words(1.0)).text == "a question"
    assert (backend.live, backend.given_up) == ([True, False], 1)
    np.testing.assert_array_equal(read_speech(bytes(backend.arrived[1])), SAID)


@pytest.mark.parametrize("end", [Stop(), Release()])
async def test_an_upload_of_what_is_not_to_be_asked_is_given_up(end):
    """Stopped, or too short for any word."""
    backend = Listener()
    short = FakeMicrophone(SAID[:1600])
    async with staged(backend=backend, microphone=short, ears=DeafEars) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        await until(lambda: backend.arrived and len(backend.arrived[0]) > 3000)
        stage.post(end)
        await stage.turn_over()
        assert stage.questions() == []
        await until(lambda: backend.given_up == 1)


async def grown(recordings: Recordings) -> bytes:
    """The bytes of a recording that is uploaded while it grows, whole ones for comparison."""

    async def play() -> bytes:
        with recordings.new() as recording:
            live = recording.upload().content
            sent = []

            async def send() -> None:
                sent.extend([piece async for piece in live])

            sending = asyncio.create_task(send())
            for block in np.split(SAID, range(320, len(SAID), 320)):
                recording.write(block)
                await asyncio.sleep(0)
            recording.finish()
            recording.finish()
            await sending
            assert recording.upload().content == b"".join(sent)
            return b"".join(sent)

    return await play()


@pytest.mark.parametrize("upload_format", ["mp3", "wav"])
async def test_a_growing_upload_has_the_bytes_of_a_complete_one(tmp_path, upload_format):
    sent = await grown(Recordings(Archive(tmp_path), upload_format))
    assert abs(len(read_speech(sent)) - len(SAID)) < 1600 + 1152


async def talk(routes):
    """A spoken turn against a scripted server; what was told, and what the server got."""

    async def play():
        async with (
            replay(routes) as server,
            Client(server.url, "app-KEY", "u1") as client,
            staged(backend=client, microphone=FakeMicrophone(SAID)) as stage,
        ):
            stage.post(Press())
            await until(stage.heard_all)
            await until(lambda: uploads(server.requests))
            stage.post(Release())
            await stage.turn_over()
            return stage.questions(), server.requests

    return await play()


def uploads(requests):
    return [request for request in requests if request.path == "/audio-to-text"]


@pytest.mark.parametrize("first", [Reply(b"", early=True), reply(411, {}), reply(502, {})])
async def test_a_server_that_takes_no_live_upload_gets_it_with_its_length(first):
    routes = {
        "POST /audio-to-text": [first, reply(200, {"text": "what is it?"})],
        "GET /parameters": trace("1.14.0", "get-parameters"),
        "POST /chat-messages": reply(500, {}),
    }
    questions, requests = await talk(routes)
    assert questions == ["what is it?"]
    live, whole = uploads(requests)
    assert "content-length" not in live.headers
    assert int(whole.headers["content-length"]) > SAID.nbytes
