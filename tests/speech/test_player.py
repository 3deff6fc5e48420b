"""Steering what is said, through the assistant as its user has it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from fakes import FakeSpeaker, until
from helpers.turns.staging import ANSWER, IDS, server, staged

from voice_assistant import events
from voice_assistant.api.stream.events import (
    Message,
)
from voice_assistant.commands import (
    Ask,
    Back,
    Pause,
    Press,
    Release,
    Repeat,
    Resume,
    Skip,
    Speed,
    Stop,
    Volume,
)
from voice_assistant.errors import NotConfigured

LONG = "This is a sentence that takes its time."


async def no_speech(_request):
    raise NotConfigured("Speech is switched off")
    yield b""


def last_spoken(stage):
    return [event for event in stage.events if isinstance(event, events.Spoken)][-1]


async def begin(stage):
    stage.post(Ask(text="a long story"))
    await until(lambda: "speaking" in stage.kinds())


@asynccontextmanager
async def saying(*, ahead_s=2.0):
    """An answer of two sentences whose speech has begun, at a speaker that is held."""
    speaker = FakeSpeaker(held=True, ahead_s=ahead_s)
    async with staged(backend=server(script=ANSWER), speaker=speaker) as stage:
        await begin(stage)
        yield stage, speaker


async def test_the_last_answer_is_said_again_without_another_request():
    backend = server(script=ANSWER)
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        asked = list(backend.spoken)
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 2)
        stage.post(Back())
        await until(lambda: stage.count("idle") == 3)
        heard = [playback.heard_words for playback in stage.speaker.playbacks]
        assert heard[:2] == ["One.Two."] * 2
        assert "One.Two.".endswith(heard[2])
        assert backend.spoken == asked == ["One.", "Two."]
        assert len(backend.asked) == 1
        assert stage.kinds()[-3:] == ["speaking", "spoken", "idle"]
        assert last_spoken(stage).complete


async def test_repeat_before_any_answer_says_that_there_is_none():
    async with staged() as stage:
        stage.post(Repeat())
        await stage.turn_over()
        assert [failure.title for failure in stage.failures()] == ["There is no answer to repeat"]


async def test_an_answer_without_a_sound_does_not_take_the_last_ones_place():
    never = asyncio.Event()
    backend = server(scripts=[ANSWER, [Message(answer="", **IDS), never]])
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        stage.post(Ask(text="and then"))
        await until(lambda: stage.questions()[-1:] == ["and then"])
        stage.post(Stop())
        await until(lambda: stage.count("idle") == 2)
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 3)
        assert stage.speaker.playbacks[-1].heard_words == "One.Two."


async def test_a_paused_answer_is_shown_as_paused_and_goes_on():
    async with saying(ahead_s=0.1) as (stage, speaker):
        stage.post(Pause())
        await until(lambda: "paused" in stage.kinds())
        assert stage.phases[-1] == "paused"
        stage.post(Resume())
        await until(lambda: "resumed" in stage.kinds())
        speaker.release()
        await stage.turn_over()
        assert speaker.heard_words == "One.Two."
        assert last_spoken(stage).complete


async def test_one_key_pauses_and_goes_on():
    async with saying() as (stage, speaker):
        for _ in range(2):
            stage.post(Pause(toggle=True))
        await until(lambda: "resumed" in stage.kinds())
        speaker.release()
        await stage.turn_over()


@pytest.mark.parametrize(("command", "activity"), [(Stop(), "resting"), (Press(), "listening")])
async def test_a_paused_answer_can_be_ended(command, activity):
    async with saying() as (stage, speaker):
        stage.post(Pause())
        await until(lambda: "paused" in stage.kinds())
        stage.post(command)
        await until(lambda: stage.assistant.activity == activity)
        stage.post(Release())
        await until(lambda: "idle" in stage.kinds(1))
        assert not last_spoken(stage).complete
        assert speaker.playbacks[0].state == "aborted"


async def test_skipping_through_an_answer_reaches_its_end():
    async with saying() as (stage, speaker):
        stage.post(Skip())
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.hear()
        stage.post(Skip())
        await stage.turn_over()
        assert [playback.words for playback in speaker.playbacks][-1] == "Two."


async def test_volume_and_speed_stay_for_the_next_answer():
    async with staged(backend=server(script=ANSWER)) as stage:
        stage.post(Volume(level=0.5))
        stage.post(Speed(factor=2.0))
        stage.post(Ask(text="what"))
        await stage.turn_over()
        spoken = last_spoken(stage)
        assert stage.speaker.playbacks[0].written_s == pytest.approx(spoken.seconds / 2, abs=0.1)
        player = stage.parts.player
        assert (player.volume, player.speed) == (0.5, 2.0)


async def test_speech_that_nobody_can_make_is_reported():
    backend = server(script=ANSWER, speech=no_speech)
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        assert not last_spoken(stage).complete
        assert last_spoken(stage).problem == "Speech is switched off"
