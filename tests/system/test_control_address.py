"""Daemon and commands find each other, and nobody else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from helpers.system.disk import NOBODY, as_root

from voice_assistant.errors import StorageError
from voice_assistant.runtime.process.daemon_lock import only_daemon
from voice_assistant.system import control_address

NOT_RUNNING = 9


@pytest.fixture
def home(monkeypatch):
    """A home with a short path: that of `tmp_path` may be too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="va-", dir="/tmp") as folder:
        monkeypatch.setenv("HOME", folder)
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        yield Path(folder)


@pytest.fixture
def long(home):
    """A home whose socket would have a path that no socket can have."""
    place = home / ("家" * 60)
    place.mkdir()
    os.environ["HOME"] = str(place)
    folder = Path(control_address.runtime_dir())
    yield folder
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def test_the_users_own_runtime_folder_is_used(home, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    assert control_address.socket_file() == f"{home}/voice-assistant/control.sock"


@pytest.mark.parametrize("named", ["gone", "file", "link", "relative", ""])
def test_a_folder_of_another_owner_is_not_used(home, monkeypatch, named):
    (home / "file").touch()
    (home / "link").symlink_to("/tmp")  # noqa: S108
    where = named if named in {"relative", ""} else str(home / named)
    monkeypatch.setenv("XDG_RUNTIME_DIR", where)
    fallback = Path(f"/run/user/{os.getuid()}")
    base = fallback if fallback.is_dir() else home / ".local/state"
    assert control_address.runtime_dir() == f"{base}/voice-assistant"


@as_root
def test_another_users_runtime_folder_is_not_used(home, monkeypatch):
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    assert not control_address.runtime_dir().startswith(f"{home}/voice-assistant")


def test_a_path_that_is_too_long_becomes_a_short_one_of_its_own(long):
    file = control_address.socket_file()
    assert len(os.fsencode(file)) <= 100
    assert control_address.socket_file() == file
    os.environ["HOME"] += "x"
    assert control_address.socket_file() != file


def test_press_reaches_the_daemon_by_the_short_path(long):
    with only_daemon(), socket.socket(socket.AF_UNIX) as served:
        assert long.stat().st_mode & 0o777 == 0o700
        served.bind(control_address.socket_file())
        served.listen()
        press = subprocess.Popen([sys.executable, "-m", "voice_assistant", "press"])
        connection, _ = served.accept()
        with connection:
            assert connection.recv(100).startswith(b'{"command":"press"')
            connection.sendall(b'{"ok":true}\n')
        assert press.wait(20) == 0


@pytest.mark.parametrize("trap", ["link", pytest.param("foreign", marks=as_root)])
def test_a_socket_of_another_owner_is_not_connected_to(long, trap, tmp_path):
    elsewhere = tmp_path / "theirs"
    elsewhere.mkdir()
    if trap == "link":
        long.symlink_to(elsewhere)
    else:
        long.mkdir()
        os.chown(long, NOBODY, NOBODY)
    with pytest.raises(PermissionError):
        control_address.socket_file()
    with (
        pytest.raises(StorageError, match="cannot be used: it is no folder of yours"),
        only_daemon(),
    ):
        pass
    press = subprocess.run([sys.executable, "-m", "voice_assistant", "press"], check=False)
    assert press.returncode == NOT_RUNNING
    assert list(elsewhere.iterdir()) == []
