"""Talking without touching anything, while the microphone hears the loudspeaker."""

from __future__ import annotations

import json
import time

import pytest
from bench import Desktop
from bench.sounds import flite
from bench.waiting import wait_for
from helpers.e2e.assistant import SUM, Assistant, aloud, answered_aloud

EVERYTHING = """
[hands_free]
wake_word = true
barge_in = "loudspeaker"

[speech_to_text]
local = "always"
"""
ABILITIES = "what can you do?"
"""Its answer takes some 10 s."""
INTO_THE_ANSWER_S = 2.5
"""Seconds of an answer after which somebody speaks into it."""


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


class Speaker:
    """Somebody who talks to an assistant, and touches nothing."""

    def __init__(self, desktop, assistant) -> None:
        self._desktop = desktop
        self._assistant = assistant

    def say(self, words: str) -> None:
        """Say that after the wake word, once it is waited for."""
        wait_for(lambda: self._assistant.status()["microphone_open"], "it waits for its wake word")
        self._desktop.speak_into_microphone(flite(f"Computer, {words}"))

    def say_into(self, answer_to: str, words: str) -> None:
        """Ask for an answer, and say something into it, without the wake word."""
        self.say(answer_to)
        self._assistant.wait_for_phase("speaking")
        time.sleep(INTO_THE_ANSWER_S)
        self._desktop.speak_into_microphone(flite(words))

    def questions(self) -> list[str]:
        """All questions so far, the first one first."""
        return [turn["question"] for turn in reversed(json.loads(self._history()))]

    def has_asked(self, words: str) -> None:
        """Wait until the last question is that, and answered."""

        def last() -> bool:
            return words in "".join(self.questions()[-1:]).lower()

        wait_for(last, f"{words} is asked", 30)
        self._assistant.wait_for_phase("idle")

    def _history(self) -> str:
        return self._assistant.tell("history", "--json").stdout


@pytest.mark.long
def test_a_talk_without_touching_anything(desktop):
    with Assistant(desktop, EVERYTHING) as assistant, aloud(desktop):
        assistant.wait_until_complete()
        user = Speaker(desktop, assistant)

        user.say(f"{SUM}?")
        user.has_asked(SUM)

        user.say_into(ABILITIES, "what time is it?")
        user.has_asked("what time is it")

        user.say(ABILITIES)
        user.has_asked("what can you do")
        second = assistant.status()["suggestions"][1]
        user.say("the second one.")
        user.has_asked(second.lower().rstrip("?"))

        user.say("slower.")
        wait_for(lambda: assistant.status()["speed"] < 1, "it speaks slower")
