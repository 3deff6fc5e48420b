"""Alarms and reminders that come again and again: told, moved on, missed, skipped."""

from __future__ import annotations

import contextlib
import datetime as dt
import time

import pytest
from fakes import until
from helpers.server.running import events, running

from voice_assistant.errors import ConfigError
from voice_assistant.server.store import recurrence, store
from voice_assistant.server.store.store import connect
from voice_assistant.server.store.timer import Timer
from voice_assistant.server.store.timers import TAKEN_S, Timers
from voice_assistant.system import database

HOUR_S, DAY_S = 3600.0, 86_400.0
EIGHT = dt.datetime.fromisoformat("2026-05-04T08:00")
"""A Monday."""


class Clock:
    def __init__(self):
        self.now = EIGHT.timestamp() - HOUR_S

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


def days_at_eight(timers):
    return [timer.clock_time for timer in timers.list()]


def test_what_was_told_is_moved_on_to_its_next_time(shared):
    timers, others, clock = shared
    timers.add_at(EIGHT, "eat", "Eat!", "FREQ=DAILY")
    for day in ("04", "05", "06"):
        assert days_at_eight(others) == [f"2026-05-{day}T08:00:00"]
        assert timers.take_due() is None
        clock.now += HOUR_S
        timer = timers.take_due()
        assert (timer.name, timer.rule, timers.said(timer)) == ("eat", "FREQ=DAILY", "Eat!")
        assert timers.told(timer.id)
        clock.now += DAY_S - HOUR_S


def test_the_days_of_its_rule_are_kept(shared):
    timers, _, clock = shared
    timers.add_at(EIGHT, "eat", "Eat!", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH")
    told = []
    for _ in range(5):
        clock.now = timers.list()[0].due
        timer = timers.take_due()
        told.append(timer.clock_time[5:10])
        timers.told(timer.id)
    assert told == ["05-04", "05-07", "05-18", "05-21", "06-01"]


def test_what_comes_after_a_length_of_time_keeps_its_step(shared):
    timers, _, clock = shared
    first = timers.add(HOUR_S, "drink", "Drink!", "FREQ=HOURLY")
    clock.now = first.due + 20
    assert timers.told(timers.take_due().id)
    assert [timer.due for timer in timers.list()] == [first.due + HOUR_S]


def test_it_is_listed_with_its_next_time_while_it_is_told(shared):
    timers, others, clock = shared
    timers.add_at(EIGHT, rule="FREQ=DAILY")
    clock.now += HOUR_S
    timer = timers.take_due()
    assert days_at_eight(others) == ["2026-05-05T08:00:00"]
    assert others.take_due() is None
    timers.told(timer.id)
    assert days_at_eight(others) == ["2026-05-05T08:00:00"]


def test_it_has_another_id_each_time_so_that_it_is_told_each_time(shared):
    timers, _, clock = shared
    timers.add_at(EIGHT, rule="FREQ=DAILY")
    clock.now += HOUR_S
    first = timers.take_due()
    timers.told(first.id)
    assert not timers.told(first.id), "once more is no harm"
    assert not timers.keep(first)
    timers.put_back(first)
    assert days_at_eight(timers) == ["2026-05-05T08:00:00"]
    clock.now += DAY_S
    assert timers.take_due().id != first.id


def test_several_missed_times_are_told_once_as_the_last_of_them(shared):
    timers, _, clock = shared
    timers.add_at(EIGHT, "eat", "Eat!", "FREQ=DAILY")
    timers.add(HOUR_S, "drink", "Drink!", "FREQ=HOURLY")
    clock.now += 3 * DAY_S + 2.5 * HOUR_S
    told = []
    while timer := timers.take_due():
        told.append(timers.said(timer))
        timers.told(timer.id)
    assert sorted(told) == [
        "While you were away, at 08:00: Eat!",
        "While you were away, at 09:00: Drink!",
    ]
    assert [timer.due - clock.now for timer in timers.list()] == [HOUR_S / 2, DAY_S - 1.5 * HOUR_S]


def test_a_time_that_is_there_now_is_told_as_such_however_many_were_missed_before(shared):
    timers, _, clock = shared
    timers.add_at(EIGHT, "eat", "Eat!", "FREQ=DAILY")
    clock.now += 3 * DAY_S + HOUR_S + 20
    assert timers.said(timers.take_due()) == "Eat!"


def test_times_that_come_while_it_is_still_being_told_are_no_others(shared):
    timers, others, clock = shared
    timers.add(60, "drink", "Drink!", "FREQ=MINUTELY")
    clock.now += 60
    timer = timers.take_due()
    for _ in range(20):
        clock.now += TAKEN_S / 2
        timers.keep(timer)
        assert others.take_due() is None
    timers.told(timer.id)
    assert len(timers.list()) == 1
    assert 0 < timers.next_due_s() <= 60


def test_a_process_that_is_killed_while_it_tells_loses_no_time_and_tells_none_for_ever(shared):
    timers, others, clock = shared
    timers.add_at(EIGHT, rule="FREQ=DAILY")
    clock.now += HOUR_S
    timer = timers.take_due()
    clock.now += TAKEN_S + 1
    assert others.take_due() == timer
    others.told(timer.id)
    clock.now += TAKEN_S + 1
    assert timers.take_due() is None
    assert days_at_eight(timers) == ["2026-05-05T08:00:00"]


def test_what_is_cancelled_while_it_is_told_does_not_come_again(shared):
    timers, others, clock = shared
    timers.add_at(EIGHT, rule="FREQ=DAILY")
    clock.now += HOUR_S
    timer = timers.take_due()
    assert others.cancel(others.list()[0].id)
    assert not timers.told(timer.id)
    assert timers.list() == ()


def test_a_skipped_time_does_not_ring(shared):
    timers, others, clock = shared
    timers.add_at(EIGHT, rule="FREQ=DAILY")
    moved = timers.skip(timers.list()[0])
    assert others.list() == (moved,)
    assert moved.clock_time == "2026-05-05T08:00:00"
    clock.now += HOUR_S
    assert timers.take_due() is None
    clock.now += DAY_S
    assert timers.take_due() == moved


def test_what_comes_after_a_length_of_time_can_be_paused(shared):
    timers, _, clock = shared
    timer = timers.add(HOUR_S, "drink", "Drink!", "FREQ=HOURLY")
    timers.pause(timer.id)
    clock.now += DAY_S
    assert timers.take_due() is None
    assert [one.left_s for one in timers.list()] == [HOUR_S]
    timers.resume(timer.id)
    assert timers.next_due_s() == HOUR_S


def test_a_store_of_the_version_before_is_taken_over(tmp_path):
    file = tmp_path / "server.sqlite3"
    with contextlib.closing(database.opened(file, store.SCHEMA[:5])) as db:
        db.execute(
            "INSERT INTO timers (id, name, due, duration_s, text, clock_time)"
            " VALUES ('1', 'eat', ?, 60, 'Eat!', '')",
            (time.time() + 60,),
        )
    with contextlib.closing(connect(tmp_path)) as db:
        timers = Timers(db)
        assert [(timer.name, timer.rule) for timer in timers.list()] == [("eat", "")]
        timers.add_at(EIGHT, rule="FREQ=DAILY")
    with pytest.raises(ConfigError, match="newer version"):
        database.opened(file, store.SCHEMA[:5])


@pytest.mark.parametrize(
    ("rule", "first", "then"),
    [
        ("FREQ=DAILY", "2026-02-28T08:00", ["03-01", "03-02"]),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-05-08T08:00", ["05-11", "05-12"]),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "2026-05-05T08:00", ["06-05", "07-05"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
            "2026-01-31T08:00",
            ["02-28", "03-31", "04-30"],
        ),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29T08:00", ["02-29"]),
    ],
)
def test_the_times_of_a_rule(rule, first, then):
    due = dt.datetime.fromisoformat(first).timestamp()
    timer = Timer("1", "", due, 1, "", first, rule=rule)
    for day in then:
        timer = recurrence.moved_on(timer, timer.due)
        assert timer.clock_time[5:] == f"{day}T08:00:00"
        assert timer.due == dt.datetime.fromisoformat(timer.clock_time).timestamp()


async def test_an_alert_that_was_told_to_its_end_comes_again_at_its_next_time(tmp_path):
    clock = Clock()
    async with running(tmp_path, clock=clock) as server:
        timers = server.parts.timers
        timers.add_at(EIGHT, "eat", "Eat!", "FREQ=DAILY")
        ids = []
        async with server.client.stream("GET", "/alerts") as response:
            told = events(response)
            for _ in range(2):
                clock.now = timers.list()[0].due
                event = await anext(told)
                assert (event["text"], event["rings"]) == ("Eat!", True)
                ids.append(event["id"])
                assert (await server.client.delete(f"/alerts/{ids[-1]}")).status_code == 204
        assert len({*ids}) == 2
        await until(lambda: not timers.listening)
        assert days_at_eight(timers) == ["2026-05-06T08:00:00"]


async def test_missed_times_are_told_by_one_alert(tmp_path):
    clock = Clock()
    async with running(tmp_path, clock=clock) as server:
        server.parts.timers.add_at(EIGHT, "eat", "Eat!", "FREQ=DAILY")
        clock.now += 3 * DAY_S + 2 * HOUR_S
        async with server.client.stream("GET", "/alerts") as response:
            event = await anext(events(response))
            assert event["text"] == "While you were away, at 08:00: Eat!"
            assert not event["rings"]
            await server.client.delete(f"/alerts/{event['id']}")
        assert days_at_eight(server.parts.timers) == ["2026-05-08T08:00:00"]
