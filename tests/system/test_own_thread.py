from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading

import pytest

from voice_assistant.system.own_thread import outcome, start


@pytest.fixture
def stuck():
    """A call that only returns when the test is over."""
    over = threading.Event()
    yield over.wait
    over.set()


async def test_the_result_of_a_call_is_returned():
    assert await outcome(start(lambda: threading.current_thread().daemon), 10) is True


@pytest.mark.parametrize("error", [ValueError("odd"), OSError(5, "odd"), SystemExit(3)])
async def test_the_error_of_a_call_is_raised(error):
    def call():
        raise error

    with pytest.raises(type(error)) as caught:
        await outcome(start(call), 10)
    assert caught.value is error


async def test_a_call_that_does_not_return_is_given_up(stuck):
    with pytest.raises(TimeoutError):
        await outcome(start(stuck), 0.01)


async def test_a_cancellation_is_obeyed_at_once(stuck):
    waiting = asyncio.create_task(outcome(start(stuck), 60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(5):
            await waiting


async def test_calls_that_hang_leave_room_for_others(stuck):
    hanging = [asyncio.create_task(outcome(start(stuck), 60)) for _ in range(40)]
    async with asyncio.timeout(10):
        assert await outcome(start(lambda: 7), 10) == 7
        assert await asyncio.to_thread(lambda: 8) == 8
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)


async def test_a_call_can_be_waited_for_by_several_and_again():
    go = threading.Event()
    call = start(lambda: go.wait(10))
    impatient = asyncio.create_task(outcome(call, 60))
    patient = asyncio.create_task(outcome(call, 60))
    with pytest.raises(TimeoutError):
        await outcome(call, 0.01)
    impatient.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await impatient
    go.set()
    assert await patient is True
    assert await outcome(call, 10) is True


def test_a_program_ends_while_a_call_still_hangs():
    source = """
import asyncio, threading
from voice_assistant.system.own_thread import outcome, start

async def main():
    try:
        await outcome(start(threading.Event().wait), 0.01)
    except TimeoutError:
        print("given up")

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("given up\n", "")
