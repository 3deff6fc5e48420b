"""The setup is offered until something was set up."""

from __future__ import annotations

import pytest

from voice_assistant.commands import Window
from voice_assistant.runtime.setup import first_start


@pytest.fixture(autouse=True)
def _home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("VOICE_ASSISTANT_CONFIG", str(tmp_path / "config.toml"))


def test_the_greeting_offers_the_setup_until_it_was_opened():
    [choice] = first_start.buttons()
    assert choice.command == Window(view="setup")
    first_start.is_over()
    assert first_start.buttons() == ()


def test_a_settings_file_is_no_first_start(tmp_path):
    (tmp_path / "config.toml").touch()
    assert first_start.buttons() == ()
