"""What killed processes leave among the temporary files."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from helpers.system.disk import NOBODY, as_root

from voice_assistant.system import temporary


def leave(place, name, age_s):
    folder = place / name
    folder.mkdir()
    (folder / "speech.wav").write_bytes(b"private")
    at_s = time.time() - age_s
    os.utime(folder, (at_s, at_s))
    return folder


def gone_pid():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_a_folder_is_there_for_as_long_as_it_is_used(tmp_path):
    with temporary.temporary_folder(tmp_path) as folder:
        temporary.sweep(tmp_path)
        assert [str(path) for path in tmp_path.iterdir()] == [folder]
    assert list(tmp_path.iterdir()) == []


def test_folders_of_dead_processes_are_removed_and_nothing_else(tmp_path):
    dead, day = gone_pid(), temporary.OLD_S + 60
    stay = [
        leave(tmp_path, f"voice-assistant-{os.getpid()}-abc", day),
        leave(tmp_path, f"voice-assistant-{dead}-new", 0),
        leave(tmp_path, "voice-assistant-demo-abc", 3600),
        leave(tmp_path, "another-program", day),
        leave(tmp_path, "theirs", day),
    ]
    (tmp_path / "voice-assistant-link").symlink_to(stay[-1])
    leave(tmp_path, f"voice-assistant-{dead}-abc", 100)
    leave(tmp_path, "voice-assistant-abc", day)
    temporary.sweep(tmp_path)
    assert {path for path in tmp_path.iterdir() if not path.is_symlink()} == set(stay)
    assert (stay[-1] / "speech.wav").exists()


@as_root
def test_folders_of_another_user_are_left_alone(tmp_path):
    theirs = leave(tmp_path, f"voice-assistant-{gone_pid()}-abc", 100)
    os.chown(theirs, NOBODY, NOBODY)
    temporary.sweep(tmp_path)
    assert theirs.exists()


def test_with_a_full_disk_the_folder_is_in_memory():
    code = """
from helpers.system.disk import full_disk
from voice_assistant.system import temporary
from voice_assistant.errors import StorageError
with full_disk():
    try:
        with temporary.temporary_folder() as folder:
            assert temporary.is_temporary(f"{folder}/picture.png")
            print(folder)
    except StorageError as error:
        print(error.title)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    there = os.path.isdir(temporary.IN_MEMORY)  # noqa: PTH112
    assert done.stdout.startswith(temporary.IN_MEMORY if there else "/ cannot be used"), done.stderr
