"""Whatever wants to be heard and is not: the speaker's error is reported, and the turn goes on."""

from __future__ import annotations

import pytest
from fakes import FakeBackend, FakeProblems, FakeSpeaker, FakeVoice, until
from helpers.settings.varied import LOUD
from helpers.turns.staging import ANSWER, Stage, server, staged

from voice_assistant.commands import Announce, Ask, Repeat
from voice_assistant.errors import SpeakerError, Unreachable

GONE = SpeakerError("The speaker is gone", "Connect one.")


async def an_answer(stage: Stage) -> None:
    stage.post(Ask(text="a question"))


async def an_answer_again(stage: Stage) -> None:
    stage.speaker.lost = None
    stage.post(Ask(text="a question"))
    await stage.turn_over()
    stage.speaker.lost = GONE
    stage.post(Repeat())
    await until(lambda: stage.count("idle") == 2)


async def an_announcement(stage: Stage) -> None:
    stage.post(Announce(text="Time is up."))


@pytest.mark.parametrize("what", [an_answer, an_answer_again, an_announcement])
async def test_a_speaker_that_is_lost_is_reported(what):
    problems = FakeProblems()
    speaker = FakeSpeaker(lost=GONE)
    async with staged(backend=server(script=ANSWER), speaker=speaker, problems=problems) as stage:
        await what(stage)
        await stage.turn_over()
        assert "spoken" in stage.kinds()
    assert problems == [("speaker", GONE)]


async def test_a_speaker_that_cannot_play_a_short_sound_is_reported():
    problems = FakeProblems()
    speaker = FakeSpeaker(missing=GONE)
    async with staged(speaker=speaker, settings=LOUD, problems=problems) as stage:
        await stage.speak()
        await stage.turn_over()
        await until(lambda: len(problems) >= 2)
    assert set(problems) == {("speaker", GONE)}


async def test_a_speaker_that_cannot_play_what_went_wrong_is_reported():
    problems = FakeProblems()
    backend = FakeBackend(words=[Unreachable("The server is gone", "Wait.")])
    async with staged(
        backend=backend, speaker=FakeSpeaker(missing=GONE), voice=FakeVoice(), problems=problems
    ) as stage:
        await stage.speak()
        await stage.turn_over()
        assert stage.count("failed") == 1
    assert problems == [("speaker", GONE)]
