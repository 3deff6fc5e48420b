"""The settings file is followed while the daemon runs."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeProblems, until

from voice_assistant.errors import ConfigError
from voice_assistant.runtime.live_settings import (
    Change,
    LiveSettings,
    change_setting,
)
from voice_assistant.settings.catalogue import setting
from voice_assistant.settings.schema import Settings


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config.toml"


def followed(file, *problems):
    """Settings that follow `file`, and the changes that were told."""
    live = LiveSettings(Settings(), file, *(problems or (FakeProblems(),)), look_s=0.005)
    told = []
    live.follow(lambda before, now: told.append((before, now)))
    return live, told


def test_settings_of_effect_at_once_are_used_and_the_others_wait_for_a_restart(file):
    live, told = followed(file)
    file.write_text('[speech]\nspeed = 2.0\n[microphone]\npre_roll_s = 0.5\ndevice = "USB"\n')
    change = live.read_again()
    assert change == Change(("microphone.device", "speech.speed"), ("microphone.pre_roll_s",))
    assert live.now.speech.speed == 2.0
    assert live.now.microphone.device == "USB"
    assert live.now.microphone.pre_roll_s == 0.0
    assert live.waiting == ("microphone.pre_roll_s",)
    assert told == [(Settings(), live.now)]


def test_a_setting_that_is_changed_back_needs_no_restart(file):
    live, _ = followed(file)
    file.write_text("[microphone]\npre_roll_s = 0.5\n")
    live.read_again()
    file.write_text("")
    assert live.read_again() == Change()
    assert live.waiting == ()


@pytest.mark.parametrize("text", ["[speech]\nspeed = 9\n", '[hotkey]\nkeys = "banana"\n', "[x"])
def test_a_file_that_cannot_be_used_changes_nothing_and_is_a_problem_until_it_is_mended(file, text):
    problems = FakeProblems()
    live, told = followed(file, problems)
    file.write_text(text)
    with pytest.raises(ConfigError):
        live.read_again()
    assert live.now == Settings()
    assert told == []
    assert problems[-1][1] is not None
    file.write_text("")
    live.read_again()
    assert problems[-1] == ("settings", None)


async def test_a_change_by_hand_is_noticed(file):
    live, _ = followed(file)
    watching = asyncio.create_task(live.run())
    file.write_text("[speech]\nspeed = 2.0\n")
    await until(lambda: live.now.speech.speed == 2.0)
    file.write_text("[speech]\nspeed = 9\n")
    file.write_text("[speech]\nspeed = 1.5\n")
    await until(lambda: live.now.speech.speed == 1.5)
    file.unlink()
    await until(lambda: live.now.speech.speed == 1.0)
    watching.cancel()


def test_a_key_that_no_keyboard_has_is_not_written(file):
    with pytest.raises(ConfigError, match=r"hotkey\.keys"):
        change_setting(file, setting("hotkey.keys"), "ctrl+banana")
    assert not file.exists()
