"""`quit`, `restart` and `version`, with a daemon that is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from signal import SIGKILL, SIGSTOP
from typing import TYPE_CHECKING

import pytest

from voice_assistant.cli import control, lifecycle, signal
from voice_assistant.errors import ConfigError, DaemonError, NotRunning
from voice_assistant.runtime.process.daemon_lock import only_daemon
from voice_assistant.system import version

if TYPE_CHECKING:
    from pathlib import Path

DAEMON = """
import asyncio, os, sys, time
from voice_assistant.commands import Quit
from voice_assistant.runtime.process.control_socket import ControlSocket
from voice_assistant.runtime.live_settings import Change
from voice_assistant.status import Status
from voice_assistant.system import control_address

async def live(lasts_s):
    over = asyncio.Event()
    quits = []
    def post(command, _):
        quits.append(command)
        over.set()
    started_at = time.time()
    status = lambda: Status(pid=os.getpid(), started_at=started_at)
    control = ControlSocket(post, status, Change)
    serving = asyncio.create_task(control.run())
    while not os.path.exists(control_address.socket_file()):
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await over.wait()
    await asyncio.sleep(lasts_s)
    serving.cancel()
    return quits

if all(quit.anew for quit in asyncio.run(live(0.2))):
    os.execv(sys.executable, sys.orig_argv)
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


@pytest.fixture
def daemon(home):
    with subprocess.Popen([sys.executable, "-c", DAEMON], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_quit_returns_when_the_assistant_has_ended(daemon):
    assert lifecycle.end() == 0
    assert daemon.wait(0.5) == 0


def test_a_restart_returns_when_the_assistant_answers_again(daemon):
    before = lifecycle.report()
    assert lifecycle.restart() == 0
    after = lifecycle.report()
    assert after.pid == before.pid == daemon.pid
    assert after.started_at > before.started_at
    assert lifecycle.end() == 0


def test_quit_also_ends_an_assistant_that_starts_anew_just_now(daemon):
    signal.send("quit", anew=True)
    assert lifecycle.end() == 0
    assert daemon.wait(0.5) == 0


def test_quit_is_told_again_to_an_assistant_whose_connection_ends_without_an_answer(daemon):
    asked = lifecycle.report()
    signal.send("quit", anew=True)
    lifecycle._tell_to_quit()
    assert daemon.wait(5.0) == 0
    assert asked.pid == daemon.pid


def test_an_assistant_with_settings_that_cannot_be_used_is_not_ended(home, daemon):
    (home / "voice-assistant").mkdir(exist_ok=True)
    (home / "voice-assistant" / "config.toml").write_text('[hotkey]\nstop = "ctrl+alt+space"\n')
    with pytest.raises(ConfigError, match="are the same key"):
        lifecycle.restart()
    assert lifecycle.report().pid == daemon.pid


@pytest.mark.usefixtures("home")
def test_an_assistant_that_is_just_starting_ends_too():
    with only_daemon():
        code = DAEMON.replace("asyncio.run(live", "time.sleep(0.3) or asyncio.run(live")
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
            assert lifecycle.end() == 0
            assert process.wait(0.5) == 0


@pytest.mark.usefixtures("home")
def test_one_that_is_ending_is_not_waited_for_when_it_has_ended():
    with only_daemon() as lock:
        ending = threading.Timer(0.2, os.close, [os.dup(lock)])
        ending.start()
    with pytest.raises(NotRunning):
        lifecycle.end()
    ending.join()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", [lifecycle.end, lifecycle.restart])
def test_without_an_assistant_that_is_said(command):
    with pytest.raises(NotRunning):
        command()


def test_an_assistant_that_does_not_end_is_told(daemon, monkeypatch):
    monkeypatch.setattr(lifecycle, "END_S", 0.01)
    with pytest.raises(DaemonError, match="has not ended"):
        lifecycle.end()


def test_an_assistant_that_hangs_is_ended_all_the_same(daemon, monkeypatch):
    monkeypatch.setattr(control, "ANSWER_S", 0.1)
    os.kill(daemon.pid, SIGSTOP)
    assert lifecycle.end() == 0
    assert daemon.wait(5) == -SIGKILL
    with pytest.raises(NotRunning):
        lifecycle.end()


@pytest.mark.usefixtures("home")
def test_an_assistant_of_another_version_ends_too():
    code = DAEMON.replace("Status(pid=os.getpid(), started_at=started_at)", "'of another kind'")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert lifecycle.end() == 0
        assert process.wait(0.5) == 0


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", "-C", folder, *who, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_version_has_the_commit_of_a_checkout(tmp_path):
    assert version.commit(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert version.commit(tmp_path) == ""
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "first")
    first = git(tmp_path, "rev-parse", "--short", "HEAD")
    assert version.commit(tmp_path) == first
    assert version.on_disk(tmp_path).endswith(f" ({first})")
    (tmp_path / "within").mkdir()
    assert version.commit(tmp_path / "within") == "", "this is another project's commit"
