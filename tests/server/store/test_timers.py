from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import time

import pytest
from fakes import until
from helpers.server.running import events, running

from voice_assistant.server.store.store import connect
from voice_assistant.server.store.timers import HEARD_FOR_S, TAKEN_S, Timers


class Clock:
    def __init__(self):
        self.now = time.mktime((2026, 5, 4, 12, 0, 0, 0, 0, -1))

    def __call__(self):
        return self.now


@pytest.fixture
def shared(tmp_path):
    """Two views of the same timers, as two processes have them, and their clock."""
    clock = Clock()
    with (
        contextlib.closing(connect(tmp_path)) as one,
        contextlib.closing(connect(tmp_path)) as other,
    ):
        yield Timers(one, clock), Timers(other, clock), clock


def test_timers_are_listed_in_the_order_they_ring(shared):
    timers, others, clock = shared
    timers.add(600, "tea")
    timers.add(60, "eggs", "Eggs!")
    assert [timer.name for timer in others.list()] == ["eggs", "tea"]
    first = others.list()[0]
    assert (first.due, first.duration_s, first.text) == (clock.now + 60, 60, "Eggs!")


def test_a_cancelled_timer_does_not_ring(shared):
    timers, others, clock = shared
    timer = timers.add(60)
    assert others.cancel(timer.id)
    assert not timers.cancel(timer.id)
    clock.now += 100
    assert timers.take_due() is None


def test_a_paused_timer_rings_only_after_it_was_resumed_by_the_time_that_it_had_left(shared):
    timers, others, clock = shared
    timer, tea = timers.add(60, "eggs"), timers.add(3600, "tea")
    clock.now += 20
    timers.pause(timer.id)
    timers.pause(timer.id)
    assert others.next_due_s() == 3580
    clock.now += 100
    assert others.take_due() is None
    assert [one.left_s for one in others.list()] == [40, None]
    others.resume(timer.id)
    others.resume(tea.id)
    clock.now += 39
    assert timers.take_due() is None
    clock.now += 1
    assert timers.take_due().name == "eggs"


def test_an_alarm_cannot_be_paused(shared):
    timers, _, clock = shared
    alarm = timers.add_at(
        dt.datetime(2026, 5, 4, 12, 1)  # noqa: DTZ001
    )
    timers.pause(alarm.id)
    clock.now += 60
    assert timers.take_due().id == alarm.id


def test_a_timer_rings_once_in_one_of_the_processes(shared):
    timers, others, clock = shared
    timers.add(60, "eggs")
    clock.now += 59.9
    assert others.take_due() is None
    clock.now += 0.1
    assert others.take_due().name == "eggs"
    assert timers.take_due() is None
    assert others.take_due() is None


def test_a_timer_that_could_not_be_told_is_put_back(shared):
    timers, others, clock = shared
    timers.add(60, "eggs")
    clock.now += 60
    timer = timers.take_due()
    timers.put_back(timer)
    assert others.take_due() == timer


def test_a_late_timer_says_how_late_it_is(shared):
    timers, _, clock = shared
    timer = timers.add(60, "eggs")
    clock.now += 61
    assert timers.said(timer) == "Your eggs timer is done."
    clock.now += 600
    assert timers.said(timer) == "While you were away, at 12:01: Your eggs timer is done."
    clock.now += 86_400
    said = timers.said(timer)
    assert said == "While you were away, at 12:01 on Monday, 04 May: Your eggs timer is done."


def test_a_timer_without_a_name_says_so(shared):
    assert shared[0].add(60).text == "Your timer is done."


def test_a_listener_is_known_to_all_processes_while_it_listens(shared):
    timers, others, clock = shared
    assert not timers.listening
    with timers.listener():
        assert timers.listening
        assert others.listening
        clock.now += HEARD_FOR_S - 1
        timers.still_heard()
        clock.now += 2
        assert others.listening
    assert not timers.listening
    assert not others.listening


def test_a_listener_that_was_killed_is_soon_forgotten(shared):
    timers, others, clock = shared
    with timers.listener():
        clock.now += HEARD_FOR_S + 1
        assert not others.listening


def test_seconds_until_the_next_one(shared):
    timers, _, clock = shared
    assert timers.next_due_s() is None
    timers.add(60)
    clock.now += 70
    assert timers.next_due_s() == -10


async def test_alerts_are_told_to_who_listens_each_once(tmp_path):
    async def scenario():
        async with running(tmp_path) as server, server.client.stream("GET", "/alerts") as response:
            await until(lambda: server.parts.timers.listening)
            timers = server.parts.timers
            ids = [timers.add(0.01, "tea").id, timers.add(0.02, "", "Call mom.").id]
            told = events(response)
            return ids, [await anext(told), await anext(told)], timers.list()

    ids, told, left = await scenario()
    assert told == [
        {"event": "alert", "id": ids[0], "text": "Your tea timer is done.", "rings": True},
        {"event": "alert", "id": ids[1], "text": "Call mom.", "rings": True},
    ]
    assert left == ()


async def test_a_timer_that_ran_out_while_nobody_listened_is_told_late(tmp_path):
    clock = Clock()
    with contextlib.closing(connect(tmp_path)) as db:
        Timers(db, clock).add(60, "tea")
    clock.now += 7200

    async def scenario():
        async with (
            running(tmp_path, clock=clock) as server,
            server.client.stream("GET", "/alerts") as response,
        ):
            return await anext(events(response))

    told = await scenario()
    assert told["text"] == "While you were away, at 12:01: Your tea timer is done."
    assert not told["rings"], "nobody waits for it any more"


async def test_a_listener_that_goes_away_is_no_listener(tmp_path):
    async with running(tmp_path) as server:
        async with server.client.stream("GET", "/alerts"):
            await until(lambda: server.parts.timers.listening)
        await until(lambda: not server.parts.timers.listening)


async def test_two_servers_with_one_store_tell_a_timer_once(tmp_path):
    async def listen(server, told):
        async with server.client.stream("GET", "/alerts") as response:
            async for event in events(response):
                told.append(event["text"])

    async def scenario():
        told = []
        async with running(tmp_path) as one, running(tmp_path) as other:
            listeners = [asyncio.create_task(listen(server, told)) for server in (one, other)]
            await until(lambda: one.parts.timers.listening and other.parts.timers.listening)
            for n in range(20):
                one.parts.timers.add(0, str(n))
            await until(lambda: not one.parts.timers.list())
            one.parts.closing.set()
            other.parts.closing.set()
            await asyncio.gather(*listeners)
        return told

    told = await scenario()
    assert sorted(told) == sorted(f"Your {n} timer is done." for n in range(20))


async def test_an_alert_is_one_line_of_json(tmp_path):
    async def scenario():
        async with running(tmp_path) as server:
            server.parts.timers.add(0, "two\nlines\u2028three")
            async with server.client.stream("GET", "/alerts") as response:
                received = b""
                async for chunk in response.aiter_bytes():
                    received += chunk
                    if b"data: " in received and received.endswith(b"\n\n"):
                        break
            return received

    line = (await scenario()).partition(b"data: ")[2].removesuffix(b"\n\n")
    assert json.loads(line)["text"] == "Your two\nlines\u2028three timer is done."


async def test_an_alert_is_told_again_to_the_next_listener_until_it_was_told_to_its_end(tmp_path):
    async with running(tmp_path) as server:
        timer = server.parts.timers.add(0, "tea")
        for _ in range(2):
            async with server.client.stream("GET", "/alerts") as response:
                assert (await anext(events(response)))["id"] == timer.id
                assert server.parts.timers.list() == ()
            await until(lambda: server.parts.timers.list() == (timer,))
        async with server.client.stream("GET", "/alerts") as response:
            await anext(events(response))
            for _ in range(2):
                answer = await server.client.delete(f"/alerts/{timer.id}")
                assert answer.status_code == 204
        await until(lambda: not server.parts.timers.listening)
        assert server.parts.timers.list() == ()
        assert server.parts.timers.take_due() is None


def test_a_timer_that_is_being_told_is_told_by_nobody_else_however_long_that_takes(shared):
    timers, others, clock = shared
    timer = timers.add(60)
    clock.now += 60
    assert timers.take_due() == timer
    for _ in range(10):
        clock.now += TAKEN_S / 2
        assert timers.keep(timer)
        assert others.take_due() is None
    assert timers.told(timer.id)
    assert not timers.keep(timer)
    timers.put_back(timer)
    assert others.list() == ()


def test_a_timer_whose_process_was_killed_while_it_told_is_told_by_another_one(shared):
    timers, others, clock = shared
    timer = timers.add(60)
    clock.now += 60
    assert timers.take_due() == timer
    clock.now += TAKEN_S + 1
    assert others.take_due() == timer


async def test_a_listener_is_told_which_timers_wait(tmp_path):
    async with running(tmp_path) as server, server.client.stream("GET", "/alerts") as response:
        timer = server.parts.timers.add(3600, "tea")
        told = (json.loads(line[6:]) async for line in response.aiter_lines() if "timers" in line)
        waiting = {"text": "Your tea timer is done.", "due": timer.due}
        assert await anext(told) == {"event": "timers", "timers": [waiting]}
        server.parts.timers.cancel(timer.id)
        assert await anext(told) == {"event": "timers", "timers": []}
