"""Spoken by three voices, recognised, understood: the whole way with the real parts."""

from __future__ import annotations

import pytest
from helpers.benchmarks.corpus import OTHERS
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.server.skills.grammar import commands
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.words import plain

pytestmark = needs_real_engines

VOICES = ("slt", "rms", "awb")

COMMANDS = (
    "what time is it",
    "what is the date today",
    "what day is it tomorrow",
    "what is five times seven",
    "what is fifteen percent of eighty",
    "how many miles are five kilometers",
    "convert ten pounds to kilograms",
    "set a timer for ten minutes",
    "how much time is left",
    "cancel the timer",
    "how do you spell necessary",
    "what can you do",
    "repeat that",
)


MATCHER = Matcher()


def understood(text):
    """Intent and slots, None where there are none."""
    return MATCHER.match(plain(text)) if text else None


@pytest.fixture(scope="module")
async def recognizer():
    async with Recognizer(commands) as recognizer:
        yield recognizer


async def heard(recognizer, text):
    """What the recogniser hears of each voice."""
    return {voice: (await recognizer.recognize(await spoken(text, voice))).text for voice in VOICES}


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_spoken_command_is_understood_from_at_least_two_of_three_voices(
    recognizer, command
):
    texts = await heard(recognizer, command)
    right = [voice for voice, text in texts.items() if understood(text) == understood(command)]
    assert len(right) >= 2, texts


async def test_other_speech_is_no_command(recognizer):
    for number, text in enumerate(OTHERS):
        words = await recognizer.recognize(await spoken(text, VOICES[number % 3]))
        assert understood(words.text) is None, (text, words)
