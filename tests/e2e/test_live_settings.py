"""Settings that change while it runs: the next key and the next answer follow."""

from __future__ import annotations

import pytest
from bench import Desktop
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant, events, held

HOLD = """
[hotkey]
mode = "hold"
"""
"""A key listens while it is down, and no longer, however short that is."""


@pytest.fixture
def assistant():
    with (
        Desktop(panel=False, notifications="") as desktop,
        Assistant(desktop, f"# mine\n{HOLD}{NO_SOUNDS}{NO_FACE}") as assistant,
    ):
        assistant.wait_until_complete()
        yield assistant


def spoken_s(assistant) -> float:
    asked = events(assistant.tell("ask", "--json", "what is twelve times seven").stdout)
    at_ms = {one["event"]: one["t_ms"] for one in asked}
    return (at_ms["spoken"] - at_ms["speaking"]) / 1000


def test_key_and_speed_follow_at_once_and_the_rest_after_a_restart(assistant):
    desktop = assistant._desktop
    slow_s = spoken_s(assistant)
    assert assistant.tell("config", "set", "speech.speed", "2").stdout == ""
    assert spoken_s(assistant) < slow_s * 0.75
    assert assistant.status()["speed"] == 2

    assistant.tell("config", "set", "hotkey.keys", "f9")

    def listens() -> bool:
        with held(desktop, ("F9",)):
            return assistant.phase() == "listening"

    wait_for(listens, "the new key is taken")
    # A little longer than the key is down. Not "idle": zeros for too long are a muted microphone.
    wait_for(lambda: assistant.phase() != "listening", "the recording is over")
    with held(desktop):
        assert assistant.phase() != "listening"

    told = assistant.tell("config", "set", "microphone.voice_activity", "silero")
    assert "voice-assistant restart" in told.stdout
    assert assistant.status()["restart_for"] == ["microphone.voice_activity"]
    assistant.tell("restart")
    wait_for(lambda: assistant.tell("status").returncode == 0, "it runs again")
    wait_for(lambda: assistant.status()["restart_for"] == [], "the setting is in use")

    refused = assistant.tell("config", "set", "hotkey.keys", "banana")
    assert "hotkey.keys" in refused.stderr
    assert assistant.tell("config", "get", "hotkey.keys").stdout == "f9\n"
    assert not assistant.wait_until_complete()["missing"]

    assistant.tell("config", "set", "speech.spoken_by", "screen_reader")
    wait_for(lambda: "screen reader" in str(assistant.status()["missing"]), "none is there")
    assistant.tell("config", "unset", "speech.spoken_by")
    assistant.wait_until_complete()
