"""Talking without touching anything, while the microphone hears the loudspeaker."""

from __future__ import annotations

import pytest
from bench import Desktop
from bench.sounds import flite
from bench.waiting import wait_for
from helpers.e2e.assistant import SUM, Assistant, aloud, answered_aloud


@pytest.fixture(scope="module")
def desktop():
    with Desktop() as whole:
        yield whole


def listens(desktop) -> bool:
    """Whether the sound server shows a stream from the microphone."""
    return desktop.sound.microphone in desktop.sound.recorded()


def test_the_wake_word_begins_a_question_and_a_mute_ends_the_listening(desktop):
    with Assistant(desktop) as assistant, aloud(desktop):
        assistant.wait_until_complete()
        assert not listens(desktop)
        assert assistant.tell("wake", "on").returncode == 0
        wait_for(lambda: assistant.status()["microphone_open"], "it waits for its wake word")
        with desktop.listen() as heard:
            desktop.speak_into_microphone(flite(f"Computer, {SUM}?"))
            answered_aloud(heard)
        assistant.wait_for_phase("idle")
        wait_for(lambda: assistant.status()["microphone_open"], "it waits again")
        assert listens(desktop)
        assert assistant.tell("mute", "on").returncode == 0
        wait_for(lambda: not listens(desktop), "no stream is open")
        assert not assistant.status()["microphone_open"]
