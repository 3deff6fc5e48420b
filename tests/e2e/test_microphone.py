"""What happens to the microphone: it is opened, restarted, suspended, muted."""

from __future__ import annotations

import time

import pytest
from bench import Desktop
from bench.waiting import wait_for
from helpers.e2e.assistant import SUM_HEARD, Assistant, ask_aloud, held, saying

PRE_ROLL = "[microphone]\npre_roll_s = 0.5\n"


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="xfce4-notifyd") as whole:
        yield whole


@pytest.fixture(scope="module", params=[""], ids=["no pre-roll"])
def running(request, desktop):
    """An assistant, for all tests that have the same settings: the parameter."""
    with Assistant(desktop, request.param) as assistant:
        assistant.wait_until_complete()
        yield assistant


@pytest.mark.parametrize("running", [PRE_ROLL], indirect=True, ids=["pre-roll"])
def test_an_open_microphone_is_shown(desktop, assistant):
    wait_for(lambda: assistant.status()["microphone_open"], "the microphone is open")
    assert "microphone: always open" in assistant.tell("status").stdout
    assert assistant.status()["level_dbfs"] is None
    with held(desktop):
        assistant.wait_for_phase("listening")
        wait_for(lambda: assistant.status()["level_dbfs"] is not None, "it has a level")
        assert "level: " in assistant.tell("status").stdout


def test_without_a_pre_roll_it_is_closed_until_the_press(assistant):
    assert not assistant.status()["microphone_open"]


def is_asked(notified):
    wait_for(lambda: SUM_HEARD in notified.strings(), "the question has arrived", 60)


def test_the_sound_server_is_restarted_while_nobody_speaks(desktop, assistant, notified):
    desktop.sound.kill()
    desktop.sound.start()
    ask_aloud(desktop, assistant)
    is_asked(notified)
    assistant.wait_for_phase("idle")


def test_the_sound_server_is_restarted_while_one_speaks(desktop, assistant, notified):
    with saying(desktop, assistant):
        time.sleep(0.3)
        logged = len(assistant.log())
        desktop.sound.kill()
        wait_for(lambda: "microphone was lost" in notified.text(), "it is said in words")
        desktop.sound.start()
        wait_for(lambda: "microphone: works again" in assistant.log()[logged:], "it goes on")
        assert assistant.phase() == "listening"
    is_asked(notified)
    assistant.wait_for_phase("idle")


def test_the_microphone_is_suspended_while_one_speaks(desktop, assistant, notified):
    with saying(desktop, assistant):
        time.sleep(0.3)
        desktop.sound.pactl("suspend-source", desktop.sound.microphone, "1")
        wait_for(lambda: "delivers nothing" in notified.text(), "it is said in words")
    desktop.sound.pactl("suspend-source", desktop.sound.microphone, "0")
    is_asked(notified)
    assistant.wait_for_phase("idle")


def test_a_muted_microphone_is_said_and_asks_nothing(desktop, assistant, notified):
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "1")
    ask_aloud(desktop, assistant)
    wait_for(lambda: "delivers only silence" in notified.text(), "it is said in words")
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "0")
    ask_aloud(desktop, assistant)
    is_asked(notified)
    assistant.wait_for_phase("idle")
