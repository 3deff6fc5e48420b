"""Commands of a user whose folders cannot be written to: a sentence each, and an answer."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from helpers.system.disk import NOBODY, as_nobody, as_root, file_instead

RUN = "import sys; from voice_assistant.cli import main; sys.exit(main())"


@pytest.fixture
def home(tmp_path, monkeypatch):
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in list(os.environ):
        if name.startswith(("XDG_", "VOICE_ASSISTANT_", "DISPLAY", "DBUS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    return home


def command(*arguments, timeout=None):
    return subprocess.run(
        [sys.executable, "-B", "-c", RUN, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def others(home):
    """As one `sudo` may have left it: root's, in a home of the user's."""
    (home / ".local").mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)


@as_root
def test_a_question_is_answered_and_the_disk_told_once(home):
    others(home)
    done = as_nobody(RUN, "ask", "--no-speech", "12*7")
    assert done.stdout == "12 times 7 is 84.\n"
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Permission denied") == 1


@as_root
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("recordings", "list"), 0),
        (("serve", "--port", "0"), 3),
    ],
)
def test_no_command_shows_a_traceback(home, arguments, status):
    others(home)
    done = as_nobody(RUN, *arguments)
    assert "Traceback" not in done.stderr
    assert done.returncode == status
    if status:
        assert "Permission denied" in done.stderr


@as_root
def test_files_that_root_makes_in_a_users_home_belong_to_the_user(home):
    os.chown(home, NOBODY, NOBODY)
    assert command("ask", "--no-speech", "12*7").returncode == 0
    made = [path for path in home.rglob("*") if path.stat().st_uid != NOBODY]
    assert made == []


def test_a_file_in_place_of_every_folder_costs_no_answer(home):
    file_instead(home / ".local")
    done = command("ask", "--no-speech", "12*7")
    assert done.stdout == "12 times 7 is 84.\n"
    assert done.stderr.count("Not a directory") == 2  # conversation and record
    assert "Traceback" not in done.stderr


def fifo(file):
    os.mkfifo(file)


def nested(file):
    file.write_text('{"a": ' + "[" * 200_000)


KEPT = ["user", "conversations.json", "history.sqlite3", "embedded/server.sqlite3", "profile"]


@pytest.mark.parametrize("spoil", [fifo, nested])
def test_no_kept_file_that_is_none_keeps_an_answer_waiting(home, spoil):
    data = home / ".local" / "share" / "voice-assistant"
    (data / "embedded").mkdir(parents=True, mode=0o700)
    for name in KEPT:
        spoil(data / name)
    done = command("ask", "--no-speech", "12*7", timeout=60)
    assert done.stdout == "12 times 7 is 84.\n"
    assert "Traceback" not in done.stderr


def test_speech_for_a_fifo_or_a_device_is_refused_or_written_and_never_waits(home):
    os.mkfifo(home / "fifo")
    refused = command("ask", "--save-speech", str(home / "fifo"), "12*7", timeout=60)
    assert refused.returncode == 8
    assert "fifo cannot be written: it is no plain file" in refused.stderr
    assert command("ask", "--save-speech", os.devnull, "12*7", timeout=60).returncode == 0


def test_an_odd_time_zone_is_told(home, monkeypatch):
    monkeypatch.setenv("TZ", "XXX-167:59:59")
    done = command("recordings", "list")
    assert (done.returncode, done.stdout) == (0, "There are no recordings.\n")
    assert done.stderr.startswith("voice-assistant: TZ names no time zone: XXX-167:59:59.")


def test_a_file_named_within_a_folder_that_was_deleted_is_not_found(home):
    gone = home / "gone"
    gone.mkdir()
    run = f"import os, sys; folder = sys.argv.pop(1); os.chdir(folder); os.rmdir(folder); {RUN}"
    asked = subprocess.run(
        [sys.executable, "-BP", "-c", run, str(gone), "ask", "--file", "a.pdf", "what is it"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 8
    assert "There is no file a.pdf: the current folder was deleted" in asked.stderr
