from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until

from voice_assistant import events
from voice_assistant.subscribers.waiting_sound import WaitingSound

ASKED = events.Asked(question="Why?", source="voice", turn=1)


@contextlib.asynccontextmanager
async def waiting(after_s: float = 0.02):
    played: list[int] = []
    sound = WaitingSound(lambda: played.append(1), after_s)
    running = asyncio.create_task(sound.run())
    yield played, sound.handle
    running.cancel()


async def test_the_waiting_sound_repeats_until_the_first_word():
    async with waiting() as (played, handle):
        handle(events.Transcribing(turn=1))
        handle(ASKED)
        handle(events.Text(delta="", turn=1))
        await until(lambda: len(played) >= 3)
        handle(events.Text(delta="Because", turn=1))
        so_far = len(played)
        await asyncio.sleep(0.06)
        assert len(played) == so_far


@pytest.mark.parametrize(
    "end",
    [
        events.Failed(title="It broke off", hint="", code="x", turn=1),
        events.Idle(turn=1),
        events.Listening(turn=2),
        events.Answered(text="", message_id="", conversation_id="", complete=True, turn=1),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_whatever_ends_the_waiting_ends_the_sound(end):
    async with waiting() as (played, handle):
        handle(ASKED)
        handle(end)
        await asyncio.sleep(0.06)
        assert played == []


async def test_another_turn_that_ends_leaves_it():
    async with waiting() as (played, handle):
        handle(ASKED)
        handle(events.Idle(turn=9))
        await until(lambda: played)


async def test_no_waiting_sound_is_played_for_typed_questions_or_when_it_is_off():
    async with waiting() as (played, handle):
        handle(events.Asked(question="Why?", source="text", turn=1))
        await asyncio.sleep(0.06)
        assert played == []
    async with waiting(after_s=0.0) as (played, handle):
        handle(ASKED)
        await asyncio.sleep(0.02)
        assert played == []
