"""A switch that stays as it is over a restart."""

from __future__ import annotations

import pytest

from voice_assistant.settings.kept_switch import KeptSwitch


@pytest.mark.parametrize(("turns", "on"), [([], False), ([True], True), ([None], True)])
def test_a_kept_switch_stays_after_a_restart(tmp_path, turns, on):
    switch = KeptSwitch(tmp_path / "new" / "off")
    for place in turns:
        switch.turn(place)
    assert switch.on == on
    assert KeptSwitch(tmp_path / "new" / "off").on == on


def test_a_kept_switch_can_be_turned_back(tmp_path):
    switch = KeptSwitch(tmp_path / "off")
    for place in (True, True, None):
        switch.turn(place)
    assert not switch.on
    assert not KeptSwitch(tmp_path / "off").on


def test_where_the_disk_refuses_it_holds_for_now(tmp_path, caplog):
    (tmp_path / "file").touch()
    switch = KeptSwitch(tmp_path / "file" / "off")
    switch.turn(True)
    assert switch.on
    assert "a restart will not know the change" in caplog.text
