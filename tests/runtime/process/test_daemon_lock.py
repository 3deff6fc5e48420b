from __future__ import annotations

import select
import socket
import stat
import subprocess
import sys

import pytest

from voice_assistant.errors import AlreadyRunning, DaemonError, StorageError
from voice_assistant.runtime.process.daemon_lock import is_held, only_daemon
from voice_assistant.system import control_address


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_a_second_daemon_is_refused_and_the_lock_goes_with_its_holder():
    with only_daemon():
        with pytest.raises(AlreadyRunning, match="running already"), only_daemon():
            pass
        code = (
            "from voice_assistant.runtime.process.daemon_lock import only_daemon\n"
            "with only_daemon(): pass"
        )
        other = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert "AlreadyRunning" in other.stderr
    with only_daemon():
        pass


def test_a_second_daemon_is_refused_though_the_lock_was_deleted(tmp_path):
    with only_daemon(), socket.socket(socket.AF_UNIX) as serving:
        serving.bind(control_address.socket_file())
        serving.listen()
        (tmp_path / "voice-assistant" / "daemon.lock").unlink()
        with pytest.raises(AlreadyRunning, match="running already"), only_daemon():
            pass


@pytest.mark.parametrize("name", ["control.sock", "daemon.lock"])
def test_a_folder_in_place_of_socket_or_lock_is_said(tmp_path, name):
    (tmp_path / "voice-assistant" / name).mkdir(parents=True)
    refused = pytest.raises((DaemonError, StorageError), match="Is a directory")
    with refused as told, only_daemon():
        pass
    assert name in told.value.title


def test_the_lock_is_its_owners_alone(tmp_path):
    with only_daemon():
        lock = tmp_path / "voice-assistant" / "daemon.lock"
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600


ANEW = """
import os, sys, time
from voice_assistant.runtime.process.daemon_lock import hand_on, only_daemon
with only_daemon() as lock:
    if len(sys.argv) == 1:
        hand_on(lock)
        os.execv(sys.executable, [*sys.orig_argv, "again"])
    print("VOICE_ASSISTANT_LOCK" in os.environ, os.get_inheritable(lock), flush=True)
    sys.stdin.read()
"""


def test_the_lock_is_held_while_the_program_starts_again():
    assert not is_held()
    argv = [sys.executable, "-c", ANEW]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        while not is_held():
            assert process.poll() is None
        looked = 0
        while not select.select([process.stdout], [], [], 0)[0]:
            assert is_held()
            looked += 1
        assert looked > 1
        assert process.stdout.readline() == b"False False\n"
        assert is_held()
        process.stdin.close()
    assert not is_held()


@pytest.mark.parametrize("named", ["", "1", "99", "-1", "x", "9" * 30])
def test_a_lock_that_was_not_handed_on_is_taken_as_ever(monkeypatch, named):
    monkeypatch.setenv("VOICE_ASSISTANT_LOCK", named)
    with only_daemon(), pytest.raises(AlreadyRunning), only_daemon():
        pass
