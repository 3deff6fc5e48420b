"""Somebody who speaks very softly is told so once, and is understood all the same."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import FakeMicrophone, FakeVoice, until, utter
from helpers.turns.staging import ANSWER, QuickEars, server, staged

from voice_assistant.audio.amplifier import gain_for
from voice_assistant.audio.codec.files import read_speech

SAID = utter("what time is it")


class SoftEars(QuickEars):
    """Ears that hear speech of a low level."""

    level_dbfs = -55.0

    def __init__(self) -> None:
        super().__init__()
        self.voice_dbfs = self.level_dbfs


class OrdinaryEars(SoftEars):
    level_dbfs = -30.0


@pytest.mark.parametrize(("ears", "times"), [(SoftEars, 1), (OrdinaryEars, 0)])
async def test_soft_speech_is_told_once(ears, times):
    voice = FakeVoice()
    backend = server(scripts=[ANSWER] * 2, words=["what time is it"])
    microphone = FakeMicrophone(SAID)
    async with staged(backend=backend, microphone=microphone, ears=ears, voice=voice) as stage:
        for turn in (1, 2):
            await stage.speak()
            await until(lambda turn=turn: stage.kinds(turn)[-1:] == ["idle"])
        assert stage.questions() == ["what time is it"] * 2
        assert sum("very quiet" in text for text in voice.said) == times, voice.said


async def test_soft_speech_is_uploaded_louder():
    backend = server(script=ANSWER, words=["what time is it"])
    soft = (SAID // 100).astype(np.int16)
    async with staged(backend=backend, microphone=FakeMicrophone(soft), ears=SoftEars) as stage:
        await stage.speak()
        await stage.turn_over()
    sent = read_speech(backend.uploads[0])[:-400]
    louder = np.abs(sent.astype(float)).max() / np.abs(soft.astype(float)).max()
    assert louder == pytest.approx(gain_for(-55.0), rel=0.1)
