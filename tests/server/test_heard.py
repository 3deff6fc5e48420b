from __future__ import annotations

import pytest
from fakes import wav
from helpers.server.running import ME, ScriptedRecognizer, running, text_of

from server.skills.conftest import Talk
from server.test_audio import SECOND
from voice_assistant.api.models import Transcript
from voice_assistant.server.heard import MOST, Certainty, Heard


@pytest.mark.parametrize(
    ("sure", "guessed", "expected"),
    [
        (True, False, Certainty.HEARD),
        (False, False, Certainty.UNSURE),
        (False, True, Certainty.GUESSED),
    ],
)
def test_a_question_with_the_words_of_a_recording_was_heard(sure, guessed, expected):
    heard = Heard()
    heard.note(Transcript(text="what  time is it", sure=sure, guessed=guessed))
    assert heard.certainty(" What time is it") is expected
    assert heard.certainty("what time was it") is Certainty.TYPED


def test_the_command_that_may_have_been_said_is_remembered():
    heard = Heard()
    heard.note(Transcript(text="Click the fine", sure=False, perhaps="flip a coin"))
    assert heard.perhaps("click the fine") == "flip a coin"
    assert heard.perhaps("what time is it") == ""


def test_the_latest_recording_with_the_same_words_counts():
    heard = Heard()
    heard.note(Transcript(text="hello", sure=False))
    heard.note(Transcript(text="hello"))
    assert heard.certainty("hello") is Certainty.HEARD


def test_only_the_latest_recordings_are_remembered():
    heard = Heard()
    for number in range(MOST + 1):
        heard.note(Transcript(text=f"question {number}"))
    assert heard.certainty("question 0") is Certainty.TYPED
    assert heard.certainty("question 1") is Certainty.HEARD


@pytest.mark.parametrize(
    ("sure", "answer"),
    [
        (True, "I heard: 16000 samples. I cannot do that yet."),
        (False, "Did you say: 16000 samples?"),
    ],
)
async def test_words_that_were_heard_are_read_back_or_asked_back(tmp_path, sure, answer):
    recognizer = ScriptedRecognizer(sure=sure)
    async with running(tmp_path, skills=Talk().skills, recognizer=recognizer) as server:
        file = {"file": ("q.wav", wav(SECOND), "audio/wav")}
        heard = await server.client.post("/audio-to-text", data=ME, files=file)
        spoken = await server.chat(heard.json()["text"])
        typed = await server.chat("who wrote war and peace")
    assert heard.json() == {"text": "16000 samples", "sure": sure, "guessed": False, "perhaps": ""}
    assert text_of(spoken) == answer
    assert text_of(typed) == "I cannot look that up yet. Ask me what I can do."


async def test_a_yes_to_did_you_say_is_answered_by_the_words_that_were_meant(tmp_path):
    recognizer = ScriptedRecognizer(sure=False)
    async with running(tmp_path, skills=Talk().skills, recognizer=recognizer) as server:
        file = {"file": ("q.wav", wav(SECOND), "audio/wav")}
        heard = await server.client.post("/audio-to-text", data=ME, files=file)
        asked = await server.chat(heard.json()["text"])
        talk = {"conversation_id": asked[0]["conversation_id"]}
        assert text_of(await server.chat("yes", **talk)).startswith("I cannot do that yet.")
