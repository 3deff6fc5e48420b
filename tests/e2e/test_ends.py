"""An assistant that ends, by itself or not, leaves nothing behind."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from bench import Desktop
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, Assistant


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="") as whole:
        yield whole


def test_quitting_leaves_no_process_and_no_secret_behind(desktop):
    before = set(Assistant(desktop).processes())
    with Assistant(desktop, NO_FACE) as assistant:
        assistant.wait_until_complete()
        assistant.tell("ask", "--no-speech", "what time is it")
        ours = set(assistant.processes()) - before
        assert len(ours) >= 2
        lines = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in ours]
        assert not any(b"token" in line.lower() for line in lines)
        words = [word for line in lines for word in line.split(b"\0")]
        assert not any(re.fullmatch(rb"[\w-]{40,}", word) for word in words), "it looks like one"
        assert assistant.tell("quit").returncode == 0
        wait_for(lambda: not set(assistant.processes()) - before, "all processes have ended")
        assert assistant.process.wait(10) == 0


def test_an_assistant_that_is_killed_takes_its_children_along(desktop):
    before = set(Assistant(desktop).processes())
    with Assistant(desktop, NO_FACE) as assistant:
        assistant.wait_until_complete()
        assistant.process.kill()
        assistant.process.wait(10)
        wait_for(lambda: not set(assistant.processes()) - before, "all processes have ended")


def test_the_interpreter_is_the_one_that_is_tested():
    assert Path(sys.executable).with_name("voice-assistant").exists()
