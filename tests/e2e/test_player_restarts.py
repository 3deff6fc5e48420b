"""What the player knows at a start: no answer yet, and how loud and fast it was."""

from __future__ import annotations

import pytest
from bench import Desktop
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant

SETTINGS = NO_SOUNDS + NO_FACE


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="") as whole:
        yield whole


def test_nothing_to_repeat_is_said(desktop):
    with Assistant(desktop, SETTINGS) as assistant:
        assert assistant.tell("repeat").returncode == 0
        wait_for(lambda: "no answer to repeat" in assistant.log(), "it is said")


def test_volume_and_speed_outlive_a_restart(desktop):
    with Assistant(desktop, SETTINGS) as assistant:
        assistant.tell("volume", "40")
        assistant.tell("speed", "1.5")
        wait_for(lambda: assistant.tell("speed").stdout.strip() == "1.5", "it is chosen")
    with Assistant(desktop, SETTINGS) as assistant:
        assert assistant.tell("volume").stdout.strip() == "40"
        assert assistant.tell("speed").stdout.strip() == "1.5"
    with Assistant(desktop, SETTINGS + "[speaker]\nvolume = 0.7\n") as assistant:
        assert assistant.tell("volume").stdout.strip() == "70"
