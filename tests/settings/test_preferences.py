from __future__ import annotations

import logging
import stat

import pytest
from helpers.settings.varied import settings_with
from helpers.system.disk import file_instead

from voice_assistant.settings.preferences import Preferences


def said(volume=1.0, speed=1.0):
    return settings_with(f"speaker.volume={volume}", f"speech.speed={speed}")


def in_use(file, settings):
    found = Preferences(file, settings).settings()
    return found.speaker.volume, found.speech.speed


def test_before_anything_is_chosen_the_settings_hold(tmp_path):
    assert Preferences(tmp_path / "preferences.json", said(0.3, 2.0)).settings() == said(0.3, 2.0)
    assert not list(tmp_path.iterdir())


def test_the_last_choice_holds_after_a_restart(tmp_path):
    file = tmp_path / "preferences.json"
    preferences = Preferences(file, said(1.0, 1.0))
    preferences.keep(volume=0.9, speed=1.0)
    preferences.keep(volume=0.25, speed=1.5)
    assert in_use(file, said(1.0, 1.0)) == (0.25, 1.5)


def test_a_restart_does_not_take_what_was_chosen_for_the_settings(tmp_path):
    file = tmp_path / "preferences.json"
    Preferences(file, said()).keep(volume=0.5, speed=1.0)
    again = Preferences(file, said())
    again.settings()
    again.keep(volume=0.5, speed=2.0)
    assert in_use(file, said()) == (0.5, 2.0)


def test_settings_that_are_changed_later_win_each_for_itself(tmp_path):
    file = tmp_path / "preferences.json"
    Preferences(file, said(1.0, 1.0)).keep(volume=0.25, speed=1.5)
    assert in_use(file, said(0.8, 1.0)) == (0.8, 1.5)
    assert in_use(file, said(1.0, 2.5)) == (0.25, 2.5)


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"settings": {"volume": 1, "speed": 1}, "chosen": {"volume": 7, "speed": 1}}',
        b'{"settings": {"volume": 1, "speed": 1}, "chosen": {"volume": 1, "speed": "fast"}}',
    ],
)
def test_a_spoilt_file_leaves_the_settings(tmp_path, spoilt):
    file = tmp_path / "preferences.json"
    file.write_bytes(spoilt)
    assert in_use(file, said()) == (1.0, 1.0)
    Preferences(file, said()).keep(volume=0.5, speed=2.0)
    assert in_use(file, said()) == (0.5, 2.0)


def test_the_file_is_its_owners_alone(tmp_path):
    Preferences(tmp_path / "preferences.json", said()).keep(volume=0.5, speed=2.0)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_nothing_can_be_kept_the_choice_holds_for_now(tmp_path, caplog):
    file_instead(tmp_path / "gone")
    Preferences(tmp_path / "gone" / "preferences.json", said()).keep(volume=0.5, speed=2.0)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
