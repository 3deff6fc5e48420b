from __future__ import annotations

import asyncio
import logging
import time

from fakes import until

from voice_assistant.runtime.process.loop_watch import watch_loop


async def test_a_call_that_blocks_the_loop_is_named_in_the_log_once(caplog):
    watching = asyncio.create_task(watch_loop(0.04))
    await asyncio.sleep(0)
    block_until_logged(caplog)
    watching.cancel()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "block_until_logged" in record.message
    assert "test_loop_watch" in record.message


def block_until_logged(caplog) -> None:
    end_s = time.monotonic() + 5
    while not caplog.records and time.monotonic() < end_s:
        count_up()


def count_up() -> int:
    return sum(range(1000))


async def test_a_loop_that_does_its_work_is_not_mentioned(caplog):
    watching = asyncio.create_task(watch_loop(0.2))
    turns = 0

    def busy_in_turns() -> bool:
        nonlocal turns
        turns += 1
        count_up()
        return turns > 800

    await until(busy_in_turns)
    watching.cancel()
    assert not caplog.records
