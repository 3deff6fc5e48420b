"""Starting at login: what the file says is so, whoever wrote it."""

from __future__ import annotations

import plistlib
import sys

import pytest
from helpers.system.disk import full_disk

from voice_assistant.desktop import autostart, entry
from voice_assistant.errors import StorageError


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The user's settings folder, and that of the system."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'none'}:{tmp_path / 'system'}")
    return tmp_path / "config", tmp_path / "system"


@pytest.fixture(params=["linux", "darwin", "win32"])
def login(request, folders):
    return autostart.of_this_platform(request.param)


def write(folder, text):
    file = folder / "autostart" / entry.FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_it_is_off_until_it_is_switched_on(login):
    assert not login.on
    login.switch(on=False)
    assert not login.file.exists()
    for _ in range(2):
        login.switch(on=True)
        assert login.on
        assert not login.is_left_behind
    login.switch(on=False)
    assert not login.on
    assert list(login.file.parent.iterdir()) == []


def test_the_entry_of_another_installation_is_rewritten_and_our_own_left_alone(login):
    login.switch(on=True)
    ours = login.file.read_bytes()
    login.file.write_bytes(ours.replace(sys.executable.encode(), b"/gone/python"))
    assert login.on
    assert login.is_left_behind
    autostart.keep(login)
    assert login.file.read_bytes() == ours
    login.file.write_bytes(ours + b"\n")
    autostart.keep(login)
    assert login.file.read_bytes() == ours + b"\n"


def test_keeping_the_autostart_does_not_switch_it_on(login):
    autostart.keep(login)
    assert not login.file.exists()


def test_a_file_that_cannot_be_written_is_said_and_looking_after_it_only_logged(login, caplog):
    login.switch(on=True)
    ours = login.file.read_bytes()
    login.file.write_bytes(ours.replace(sys.executable.encode(), b"/gone/python"))
    with full_disk(), pytest.raises(StorageError, match="cannot be written"):
        login.switch(on=True)
    with full_disk():
        autostart.keep(login)
    assert "cannot be written" in caplog.text
    assert login.on


def test_nonsense_starts_nothing(login):
    login.switch(on=True)
    for nonsense in (b"", b"\xff\xfe\0", b"bplist00\xff", b"[Desktop Entry]\nName=x", b"<plist>"):
        login.file.write_bytes(nonsense)
        assert not login.on


@pytest.mark.parametrize(
    ("added", "on"),
    [
        ("Hidden=true", False),
        ("Hidden=false", True),
        ("X-GNOME-Autostart-enabled=false", False),
        ("X-GNOME-Autostart-enabled=true", True),
        ("X-GNOME-Autostart-enabled=true\nHidden=true", False),
        ("# Hidden=true", True),
        ("[Other]\nHidden=true", True),
    ],
)
def test_desktops_switch_it_off_in_their_own_ways(folders, added, on):
    login = autostart.Session()
    file = write(folders[0], entry.login_entry() + added + "\n")
    assert login.on == on
    file.write_text(file.read_text().replace(sys.executable, "/gone/python"))
    autostart.keep(login)
    assert login.on == on
    assert ("/gone" in file.read_text()) == (not on), "what is off is left alone"
    login.switch(on=True)
    assert login.on


def test_a_systems_autostart_is_hidden_when_the_user_switches_it_off(folders):
    _, system = folders
    text = "[Desktop Entry]\nExec=/usr/bin/voice-assistant run\n"
    theirs = write(system, text)
    login = autostart.Session()
    assert login.on
    autostart.keep(login)
    assert not login.file.exists()
    login.switch(on=False)
    assert not login.on
    assert entry.keys_in(login.file.read_text())["Hidden"] == "true"
    login.switch(on=False)
    assert not login.on
    login.switch(on=True)
    assert login.file.read_text() == entry.login_entry()
    assert theirs.read_text() == text


def test_launchd_is_told_what_to_run(folders):
    agent = autostart.LaunchAgent()
    agent.switch(on=True)
    assert agent.file.name == "io.github.voice_assistant.VoiceAssistant.plist"
    with agent.file.open("rb") as file:
        told = plistlib.load(file)
    assert told["Label"] == agent.file.stem
    assert told["ProgramArguments"] == [*entry.command("run")]
    assert told["RunAtLoad"] is True
    assert told["EnvironmentVariables"]["PATH"]


def test_windows_runs_a_command_file_that_leaves_no_terminal(folders, monkeypatch):
    monkeypatch.setattr(sys, "executable", r"C:\100% mine\python.exe")
    login = autostart.of_this_platform("win32")
    login.switch(on=True)
    said = login.file.read_bytes().decode()
    assert said == (
        "@chcp 65001 >nul\r\n"
        '@start "" /min "C:\\100%% mine\\python.exe" -P -m voice_assistant run\r\n'
    )
    assert login.file.parts[-4:] == ("Start Menu", "Programs", "Startup", "voice-assistant.cmd")
    monkeypatch.setattr(sys, "executable", r"C:\other\python.exe")
    assert login.is_left_behind
