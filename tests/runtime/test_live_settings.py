"""The settings file is followed while the daemon runs."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeProblems, until
from helpers.settings.varied import settings_with

from voice_assistant.errors import ConfigError
from voice_assistant.runtime.live_settings import (
    Change,
    LiveSettings,
    Replaceable,
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


class Part:
    def __init__(self, name, running):
        self.name = name
        self._running = running

    async def run(self, ready):
        ready()
        self._running.append(self.name)
        try:
            await asyncio.Event().wait()
        finally:
            self._running.remove(self.name)


async def test_parts_are_replaced_when_their_settings_change_and_only_then():
    running = []
    parts = Replaceable(
        lambda now: [Part(now.hotkey.keys, running)] if now.hotkey.keys else [],
        lambda now: now.hotkey,
        Settings(),
        FakeProblems(),
    )
    task = asyncio.create_task(parts.run())
    await until(lambda: running == ["ctrl+alt+space"])
    parts.follow(Settings(), settings_with('hotkey.keys="f9"'))
    await until(lambda: running == ["f9"])
    parts.follow(Settings(), settings_with('hotkey.keys="f9"', "speech.speed=2"))
    await asyncio.sleep(0)
    assert running == ["f9"]
    parts.follow(Settings(), settings_with('hotkey.keys=""'))
    await until(lambda: not running)
    parts.follow(Settings(), settings_with('hotkey.keys="f8"'))
    await until(lambda: running == ["f8"])
    task.cancel()
    await until(lambda: not running)
