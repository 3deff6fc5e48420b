"""The names of settings for people."""

from __future__ import annotations

import pytest

from voice_assistant.settings.catalogue import every_setting
from voice_assistant.settings.titles import SECTIONS, TITLES, in_titles, title


def test_every_setting_that_is_no_secret_has_a_name_of_its_own_in_its_section():
    shown = [one for one in every_setting() if not one.secret]
    assert set(TITLES) == {one.key for one in shown}
    assert set(SECTIONS) == {one.section for one in shown}
    assert len({(one.section, title(one)) for one in shown}) == len(shown)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("speaker.volume is 9", "“Volume” is 9"),
        ("raise `backend.queue_s`.", "raise “Seconds that a busy server is waited for”."),
        ("raise backend.queue_s.", "raise “Seconds that a busy server is waited for”."),
        ("hotkey.stop and hotkey.pause", "“Stop” and “Pause”"),
        ("调大backend.queue_s。", "调大“Seconds that a busy server is waited for”。"),
        ("`volume` or `tail_s`", "“Volume” or `tail_s`"),
        ("under [backend.inputs]: x", "under [backend.inputs]: x"),
        ("https://speaker.volume/ /speaker.volume my.speaker.volume", None),
        ("www.example.org, config.toml, `voice-assistant status`", None),
        ("put `backend.api_key` there", None),
    ],
)
def test_displays_call_settings_by_their_titles(text, told):
    assert in_titles(text, "speaker") == (told or text)
