from __future__ import annotations

import subprocess
import sys

import pytest

from voice_assistant.system.file_lock import lock

HOLD = """
import sys
from voice_assistant.system.file_lock import lock
with open(sys.argv[1], "rb") as file:
    print(lock(file.fileno(), shared=sys.argv[2] == "shared"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "lock"
    file.write_bytes(b"content")
    return file


@pytest.mark.parametrize(
    ("held", "wanted", "free"),
    [("alone", False, False), ("shared", False, False), ("shared", True, True)],
)
def test_a_lock_keeps_other_processes_out_until_its_process_ends(file, held, wanted, free):
    with (
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(file), held],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as holder,
        file.open("r+b") as opened,
    ):
        assert holder.stdout.readline() == "True\n"
        assert lock(opened.fileno(), shared=wanted) is free
        assert opened.read() == b"content", "a lock moves nothing"
        holder.kill()
        holder.wait()
        assert lock(opened.fileno())


def test_a_lock_ends_when_its_file_is_closed(file):
    with file.open("rb") as first:
        assert lock(first.fileno())
        with file.open("rb") as second:
            assert not lock(second.fileno())
    with file.open("rb") as third:
        assert lock(third.fileno())
