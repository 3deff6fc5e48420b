"""Spoken by three voices, recognised, understood: the whole way with the real parts."""

from __future__ import annotations

import pytest
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

OTHER_SPEECH = (
    "i think we should leave before it starts to rain",
    "my sister bought a new car last week",
    "who won the football world cup",
    "the meeting was moved to next thursday afternoon",
    "could you explain how a computer works",
    "why is the sky blue",
    "the restaurant on the corner serves very good food",
    "what is the capital of france",
    "please write a letter to my landlord about the broken window",
    "the children were playing in the garden all day",
    "how do i cook rice without a pot",
    "the weather was cold and the roads were covered with ice",
    "turn on the lights in the kitchen",
    "it took us about two hours to drive there",
    "what should i have for dinner tonight",
    "play some music by the beatles",
    "he counted to ten and opened his eyes",
    "send a message to my brother",
    "they lost the game by three points",
    "who wrote the book about the old man and the sea",
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
    for number, text in enumerate(OTHER_SPEECH):
        words = await recognizer.recognize(await spoken(text, VOICES[number % 3]))
        assert understood(words.text) is None, (text, words)
