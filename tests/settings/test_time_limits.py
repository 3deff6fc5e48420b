"""Every wait of a user has a setting; where a wait may end nothing, 0 switches it off."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assistant.settings.catalogue import every_setting, setting

README = Path(__file__).parents[2] / "README.md"

# The limit, and whether 0 means that there is none.
LIMITS = {
    "hotkey.tap_s": False,  # "hold" and "toggle" know no tap
    "microphone.end_after_silence_s": True,
    "microphone.held_silence_s": True,
    "microphone.nothing_said_s": True,
    "microphone.max_s": False,
    "hands_free.conversation_s": False,
    "notifications.stay_s": True,
    "captions.stay_s": True,  # 0: it goes when all is said
    "alarms.ring_s": True,
    "alarms.snooze_s": False,
    "backend.silence_s": False,
    "backend.queue_s": False,
    "sounds.waiting_s": True,
    "conversation.idle_minutes": True,
}
NO_LIMITS = {"microphone.pre_roll_s", "microphone.tail_s", "speaker.wake_s"}
"""Lengths of sound, for which nobody waits."""


@pytest.mark.parametrize(("key", "off"), LIMITS.items())
def test_a_time_limit_can_be_far_longer_or_is_off(key, off) -> None:
    one = setting(key)
    assert one is not None
    assert one.allowed is not None
    least, most = one.allowed
    assert most >= 5 * one.default
    assert (least == 0) == off


def test_no_setting_in_seconds_is_forgotten() -> None:
    found = {one.key for one in every_setting() if one.name.endswith(("_s", "_minutes"))}
    assert found == set(LIMITS) | NO_LIMITS


def test_readme_names_every_limit() -> None:
    section = README.read_text().partition("## Accessibility\n")[2].partition("\n## ")[0]
    assert [key for key in LIMITS if f"`{key}`" not in section] == []
