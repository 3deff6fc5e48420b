"""Words that were heard in an answer, and whether a person has probably said them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.microphone import FakeMicrophone

from voice_assistant.api.models import Transcript
from voice_assistant.command_words.meaning import Meaning
from voice_assistant.commands import Stop
from voice_assistant.turns.doubtful_words import FAINT_DBFS, doubt
from voice_assistant.turns.occasion import Occasion

INTO_ANSWER = Occasion(overheard=FakeMicrophone(), spoken="All right, that is enough of it.")
STOP = Meaning(command=Stop())
SURE, UNSURE, GUESS = (
    {"sure": True},
    {"sure": False},
    {"sure": False, "guessed": True},
)


def doubted(words, how, occasion=INTO_ANSWER, meaning=None, *, speech_s=2.0, voice_dbfs=-20.0):
    found = Transcript(text=words, **how)
    return doubt(found, words, meaning, occasion, speech_s=speech_s, voice_dbfs=voice_dbfs)


@pytest.mark.parametrize(
    ("words", "how", "speech_s"),
    [
        ("what about the trains to London", SURE, 2.0),
        ("what about the trains to London", UNSURE, 2.0),
        ("London", SURE, 0.4),
    ],
)
def test_a_question_of_a_person_is_believed(words, how, speech_s):
    assert not doubted(words, how, speech_s=speech_s)


@pytest.mark.parametrize(
    ("words", "speech_s"), [("he's tight", 2.0), ("what about the trains to London", 0.9)]
)
def test_little_that_was_not_surely_understood_is_no_question(words, speech_s):
    assert "too little" in doubted(words, UNSURE, speech_s=speech_s)
    assert not doubted(words, UNSURE, meaning=STOP, speech_s=speech_s)
    assert not doubted(words, UNSURE, Occasion(), speech_s=speech_s)


@pytest.mark.parametrize(
    ("how", "voice_dbfs", "believed"),
    [
        (GUESS, FAINT_DBFS - 1, False),
        (GUESS, FAINT_DBFS, True),
        (GUESS, None, True),
        (UNSURE, FAINT_DBFS - 1, True),
        (SURE, FAINT_DBFS - 20, True),
    ],
)
def test_a_guess_that_is_as_faint_as_an_echo_is_not_believed(how, voice_dbfs, believed):
    reason = doubted("wait a minute", how, meaning=STOP, voice_dbfs=voice_dbfs)
    assert ("faint" in reason) is not believed


@pytest.mark.parametrize(
    "occasion",
    [
        replace(INTO_ANSWER, over_alarm=True),
        replace(INTO_ANSWER, in_pause=True),
        replace(INTO_ANSWER, again=True),
        Occasion(),
    ],
)
def test_where_nothing_of_the_answer_sounds_a_faint_guess_is_believed(occasion):
    assert not doubted("stop", GUESS, occasion, STOP, voice_dbfs=FAINT_DBFS - 10)


def test_what_the_answer_has_just_said_is_believed_only_if_it_is_surely_a_command():
    assert "just said" in doubted("that is enough", UNSURE, meaning=STOP)
    assert not doubted("that is enough", SURE, meaning=STOP)
    assert "just said" in doubted("that is enough of it", SURE)
