"""Everything that was said is in the record, whatever happened meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from pathlib import Path

import pytest
from bench.waiting import wait_for
from helpers.e2e.assistant import COMMAND, command

from voice_assistant.history.store import Store

pytestmark = pytest.mark.long

SETTINGS = """
[profiles.work]
url = "http://127.0.0.1:{port}/v1"
api_key_command = "cat {token}"
"""


@pytest.fixture
def env(tmp_path):
    """Of a user who has a terminal, and no desktop."""
    beside = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "VOICE_ASSISTANT_URL")
    kept = {name: value for name, value in os.environ.items() if name not in beside}
    kept = {name: value for name, value in kept.items() if not name.startswith("XDG_")}
    return kept | {"HOME": str(tmp_path)}


@pytest.fixture
def port(env, tmp_path):
    """Where the app of the profile "work" is served; the settings name it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path / ".config" / "voice-assistant" / "config.toml"
    config.parent.mkdir(parents=True)
    token = work_home(env) / ".local" / "share" / "voice-assistant" / "serve-token"
    config.write_text(SETTINGS.format(port=port, token=token))
    return port


def work_home(env):
    return Path(env["HOME"]) / "work"


@contextlib.contextmanager
def another_server(env, port):
    """The app of the profile "work", with data of its own."""
    work_home(env).mkdir(exist_ok=True)
    own = env | {"HOME": str(work_home(env))}
    with subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)], env=own, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout.readline().startswith("Serving")
            yield
        finally:
            server.terminate()
            server.wait(20)


def ask(env, number, *more):
    """Ask for a sum; return what is printed."""
    question = f"what is {number} plus 100"
    return command("ask", "--no-speech", *more, question, env=env).stdout


def test_ten_turns_over_two_profiles_are_all_in_the_record(env, port, tmp_path):
    file = tmp_path / ".local" / "share" / "voice-assistant" / "history.sqlite3"

    def recorded(words):
        with Store(file) as store:
            return store.turns(search=words)

    work = ("--profile", "work")
    with another_server(env, port):
        assert [ask(env, number) for number in (1, 2)] == [
            f"{n} plus 100 is {100 + n}.\n" for n in (1, 2)
        ]
        assert [ask(env, number, *work) for number in (3, 4)][1] == "4 plus 100 is 104.\n"
        with subprocess.Popen(
            [COMMAND, "ask", "--no-speech", "what is 5 plus 100"],
            env=env,
            stdout=subprocess.DEVNULL,
        ) as killed:
            wait_for(lambda: recorded("what is 5"), "the question in the record", timeout_s=20)
            killed.kill()
    for number in (6, 7):
        assert ask(env, number, *work) == ""
    with another_server(env, port):
        assert command("profile", "use", "work", env=env).returncode == 0
        assert command("conversations", "delete", "current", env=env).returncode == 0
        assert ask(env, 8) == "8 plus 100 is 108.\n"
        assert command("profile", "use", "default", env=env).returncode == 0
    assert ask(env, 9) == "9 plus 100 is 109.\n"
    assert command("history", "again", "6", env=env).returncode in (0, 5, 7)

    turns = {number: recorded(f"what is {number} plus")[-1] for number in range(1, 10)}
    assert [turns[number].question for number in turns] == [f"what is {n} plus 100" for n in turns]
    states = {number: turn.state for number, turn in turns.items() if number != 5}
    failed = {number for number, state in states.items() if state == "failed"}
    assert failed == {6, 7}
    assert turns[5].state in ("broken_off", "complete")  # killed in the middle, or behind the end
    assert {turns[n].conversation_id for n in (1, 2, 9)} == {turns[1].conversation_id}
    assert turns[3].conversation_id == turns[4].conversation_id != turns[1].conversation_id
    assert turns[8].conversation_id not in {turns[n].conversation_id for n in (1, 3)}
    assert {turns[n].profile for n in (3, 4, 6, 7, 8)} == {"work"}
    assert Path(file).stat().st_mode & 0o777 == 0o600


@contextlib.contextmanager
def running(env):
    """An assistant without a desktop."""
    with subprocess.Popen([COMMAND, "run"], env=env, stderr=subprocess.DEVNULL) as daemon:
        try:
            wait_for(lambda: command("status", env=env).returncode == 0, "it runs")
            yield daemon
        finally:
            daemon.terminate()
            daemon.wait(20)


def test_a_running_assistant_changes_its_profile_without_a_restart(env, port, tmp_path):
    def status():
        return json.loads(command("status", "--json", env=env).stdout)

    with another_server(env, port), running(env) as daemon:
        assert ask(env, 1) == "1 plus 100 is 101.\n"
        first = status()
        assert ask(env, 2, "--profile", "work") == "2 plus 100 is 102.\n"
        assert status()["conversation_id"] == first["conversation_id"]
        assert command("profile", "use", "work", env=env).returncode == 0
        wait_for(lambda: status()["profile"] == "work", "the other profile")
        assert ask(env, 3) == "3 plus 100 is 103.\n"
        second = status()
        assert str(port) in second["backend"]
        assert (second["pid"], second["restart_for"]) == (daemon.pid, [])
        command("profile", "use", "default", env=env)
        wait_for(lambda: status()["conversation_id"] == first["conversation_id"], "the first one")
    with Store(tmp_path / ".local" / "share" / "voice-assistant" / "history.sqlite3") as store:
        turns = store.turns()[::-1]
    assert [turn.profile for turn in turns] == ["", "work", "work"]
    assert turns[1].conversation_id == turns[2].conversation_id == second["conversation_id"]
    assert turns[0].conversation_id == first["conversation_id"]
