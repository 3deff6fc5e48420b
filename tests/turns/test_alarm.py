"""An alarm rings until the user stops it."""

from __future__ import annotations

from contextlib import asynccontextmanager

import numpy as np
import pytest
from fakes import FakeMicrophone, FakeSpeaker, until, utter
from helpers.settings.varied import settings_with
from helpers.turns import fake_time
from helpers.turns.staging import ANSWER, LoudEars, server, staged
from helpers.turns.story import HISS

from voice_assistant import events
from voice_assistant.commands import Announce, Ask, Press, Release, Snooze, Stop
from voice_assistant.turns import alarm

TIMER = "The tea is ready."


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(alarm, "PAUSE_S", 0.01)


def rings(stage) -> int:
    return sum(isinstance(event, events.Announced) and event.rings for event in stage.events)


def staged_alarm(*changes: str):
    return staged(settings=settings_with("sounds.enabled=false", *changes))


async def ring(stage) -> list:
    """Let an alarm ring; what is told to who wants to know when the user has heard it."""
    told: list = []
    stage.assistant.post(Announce(text=TIMER, rings=True), told.append)
    await until(lambda: rings(stage) >= 3)
    return told


async def test_an_alarm_is_said_again_until_it_is_stopped():
    async with staged_alarm() as stage:
        told = await ring(stage)
        assert not told
        assert stage.phases == ["idle", "speaking"], "all the time, so that it can be stopped"
        assert stage.speaker.playbacks[0].heard_words == TIMER
        stage.post(Stop())
        await stage.turn_over()
        assert len(told) == 1
        before = rings(stage)
        await stage.settle()
        assert rings(stage) == before
    assert "unheeded" not in stage.kinds()


async def test_a_press_of_the_talk_key_stops_it_and_listens():
    async with staged_alarm() as stage:
        told = await ring(stage)
        stage.post(Press())
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert len(told) == 1
        await until(lambda: "listening" in stage.kinds(2))
        stage.post(Release())
        await until(stage.rests)
        assert stage.kinds(1)[-1] == "idle"


@asynccontextmanager
async def spoken_into_the_alarm(words: str, *changes: str):
    """A ringing alarm into which somebody has spoken; the server hears these words."""
    backend = server(script=ANSWER, words=[words])
    changes = ("sounds.enabled=false", "microphone.tail_s=0", *changes)
    async with staged(backend=backend, settings=settings_with(*changes), ears=LoudEars) as stage:
        told = await ring(stage)
        said = np.concatenate([utter("some words"), HISS[:48000]])
        stage.assistant.talk_over(FakeMicrophone(said))
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        yield stage, told


@pytest.mark.parametrize("words", ["Stop.", "Okay.", "Thank you."])
async def test_words_of_stopping_end_it(words):
    async with spoken_into_the_alarm(words) as (stage, told):
        await until(lambda: told)
        assert stage.kinds(1)[-1] == "idle"
        assert stage.questions() == []


async def test_snooze_is_said_to_it():
    async with spoken_into_the_alarm("Snooze.") as (stage, told):
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert not told


@pytest.mark.parametrize("words", ["", "Mm-hm.", "Louder."])
async def test_a_voice_without_words_of_stopping_does_not_end_it(words):
    async with spoken_into_the_alarm(words) as (stage, told):
        before = rings(stage)
        await until(lambda: rings(stage) > before + 1)
        assert not told
        assert stage.kinds(1).count("idle") == 0


async def test_while_somebody_speaks_it_is_silent_and_a_question_comes_between():
    async with spoken_into_the_alarm("what time is it") as (stage, told):
        kinds = stage.kinds()
        heard = kinds[kinds.index("listening") : kinds.index("asked")]
        assert "announced" not in heard
        assert stage.questions() == ["what time is it"]
        before = rings(stage)
        await until(lambda: rings(stage) > before)
        assert not told


async def test_where_command_words_are_off_a_stop_ends_it_too():
    async with spoken_into_the_alarm("Stop.", "hands_free.command_words=false") as (_, told):
        await until(lambda: told)


async def test_in_conversation_mode_it_rings_until_it_is_stopped_too():
    settings = settings_with("hands_free={conversation=true, conversation_s=1}")
    nobody = FakeMicrophone(HISS[: 2 * 16000])
    async with staged(settings=settings, microphone=nobody, ears=LoudEars) as stage:
        told = await ring(stage)
        assert not told
        stage.post(Stop())
        await until(lambda: told)


async def test_a_snoozed_alarm_rings_again():
    async with staged_alarm("alarms.snooze_s=1") as stage:
        told = await ring(stage)
        stage.post(Snooze())
        await stage.turn_over()
        before = rings(stage)
        assert not told, "the backend keeps it until it is told"
        await until(lambda: rings(stage) > before)
        stage.post(Stop())
        await until(lambda: told)


async def test_a_question_comes_between_and_the_alarm_rings_again_after_the_answer():
    async with staged_alarm() as stage:
        told = await ring(stage)
        stage.post(Ask(text="a question"))
        await until(lambda: stage.questions() == ["a question"])
        answered = len(stage.events)
        await until(lambda: any(isinstance(e, events.Announced) for e in stage.events[answered:]))
        assert not told
        stage.post(Stop())
        await until(lambda: told)


def test_an_alarm_that_nobody_stops_ends_and_that_is_told():
    async def story() -> None:
        async with staged_alarm("alarms.ring_s=0.05") as stage:
            told: list = []
            stage.assistant.post(Announce(text=TIMER, rings=True), told.append)
            await until(lambda: told)
            assert stage.kinds()[-2:] == ["unheeded", "idle"]
            assert rings(stage) > 1

    fake_time.tell(story())


async def test_without_a_time_to_ring_it_is_said_once():
    async with staged_alarm("alarms.ring_s=0") as stage:
        stage.post(Announce(text=TIMER, rings=True))
        await stage.turn_over()
        assert rings(stage) == 0
        assert stage.count("announced") == 1


async def test_a_late_alarm_is_said_once():
    async with staged(speaker=FakeSpeaker()) as stage:
        stage.post(Announce(text=TIMER))
        await stage.turn_over()
        assert stage.kinds() == ["announced", "speaking", "spoken", "idle"]
