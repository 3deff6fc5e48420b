from __future__ import annotations

import pytest
from fakes import wav
from helpers.server.running import ME, ScriptedRecognizer, running, text_of

from server.skills.conftest import Talk
from server.test_audio import SECOND
from voice_assistant.server.heard import MOST, Certainty, Heard


@pytest.mark.parametrize(("sure", "expected"), [(True, Certainty.HEARD), (False, Certainty.UNSURE)])
def test_a_question_with_the_words_of_a_recording_was_heard(sure, expected):
    heard = Heard()
    heard.note("what  time is it", sure=sure)
    assert heard.certainty(" What time is it") is expected
    assert heard.certainty("what time was it") is Certainty.TYPED


def test_the_latest_recording_with_the_same_words_counts():
    heard = Heard()
    heard.note("hello", sure=False)
    heard.note("hello", sure=True)
    assert heard.certainty("hello") is Certainty.HEARD


def test_only_the_latest_recordings_are_remembered():
    heard = Heard()
    for number in range(MOST + 1):
        heard.note(f"question {number}", sure=True)
    assert heard.certainty("question 0") is Certainty.TYPED
    assert heard.certainty("question 1") is Certainty.HEARD


async def test_a_refusal_reads_back_what_was_heard_and_not_what_was_typed(tmp_path):
    skills = Talk().skills
    async with running(tmp_path, skills=skills, recognizer=ScriptedRecognizer()) as server:
        file = {"file": ("q.wav", wav(SECOND), "audio/wav")}
        heard = await server.client.post("/audio-to-text", data=ME, files=file)
        spoken = await server.chat(heard.json()["text"])
        typed = await server.chat("who wrote war and peace")
    assert text_of(spoken).startswith("Did you say: 16000 samples?")
    assert text_of(typed).startswith("I cannot look that up yet.")
