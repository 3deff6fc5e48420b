from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voice_assistant.system.own_command import LAUNCHER, form

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def program(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_a_command_that_the_shell_finds_is_named_alone(home):
    folder = program(home / "bin" / "voice-assistant").parent
    assert form(str(folder), home / "venv" / "python") == "voice-assistant"


def test_the_launcher_is_named_where_its_folder_is_not_in_path(home):
    program(home / ".local/bin/voice-assistant")
    assert form("/nowhere", home / "venv" / "python") == LAUNCHER


def test_the_script_beside_the_interpreter_is_named_in_quotes(home):
    program(home / "a venv" / "voice-assistant")
    assert form("/nowhere", home / "a venv" / "python") == f"'{home}/a venv/voice-assistant'"


def test_without_any_script_the_module_runs(home):
    assert form("/nowhere", home / "python") == f"{home}/python -m voice_assistant"
