"""A command ends when somebody wants it; each in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"]

HEAD = """
import asyncio, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from voice_assistant.cli.terminal import interruption
"""
STOPS = """
async def work():
    try:
        print("begun", flush=True)
        await asyncio.sleep(60)
    finally:
        print("stopped", flush=True)
"""
HANGS = """
async def work():
    print("begun", flush=True)
    await asyncio.to_thread(time.sleep, 60)
"""
ENDS = """
try:
    interruption.run(work(), grace_s=0.1)
except KeyboardInterrupt:
    sys.exit(130)
"""
WAITS = """
interruption.listen()
try:
    print("begun", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("stopped", flush=True)
    sys.exit(130)
"""


def after(program, *numbers):
    """What a program prints until a signal ends it, and its exit status."""
    with subprocess.Popen(
        [sys.executable, "-c", HEAD + program], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "begun\n"
        began = time.monotonic()
        for number in numbers:
            process.send_signal(getattr(signal, number))
        said = process.stdout.read()
        status = process.wait(20)
        assert time.monotonic() - began < 10
    return said, status


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("program", [STOPS + ENDS, WAITS], ids=["in a loop", "waiting"])
def test_every_signal_stops_what_is_done(program, number):
    assert after(program, number) == ("stopped\n", 130)


def test_a_thread_that_hangs_holds_nobody_up():
    assert after(HANGS + ENDS, "SIGINT") == ("", 130)


def test_signals_that_the_parent_ignores_are_ignored():
    ignoring = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    assert after(ignoring + STOPS + ENDS, "SIGHUP", "SIGTERM") == ("stopped\n", 130)


def test_a_result_comes_back():
    program = """
async def work():
    print("begun", flush=True)
    return 7
print(interruption.run(work()))
"""
    assert after(program) == ("7\n", 0)
