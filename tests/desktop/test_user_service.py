from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from voice_assistant.desktop import user_service
from voice_assistant.errors import DeviceError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def systemctl(home: Path, text: str) -> Path:
    """Have a stand-in for the program, which notes how it is called."""
    program = home / "bin" / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$*" >>{home}/calls\n{text}\n')
    program.chmod(0o755)
    return home / "calls"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_finds_no_fault_in_the_unit(tmp_path):
    file = tmp_path / user_service.NAME
    file.write_text(user_service.unit())
    command = ["systemd-analyze", "--user", "verify", "--man=no", file]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert str(file) not in told.stderr + told.stdout, told.stderr
    assert user_service.NAME not in told.stderr + told.stdout, told.stderr


def test_a_service_is_enabled_and_disabled(home):
    calls = systemctl(home, "exit 0")
    user_service.switch(on=True)
    assert "Type=notify" in user_service.file().read_text()
    user_service.switch(on=False)
    assert not user_service.file().exists()
    assert calls.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now voice-assistant.service",
        "--user disable --now voice-assistant.service",
        "--user daemon-reload",
    ]


def test_a_refusal_is_told_with_its_reason(home):
    systemctl(home, "echo Failed to connect to bus. >&2; exit 1")
    with pytest.raises(DeviceError, match="Failed to connect to bus"):
        user_service.switch(on=True)


@pytest.mark.usefixtures("home")
def test_without_systemd_another_way_is_named():
    with pytest.raises(DeviceError) as caught:
        user_service.switch(on=True)
    assert "autostart on" in caught.value.hint
