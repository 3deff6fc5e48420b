"""A crash of the process: what is told of it, and where it cannot be."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.system.disk import file_instead

START = """
import logging, os
from voice_assistant.runtime.process.crash import crash_kept
logging.basicConfig()
with crash_kept():
    {what}
"""


@pytest.fixture
def start(tmp_path):
    """Returns a function that runs one life of a process; it returns what the process logged."""

    def start(what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", START.format(what=what)],
            env={"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=False,
        )

    return start


def test_the_start_after_a_crash_tells_once_where_it_happened(start, tmp_path):
    assert start("os.abort()").returncode < 0
    (kept,) = tmp_path.rglob("crash.txt")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    told = start("pass").stderr
    assert "ERROR" in told
    assert "the assistant crashed the last time:\nFatal Python error: Aborted\n" in told
    assert 'File "<string>", line 6' in told
    assert not start("pass").stderr


def test_an_error_of_python_is_no_crash(start):
    assert "ZeroDivisionError" in start("1 / 0").stderr
    assert not start("pass").stderr


def test_a_folder_that_cannot_be_used_keeps_nothing_from_starting(start, tmp_path):
    file_instead(tmp_path / "voice-assistant")
    told = start("print('started')")
    assert told.stdout == "started\n"
    assert "a crash will not be told" in told.stderr
