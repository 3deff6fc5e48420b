"""The names of settings for people."""

from __future__ import annotations

from voice_assistant.settings.catalogue import every_setting
from voice_assistant.settings.titles import SECTIONS, TITLES, title


def test_every_setting_that_is_no_secret_has_a_name_of_its_own_in_its_section():
    shown = [one for one in every_setting() if not one.secret]
    assert set(TITLES) == {one.key for one in shown}
    assert set(SECTIONS) == {one.section for one in shown}
    assert len({(one.section, title(one)) for one in shown}) == len(shown)
