from __future__ import annotations

from pathlib import Path

import pytest

from voice_assistant.system import paths


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("VA_FOLDER", "elsewhere")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("~/my.toml", "my.toml"),
        ("$HOME/my.toml", "my.toml"),
        ("${HOME}/my.toml", "my.toml"),
        ("$HOME/$VA_FOLDER/my.toml", "elsewhere/my.toml"),
        ('"~/my.toml"', "my.toml"),
        ("'$HOME/my.toml'", "my.toml"),
        ("  ~/my.toml \r\n", "my.toml"),
        (' "~/my.toml" ', "my.toml"),
        ("\ufeff~/my.toml\u00a0", "my.toml"),
        ("~/with a blank.toml", "with a blank.toml"),
        ("my.toml", "my.toml"),
        ("./below/my.toml", "below/my.toml"),
        ("~/$UNKNOWN_HERE/my.toml", "$UNKNOWN_HERE/my.toml"),
    ],
)
def test_the_named_file_is_found_as_people_write_it(home, name, file):
    environ = {"VOICE_ASSISTANT_CONFIG": name}
    assert paths.config_file(environ) == home / file
    assert paths.named_config_file(environ) == home / file


@pytest.mark.parametrize(
    "environ", [{}, {"VOICE_ASSISTANT_CONFIG": ""}, {"VOICE_ASSISTANT_CONFIG": ' "" '}]
)
def test_without_a_name_the_file_is_in_the_platforms_place(environ):
    assert paths.named_config_file(environ) is None
    assert paths.config_file(environ).parts[-2:] == ("voice-assistant", "config.toml")


def test_a_named_file_is_a_whole_path_for_whoever_reads_it_from_another_folder(home, monkeypatch):
    named = paths.config_file({"VOICE_ASSISTANT_CONFIG": "my.toml"})
    monkeypatch.chdir("/")
    assert named == home / "my.toml"
    assert Path(named).is_absolute()
