"""`config set`, `get` and `unset` with every setting that there is."""

from __future__ import annotations

import pytest

from voice_assistant.cli import settings as command
from voice_assistant.errors import ConfigError
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.system import paths

APP = "[backend]\nurl = 'http://127.0.0.1:9/v1'\n\n[profiles.home]\nurl = 'http://[::1]:9/v1'\n"
TYPED = {
    "backend.profile": "home",
    "backend.url": "https://example.org/v1",
    "chat_model.url": "http://127.0.0.1:8080/v1",
    "hands_free.wake_phrase": "good morning",
    "hands_free.wake_detector": "recogniser",
}
"""What is typed for texts of which not every one is allowed."""

SETTINGS = [one for one in every_setting() if one.name != "api_key"]


def typed(one):
    """A value that is not the default, as a person types it."""
    if found := TYPED.get(one.key):
        return found
    if one.choices:
        return next(word for word in one.choices if word != one.default)
    if one.allowed:
        return f"{next(end for end in one.allowed if end != one.default):.12g}"
    if isinstance(one.default, bool):
        return "off" if one.default else "on"
    if isinstance(one.default, dict):
        return '{ place = "Zürich", number = 2 }'
    return "ctrl+alt+F7" if one.section == "hotkey" else 'Zürich "quoted" #1'


@pytest.fixture
def file(tmp_path, monkeypatch):
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    paths.config_file().parent.mkdir(parents=True, exist_ok=True)
    paths.config_file().write_text(APP)
    return paths.config_file()


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.key)
def test_a_setting_is_set_read_and_taken_out_again(one, file, capsys):
    def shown():
        assert command.get(one.key) == 0
        return capsys.readouterr().out.removesuffix("\n")

    before, given = shown(), typed(one)
    command.set_value(one.key, given)
    capsys.readouterr()
    after = shown()
    command.unset(one.key)
    capsys.readouterr()
    if one.secret:
        assert (before, after) == ("", "***")
    elif isinstance(one.default, str):
        assert after == given
    else:
        assert after != before
        command.set_value(one.key, after)  # what is shown can be typed
        capsys.readouterr()
        assert shown() == after
        command.unset(one.key)
        capsys.readouterr()
    if one.key not in {"backend.url", "backend.kind"}:
        assert shown() == before
        assert file.read_text().split() == APP.split()


def test_a_key_is_not_taken_from_the_command_line(file):
    for key in ("backend.api_key", "chat_model.api_key"):
        with pytest.raises(ConfigError, match="no place for a key"):
            command.set_value(key, "app-secret")
    assert file.read_text() == APP


def test_settings_that_belong_together_are_written_one_after_the_other(file, capsys):
    file.write_text("")
    assert command.set_value("backend.kind", "dify") == 0
    assert "backend.url is missing" in capsys.readouterr().err
    assert command.set_value("backend.url", "https://example.org/v1") == 0
    assert capsys.readouterr().err == ""
