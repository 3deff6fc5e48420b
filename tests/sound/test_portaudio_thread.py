"""PortAudio's thread: calls in order, a stop that is never lost, an end that waits for nobody."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from voice_assistant.errors import SpeakerError
from voice_assistant.sound import portaudio
from voice_assistant.sound.portaudio_thread import PortAudioThread


def test_calls_happen_in_the_order_of_their_submission():
    thread, done = PortAudioThread(), []
    futures = [thread.submit(done.append, number) for number in range(50)]
    for future in futures:
        future.result(10)
    assert done == list(range(50))


def test_an_error_reaches_the_one_who_submitted_the_call_and_nobody_else():
    thread = PortAudioThread()
    failing = thread.submit(int, "no number")
    after = thread.submit(int, "7")
    with pytest.raises(ValueError, match="no number"):
        failing.result(10)
    assert after.result(10) == 7


def test_a_call_that_was_cancelled_before_its_turn_is_not_made():
    thread, release, made = PortAudioThread(), threading.Event(), []
    thread.submit(release.wait)
    unwanted = thread.submit(made.append, "unwanted")
    wanted = thread.submit(made.append, "wanted")
    assert unwanted.cancel()
    release.set()
    wanted.result(10)
    assert made == ["wanted"]


def test_the_thread_tells_how_long_its_call_has_lasted():
    thread, release = PortAudioThread(), threading.Event()
    assert thread.busy_s == 0.0
    call = thread.submit(release.wait)
    while not thread.busy_s:
        time.sleep(0)
    before_s = thread.busy_s
    assert thread.busy_s > before_s
    release.set()
    call.result(10)
    thread.submit(bool).result(10)
    while thread.busy_s:
        time.sleep(0)


HANGS = """
import threading
from voice_assistant.sound import portaudio
portaudio.submit(threading.Event().wait)
while not portaudio.busy_s():
    pass
print("the program has nothing left to do", flush=True)
"""


def test_a_call_that_hangs_for_ever_does_not_keep_the_program_from_ending():
    ended = subprocess.run(
        [sys.executable, "-c", HANGS], timeout=60, check=True, capture_output=True, text=True
    )
    assert ended.stdout == "the program has nothing left to do\n"


@pytest.mark.parametrize("rounds", range(4))
async def test_a_stop_in_the_very_moment_in_which_the_call_ends_is_obeyed(rounds):
    """Python 3.11's `asyncio.wait_for` loses it in one of these moments, and hears nothing more."""
    release = threading.Event()
    waiting = asyncio.create_task(portaudio.call("output", release.wait))
    await asyncio.sleep(0)
    release.set()
    while portaudio.busy_s() or not release.is_set():
        time.sleep(0)  # noqa: ASYNC251  (the loop shall stand still: the result waits for it)
    for _ in range(rounds):
        await asyncio.sleep(0)
    if not waiting.done():
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_a_call_that_takes_too_long_is_told_and_its_late_error_troubles_nobody():
    release = threading.Event()

    def fail_late() -> None:
        release.wait()
        raise OSError("gone meanwhile")

    with pytest.raises(SpeakerError, match="does not answer"):
        await portaudio.call("output", fail_late, patience_s=0.01)
    release.set()
    await portaudio.call("output", bool)
