"""Talking without touching anything, while the microphone hears the loudspeaker."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import Any

import pytest
from bench import Desktop
from bench.sounds import flite
from bench.waiting import wait_for
from helpers.e2e.assistant import SUM, Assistant, aloud, answered_aloud
from helpers.e2e.dify import access, app, served
from helpers.replay import trace

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
THOUGHT_S = 3.0
ANSWERS_OF_EACH = 8
"""Answers to each question: two minutes of them, which begin soon after one another."""
NOTICED = "somebody speaks into the answer"
NOTICED_S = 3.0
"""Seconds in which an answer that is stopped there has ended; else it is spoken for longer."""


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
        assert assistant.tell("mute", "off").returncode == 0  # it would be kept for the next test


class Speaker:
    """Somebody who talks to an assistant, and touches nothing."""

    def __init__(self, desktop, assistant) -> None:
        self._desktop = desktop
        self._assistant = assistant

    def say(self, *words: str) -> None:
        """Say that after the wake word, once it is waited for; with a pause to think after each."""
        self._assistant.wait_for_phase("idle")
        wait_for(lambda: self._assistant.status()["microphone_open"], "it waits for its wake word")
        first, *others = words
        self._desktop.speak_into_microphone(flite(f"Computer, {first}"))
        for other in others:
            time.sleep(THOUGHT_S)
            self._desktop.speak_into_microphone(flite(other))

    def say_into(self, answer_to: str, words: str) -> None:
        """Ask for an answer, and say something into it, without the wake word."""
        self.say(answer_to)
        self._assistant.wait_for_phase("speaking")
        time.sleep(INTO_THE_ANSWER_S)
        self._desktop.speak_into_microphone(flite(words))

    def turns(self) -> list[dict[str, Any]]:
        """Return all turns so far, the first one first."""
        return list(reversed(json.loads(self._assistant.tell("history", "--json").stdout)))

    def asks(self, words: str) -> None:
        """Wait until the last question is that."""

        def last() -> bool:
            asked = [turn["question"] for turn in self.turns()[-1:]]
            return words in "".join(asked).lower()

        wait_for(last, f"{words} is asked", 30)

    def has_asked(self, words: str) -> None:
        """Wait until the last question is that, and answered."""
        self.asks(words)
        self._assistant.wait_for_phase("idle")

    def takes_the_second_follow_up_and_wants_it_slower(self) -> None:
        """Say two command words, and wait until both are obeyed."""
        second = self._assistant.status()["suggestions"][1]
        self.say("the second one.")
        self.has_asked(second.lower().rstrip("?"))
        self.say("slower.")
        wait_for(lambda: self._assistant.status()["speed"] < 1, "it speaks slower")

    def thinks(self, first: str, other: str) -> None:
        """Pause to think in mid-question; both parts are one question."""
        tell = self._assistant.tell
        assert tell("config", "set", "hands_free.slow_speaker", "true").returncode == 0
        self.say(first, other)
        self.has_asked(f"{first} {other}".rstrip("."))
        assert tell("config", "set", "hands_free.slow_speaker", "false").returncode == 0

    def converses_until_silent(self, asked: str, more: str) -> None:
        """Ask, and ask more as soon as it listens again; say no more the next time."""
        assert self._assistant.tell("conversation", "on").returncode == 0
        before = len(self.turns())
        self.say(asked)
        self._assistant.wait_for_phase("speaking")
        self._assistant.wait_for_phase("listening")
        self._desktop.speak_into_microphone(flite(more))
        self.asks(more.rstrip("?"))
        self._assistant.wait_for_phase("listening")
        self._assistant.wait_for_phase("idle")
        assert len(self.turns()) == before + 2

    def stop(self, asked: str) -> None:
        """Say "stop" into what it says, again where it goes on; nothing else is asked by that."""
        self._assistant.wait_for_phase("speaking")
        time.sleep(INTO_THE_ANSWER_S)
        for _ in range(3):
            self._desktop.speak_into_microphone(flite("stop."))
            self._assistant.wait_for_end_of("speaking", NOTICED_S)
            self._assistant.wait_for_end_of("listening")
            self._assistant.wait_for_end_of("thinking")
            if self._assistant.phase() == "idle":
                break
        self._assistant.wait_for_phase("idle", NOTICED_S)
        assert self.turns()[-1]["question"].lower() == asked


def logs(assistant) -> str:
    """Return what was heard, what it meant, and what goes on: for the reader of a failure."""
    turns = assistant.tell("history", "--json").stdout
    return "\n".join([*assistant.log().splitlines()[-60:], str(assistant.status()), turns])


@contextmanager
def talking(desktop, config: str, **env: str):
    """Let somebody talk to an assistant whose loudspeaker the microphone hears."""
    with Assistant(desktop, config, **env) as assistant, aloud(desktop):
        assistant.wait_until_complete()
        assert assistant.tell("speed", "1").returncode == 0  # it outlives a restart
        try:
            yield assistant, Speaker(desktop, assistant)
        except BaseException:
            sys.stderr.write(logs(assistant))
            raise


@pytest.mark.long
def test_a_talk_without_touching_anything(desktop):
    with talking(desktop, EVERYTHING) as (assistant, user):
        user.say(f"{SUM}?")
        user.has_asked(SUM)

        user.say_into(ABILITIES, "what time is it?")
        user.has_asked("what time is it")

        user.say(ABILITIES)
        user.has_asked("what can you do")
        user.takes_the_second_follow_up_and_wants_it_slower()

        user.say(ABILITIES)
        user.stop("what can you do?")

        user.say("set a timer for five seconds.")
        user.has_asked("set a timer for five seconds")
        wait_for(lambda: not assistant.status()["timers"], "it rings")
        user.stop("")


@pytest.mark.long
def test_a_pause_for_thought_and_a_conversation_that_falls_silent(desktop):
    with talking(desktop, EVERYTHING) as (_, user):
        user.thinks("set a timer for", "ten minutes.")
        user.converses_until_silent(f"{SUM}?", "what time is it?")


def paris():
    """Return an app that answers everything with a few sentences about Paris."""
    return app("1.14.0", chat_messages=trace("1.14.0", "chat-stream-noautoplay"))


@pytest.mark.long
def test_a_talk_with_a_dify_app_without_touching_anything(desktop):
    with (
        served(paris()) as server,
        talking(desktop, EVERYTHING, **access(server)) as (_, user),
    ):
        user.say("tell me about paris.")
        user.has_asked("me about paris")
        user.takes_the_second_follow_up_and_wants_it_slower()

        user.say_into("what is the capital?", "what about london?")
        user.has_asked("london")

        user.say("what is the capital?")
        user.stop("what is the capital?")


@pytest.mark.long
def test_a_pause_for_thought_and_a_conversation_with_a_dify_app(desktop):
    with (
        served(paris()) as server,
        talking(desktop, EVERYTHING, **access(server)) as (_, user),
    ):
        user.thinks("what is the name of", "the river.")
        user.converses_until_silent("what is the capital?", "what about london?")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_its_own_answers_interrupt_none_of_them(desktop):
    asked = ["what can you do?", "how do you spell necessary?", "what day is it tomorrow?"]
    with talking(desktop, EVERYTHING) as (assistant, _):
        before = assistant.log().count(NOTICED)  # the log is that of all tests
        for words in asked * ANSWERS_OF_EACH:
            assert assistant.tell("ask", words).returncode == 0
            assistant.wait_for_phase("idle")
        assert assistant.log().count(NOTICED) == before


@pytest.mark.long
def test_an_answer_that_was_paused_by_voice_goes_on_by_voice(desktop):
    with talking(desktop, EVERYTHING) as (assistant, user):
        user.say(ABILITIES)
        user.has_asked("what can you do")
        user.say_into(ABILITIES, "wait a moment.")
        assistant.wait_for_phase("paused")
        desktop.speak_into_microphone(flite("I told you so yesterday."))
        assistant.wait_for_end_of("listening")
        assistant.wait_for_phase("paused")
        desktop.speak_into_microphone(flite("go on."))
        assistant.wait_for_end_of("paused")
        assistant.wait_for_end_of("listening")
        assistant.wait_for_phase("speaking")
        assistant.wait_for_phase("idle")
        assert [turn["question"] for turn in user.turns()[-2:]] == ["What can you do?"] * 2
