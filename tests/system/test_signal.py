"""A condition is waited for, whoever else waits for another one."""

from __future__ import annotations

import asyncio

from voice_assistant.system.signal import Signal


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_condition_that_is_true_already_is_not_waited_for():
    task = asyncio.create_task(Signal().until(lambda: 7))
    await asyncio.sleep(0)
    assert task.done()
    assert task.result() == 7


async def test_a_notification_without_a_change_wakes_nobody_for_good():
    signal, items = Signal(), []
    waiting = asyncio.create_task(signal.until(lambda: len(items)))
    for _ in range(3):
        signal.notify()
        await settled()
        assert not waiting.done()
    items.append("x")
    signal.notify()
    async with asyncio.timeout(5):
        assert await waiting == 1


async def test_a_change_before_the_first_look_is_not_missed():
    signal, items = Signal(), []
    signal.notify()
    waiting = asyncio.create_task(signal.until(lambda: items))
    items.append("x")
    async with asyncio.timeout(5):
        assert await waiting == ["x"]


async def test_many_wait_for_conditions_of_their_own():
    signal, count = Signal(), 0

    async def reach(number):
        await signal.until(lambda: count >= number)
        return count

    tasks = [asyncio.create_task(reach(number)) for number in (3, 1, 2, 1)]
    await settled()
    for count in (1, 2, 3):  # noqa: B007 - the conditions read it
        signal.notify()
        await settled()
    async with asyncio.timeout(5):
        assert await asyncio.gather(*tasks) == [3, 1, 2, 1]


async def test_a_waiter_may_be_woken_by_another_one():
    signal, steps = Signal(), []

    async def step(number):
        await signal.until(lambda: len(steps) == number)
        steps.append(number)
        signal.notify()

    async with asyncio.timeout(5):
        await asyncio.gather(*(step(number) for number in (2, 1, 0)))
    assert steps == [0, 1, 2]


async def test_a_waiter_that_gives_up_leaves_the_others_waiting():
    signal, items = Signal(), []
    one, other = (asyncio.create_task(signal.until(lambda: items)) for _ in range(2))
    await settled()
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    items.append("x")
    signal.notify()
    async with asyncio.timeout(5):
        assert await other == ["x"]
