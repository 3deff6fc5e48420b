"""An answer that a voice has paused says so after a while, once."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from fakes import until

from voice_assistant import events
from voice_assistant.subscribers.paused_by_voice import PausedByVoice, PauseReminder

if TYPE_CHECKING:
    from voice_assistant.commands import Announce

SPEAKING = (events.Asked(question="Why?", source="voice", turn=1), events.Speaking(turn=1))
PAUSED = events.Paused(turn=1)
BY_VOICE = (events.Commanded(words="wait", pauses=True, turn=2), events.Idle(turn=2), PAUSED)
BY_KEY = (events.Commanded(words="slower", turn=2), events.Idle(turn=2), PAUSED)


@contextlib.asynccontextmanager
async def reminding(after_s: float = 0.02):
    posted: list[Announce] = []
    reminder = PauseReminder(posted.append, after_s)
    running = asyncio.create_task(reminder.run())
    yield posted, lambda *told: [reminder.handle(event) for event in told]
    running.cancel()


@pytest.mark.parametrize(
    ("told", "now"),
    [
        (BY_VOICE, True),
        (BY_KEY, False),
        ((PAUSED,), False),
        ((*BY_VOICE, events.Resumed(turn=1)), False),
        ((*BY_VOICE, events.Resumed(turn=1), PAUSED), False),
        ((*BY_VOICE, events.Listening(turn=3)), False),
        ((*BY_VOICE, events.Listening(turn=3), events.Idle(turn=3)), True),
        ((*BY_VOICE, events.Idle(turn=1)), False),
    ],
)
def test_it_is_known_whether_a_voice_has_paused_the_answer(told, now):
    paused = PausedByVoice()
    for event in (*SPEAKING, *told):
        paused.handle(event)
    assert paused.now is now


async def test_a_pause_is_told_once_with_what_to_say():
    async with reminding() as (posted, tell):
        tell(*SPEAKING, *BY_VOICE)
        await until(lambda: posted)
        tell(events.Announced(text="It is paused.", turn=3), events.Idle(turn=3))
        tell(events.Listening(turn=4), events.Idle(turn=4))
        await asyncio.sleep(0.06)
        [announced] = posted
        assert announced.of_pause
        assert announced.text.endswith(events.Paused.told)


async def test_another_pause_is_told_again():
    async with reminding() as (posted, tell):
        tell(*SPEAKING, *BY_VOICE)
        await until(lambda: posted)
        tell(events.Resumed(turn=1), *BY_VOICE)
        await until(lambda: len(posted) == 2)


@pytest.mark.parametrize("then", [(), (events.Resumed(turn=1),), (events.Listening(turn=3),)])
async def test_a_pause_by_key_or_one_that_is_over_or_in_which_somebody_speaks_is_not_told(then):
    async with reminding() as (posted, tell):
        tell(*SPEAKING, *(BY_VOICE if then else BY_KEY), *then)
        await asyncio.sleep(0.06)
        assert not posted
