"""`setup`, by flags and by answers in a terminal."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
import tomllib

import pytest

from voice_assistant.errors import INTERRUPTED


@pytest.fixture
def env(tmp_path):
    home = {
        name: str(tmp_path)
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    file = str(tmp_path / "config.toml")
    return {**os.environ, **home, "XDG_RUNTIME_DIR": str(tmp_path), "VOICE_ASSISTANT_CONFIG": file}


COMMAND = [sys.executable, "-m", "voice_assistant", "setup"]


def set_up(env, *flags):
    return subprocess.run(
        [*COMMAND, *flags],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def kept(tmp_path):
    file = tmp_path / "config.toml"
    return tomllib.loads(file.read_text()) if file.exists() else {}


def test_flags_are_kept_without_a_question(env, tmp_path):
    (tmp_path / "config.toml").write_text("# mine\n")
    done = set_up(env, "--talk-key", "f9", "--mode", "toggle", "--speed", "1.5", "--login", "on")
    assert done.returncode == 0, done.stderr
    assert kept(tmp_path) == {"hotkey": {"keys": "f9", "mode": "toggle"}, "speech": {"speed": 1.5}}
    assert (tmp_path / "config.toml").read_text().startswith("# mine\n")
    assert (tmp_path / "autostart").exists()


def test_who_answers_is_changed_in_the_profile_that_answers(env, tmp_path):
    (tmp_path / "config.toml").write_text(
        '[backend]\nprofile = "work"\n[profiles.work]\nkind = "dify"\nurl = "https://old.example/v1"\n'
    )
    done = set_up(env, "--url", "https://new.example/v1", "--talk-key", "f9")
    assert done.returncode == 0, done.stderr
    assert kept(tmp_path) == {
        "backend": {"profile": "work"},
        "profiles": {"work": {"kind": "dify", "url": "https://new.example/v1"}},
        "hotkey": {"keys": "f9"},
    }
    refused = set_up(env, "--url", "nonsense")
    assert "backend.url" in refused.stderr


def test_a_wrong_flag_is_refused_and_nothing_is_kept(env, tmp_path):
    done = set_up(env, "--talk-key", "f9", "--speed", "9")
    assert done.returncode != 0
    assert "It goes from 0.5 to 3." in done.stderr
    assert kept(tmp_path) == {}


def test_without_flags_and_terminal_it_says_so(env, tmp_path):
    done = set_up(env)
    assert "no terminal" in done.stderr
    assert kept(tmp_path) == {}
    closed = subprocess.run(
        ["sh", "-c", f"{shlex.join(COMMAND)} <&-"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "no terminal" in closed.stderr


def test_in_a_terminal_it_asks_and_a_wrong_answer_is_asked_again(env, tmp_path):
    answers = {
        b"The talk key": [b"banana", b"f9"],
        b"How to talk": [b"hybrid"],
        b"How fast answers": [b"2"],
        b"Start the assistant when": [b"no"],
    }
    ours, theirs = pty.openpty()
    said = b""
    with subprocess.Popen(COMMAND, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        while piece := read(ours):
            said += piece
            if said.endswith(b"]: "):
                question = said.splitlines()[-1]
                left = next((more for title, more in answers.items() if title in question), [])
                os.write(ours, (left.pop(0) if left else b"") + b"\n")
    os.close(ours)
    assert process.returncode == 0, said
    assert b"hotkey.keys" in said
    assert kept(tmp_path) == {"hotkey": {"keys": "f9", "mode": "hybrid"}, "speech": {"speed": 2.0}}


def test_the_end_of_the_input_ends_it_and_keeps_nothing(env, tmp_path):
    ours, theirs = pty.openpty()
    with subprocess.Popen(COMMAND, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while piece := read(ours):
            said += piece
            if said.endswith(b"]: "):
                os.write(ours, b"\x04")
    os.close(ours)
    assert process.returncode == INTERRUPTED
    assert b"Traceback" not in said
    assert kept(tmp_path) == {}


def read(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # the end of a terminal
        return b""
