"""A question that goes on after a pause is asked once, as a whole."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import numpy as np
import pytest
from fakes import FakeMicrophone, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, LoudEars, server, staged
from helpers.turns.story import HISS

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Press, Release, Toggle
from voice_assistant.hearing.going_on import BEFORE_S, MORE_S

DIFY = 'backend={kind="dify", url="http://127.0.0.1/v1"}'
SETTINGS = settings_with(DIFY, "microphone.tail_s=0", "microphone.end_after_silence_s=0.7")
FIRST, SECOND = utter("set a timer"), utter("for ten minutes")


def hiss(seconds: float) -> np.ndarray:
    return HISS[: round(seconds * SPEECH_RATE_HZ)]


@asynccontextmanager
async def asked_by_silence(*said, words):
    """Say that after a tap; the answer comes when the server may answer."""
    answers = asyncio.Event()
    backend = server(script=[answers, *ANSWER], words=words)
    microphone = FakeMicrophone(np.concatenate(said))
    async with staged(
        backend=backend, microphone=microphone, settings=SETTINGS, ears=LoudEars
    ) as stage:
        stage.post(Toggle())
        await until(lambda: microphone.captures)
        yield stage, backend, answers


async def test_speech_that_begins_again_before_the_answer_belongs_to_the_question():
    said = (FIRST, hiss(1.2), SECOND, hiss(3.5))
    words = ["set a timer", "set a timer for ten minutes", "never"]
    async with asked_by_silence(*said, words=words) as (stage, backend, answers):
        await until(lambda: "set a timer for ten minutes" in stage.questions())
        answers.set()
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        await until(stage.rests)
        assert stage.kinds(1)[-1:] == ["idle"]
        assert stage.failures() == []
        whole = read_speech(backend.uploads[-1])
        assert np.count_nonzero(whole > 1) == len(FIRST) + len(SECOND)
        assert stage.recordings() == []
        assert len(stage.microphone.captures) == 1
        assert stage.microphone.captures[0].closed


async def test_it_may_go_on_twice():
    third = utter("and ten seconds")
    said = (FIRST, hiss(1.2), SECOND, hiss(1.2), third, hiss(3.5))
    words = ["set a timer", "set a timer for ten minutes", "all of it", "never"]
    async with asked_by_silence(*said, words=words) as (stage, backend, answers):
        await until(lambda: "all of it" in stage.questions())
        whole = read_speech(backend.uploads[-1])
        assert np.count_nonzero(whole > 1) == len(FIRST) + len(SECOND) + len(third)
        answers.set()


async def test_a_noise_asks_nothing_twice():
    said = (FIRST, hiss(1.2), utter("cough, cough"), hiss(3.5))
    words = ["set a timer", "Set a timer.", "never"]
    async with asked_by_silence(*said, words=words) as (stage, backend, answers):
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        answers.set()
        await until(stage.rests)
        assert len(backend.asked) == 1
        assert "spoken" in stage.kinds(1)
        assert stage.recordings() == []


async def test_after_a_while_the_microphone_is_closed():
    async with asked_by_silence(FIRST, hiss(0.8 + MORE_S), words=["set a timer"]) as (stage, *_):
        await until(lambda: stage.microphone.captures[0].closed)
        assert stage.kinds(2) == []


async def test_once_the_answer_sounds_it_is_closed():
    said = (FIRST, hiss(0.8 + MORE_S - BEFORE_S))
    async with asked_by_silence(*said, words=["set a timer"]) as (stage, _, answers):
        answers.set()
        await until(stage.rests)
        assert stage.microphone.captures[0].closed
        assert stage.questions() == ["set a timer"]


@pytest.mark.parametrize("rest", [hiss(1.0), hiss(0.1)])
async def test_a_key_that_was_held_ends_the_question_for_good(rest):
    backend = server(script=ANSWER, words=["set a timer"])
    microphone = FakeMicrophone(np.concatenate([FIRST, rest]))
    async with staged(
        backend=backend, microphone=microphone, settings=SETTINGS, ears=LoudEars
    ) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(Release())
        await until(lambda: "asked" in stage.kinds())
        assert microphone.captures[0].closed
