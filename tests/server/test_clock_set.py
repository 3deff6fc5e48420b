"""The clock is set, the machine is started anew or travels while timers and alarms run."""

from __future__ import annotations

import contextlib
import datetime as dt
import time

import pytest

from voice_assistant.server.store.store import connect
from voice_assistant.server.store.timers import Timers
from voice_assistant.system import local_time

NOON = dt.datetime.fromisoformat("2026-05-04T12:00")
DAY_S = 86_400.0


@pytest.fixture
def zone(monkeypatch):
    """Moves the machine."""

    def move(name):
        monkeypatch.setenv("TZ", name)

    move("Europe/Berlin")
    time.tzset()
    yield move
    monkeypatch.undo()
    time.tzset()


class Machine:
    """A clock that can be set, and the time that passes."""

    def __init__(self, folder):
        self.wall = NOON.timestamp()
        self.passed = 1000.0
        self._folder = folder

    @contextlib.contextmanager
    def process(self, boot="one"):
        with contextlib.closing(connect(self._folder)) as db:
            yield Timers(db, lambda: self.wall, lambda: self.passed, boot)

    def wait(self, seconds):
        self.wall += seconds
        self.passed += seconds


@pytest.fixture
def machine(tmp_path, zone):
    return Machine(tmp_path)


STEPS_S = [30 * DAY_S, 7200.0, 15.0, 0.6, -0.6, -10.0, -7200.0, -400 * DAY_S]


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_timer_takes_its_time_however_the_clock_is_set(machine, step_s):
    with machine.process() as timers, machine.process() as others:
        timers.add(20, "tea")
        machine.wait(3)
        machine.wall += step_s
        assert others.next_due_s() == pytest.approx(17)
        assert timers.list()[0].due - machine.wall == pytest.approx(17)
        machine.wait(16.9)
        assert timers.take_due() is None
        assert others.take_due() is None
        machine.wait(0.2)
        timer = others.take_due()
        assert others.said(timer) == "Your tea timer is done."
        assert timers.take_due() is None


def test_a_clock_that_is_set_again_and_again_moves_no_timer(machine):
    with machine.process() as timers:
        timers.add(600)
        for step_s in STEPS_S * 3:
            machine.wait(1)
            machine.wall += step_s
            timers.next_due_s()
        assert timers.next_due_s() == pytest.approx(600 - len(STEPS_S) * 3)


def test_a_clock_that_was_set_while_no_process_ran_moves_no_timer(machine):
    with machine.process() as timers:
        timers.add(600)
    machine.wait(60)
    machine.wall -= 3600
    with machine.process() as timers:
        assert timers.next_due_s() == pytest.approx(540)


def test_time_in_which_the_machine_slept_counts(machine):
    with machine.process() as timers:
        timers.add(600)
        machine.wait(3600)
        assert timers.next_due_s() == -3000


def test_a_timer_goes_on_by_the_clock_after_the_machine_was_restarted(machine):
    with machine.process() as timers:
        timers.add(600)
        machine.wall += 7200
        timers.still_heard()
        assert timers.next_due_s() == pytest.approx(600)
    machine.wall += 60
    machine.passed = 5.0
    with machine.process("two") as timers:
        assert not timers.listening
        assert timers.next_due_s() == pytest.approx(540)
        machine.wait(1)
        machine.wall += 100
        assert timers.next_due_s() == pytest.approx(539)


def test_a_timer_that_was_being_told_when_the_machine_went_down_is_told_after_it(machine):
    with machine.process() as timers:
        timer = timers.add(0)
        assert timers.take_due() == timer
    machine.passed = 5.0
    with machine.process("two") as timers:
        assert timers.take_due() == timer


@pytest.mark.parametrize("step_s", [7200.0, -7200.0])
def test_an_alarm_follows_the_clock(machine, step_s):
    with machine.process() as timers:
        timers.add_at(NOON + dt.timedelta(hours=5), "", "Five.")
        machine.wall += step_s
        assert timers.next_due_s() == 5 * 3600 - step_s


def test_an_alarm_follows_the_machine_to_another_zone(machine, zone):
    with machine.process() as timers:
        timers.add(600, "tea")
        timers.add_at(NOON + dt.timedelta(hours=19), "", "Seven.")  # 7:00 of the next day
        zone("Asia/Tokyo")  # seven hours ahead
        dues = {timer.name: timer.due - machine.wall for timer in timers.list()}
        assert dues == {"tea": 600, "": 12 * 3600}


def test_an_alarm_keeps_its_time_where_summer_time_begins(machine):
    machine.wall = dt.datetime.fromisoformat("2026-03-28T22:00").timestamp()
    with machine.process() as timers:
        alarm = timers.add_at(dt.datetime.fromisoformat("2026-03-29T07:00"), "", "Seven.")
        assert alarm.duration_s == 8 * 3600  # one hour is left out
        timers.add(600)
        assert timers.next_due_s() == 600


AUTUMN = "2026-10-25T02:10"
"""In Berlin there are two such times: summer time ends at three, which is two again."""


def test_an_alarm_in_the_second_of_two_hours_does_not_ring_at_once(machine):
    second = dt.datetime.fromisoformat(AUTUMN).replace(fold=1)
    machine.wall = second.timestamp()
    with machine.process() as timers:
        alarm = timers.add_at(dt.datetime.fromisoformat("2026-10-25T02:30"), "", "Half.")
        assert alarm.duration_s == 20 * 60
        assert timers.take_due() is None
        assert timers.next_due_s() == 20 * 60
        machine.wait(20 * 60 + 1)
        assert timers.take_due()


@pytest.mark.parametrize(
    ("now", "fold", "question", "said"),
    [
        ("2026-03-29T01:30", 0, "what time is it in 90 minutes", "It will be 4:00 AM."),
        ("2026-10-25T01:30", 0, "what time is it in 90 minutes", "It will be 2:00 AM."),
        (AUTUMN, 1, "what time is it in 90 minutes", "It will be 3:40 AM."),
        ("2026-03-28T22:00", 0, "how long until 7 am", "8 hours until 7:00 AM."),
        ("2026-10-24T22:00", 0, "how long until 7 am", "10 hours until 7:00 AM."),
        (AUTUMN, 0, "how long until 2:30 am", "20 minutes until 2:30 AM."),
        (AUTUMN, 1, "how long until 2:30 am", "20 minutes until 2:30 AM."),
        ("2026-12-31T23:50", 0, "what time is it in 20 minutes", "It will be 12:10 AM tomorrow"),
    ],
)
async def test_hours_are_counted_where_summer_time_begins_and_ends(zone, now, fold, question, said):
    from voice_assistant.server.skills import Means, Memory, Skills  # noqa: PLC0415

    moment = dt.datetime.fromisoformat(now).replace(fold=fold).astimezone()
    skills = Skills(Means(None, None, None, None), now=lambda: moment)
    await skills.warm()
    assert (await skills.reply(question, Memory())).text.startswith(said)


@pytest.mark.parametrize("name", ["Pacific/Chatham", "Asia/Kathmandu", "Australia/Lord_Howe"])
@pytest.mark.parametrize("begin", ["2026-04-04T12:00", "2026-04-05T01:45", "2026-09-26T23:50"])
def test_an_alarm_rings_at_its_time_in_every_zone(machine, zone, name, begin):
    zone(name)
    time.tzset()
    machine.wall = dt.datetime.fromisoformat(begin).timestamp()
    with machine.process() as timers:
        for hours in (1, 2, 5, 20):
            when = dt.datetime.fromisoformat(begin) + dt.timedelta(hours=hours)
            alarm = timers.add_at(when)
            shown = dt.datetime.fromtimestamp(alarm.due, dt.UTC).astimezone()
            late = shown.replace(tzinfo=None) - when
            assert late in {dt.timedelta(), dt.timedelta(minutes=30), dt.timedelta(hours=1)}
            assert late == dt.timedelta() or local_time.moments(when) == (alarm.due,)
            assert alarm.duration_s > 0


def test_a_late_timer_is_told_in_local_time(machine, zone):
    with machine.process() as timers:
        timer = timers.add(60, "tea")
        machine.wait(3600)
        zone("Asia/Tokyo")
        timers.list()
        assert timers.said(timer) == "While you were away, at 19:01: Your tea timer is done."


@pytest.mark.parametrize("name", ["Asia/Tokyo", "Pacific/Pago_Pago", "Europe/Berlin"])
async def test_questions_are_answered_in_the_zone_where_the_machine_is_now(zone, name):
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    from voice_assistant.server.skills import Means, Memory, Skills  # noqa: PLC0415

    skills = Skills(Means(None, None, None, None))
    await skills.warm()
    zone(name)
    before = dt.datetime.now(ZoneInfo(name))
    said = (await skills.reply("what time is it", Memory())).text
    after = dt.datetime.now(ZoneInfo(name))
    assert said in {f"It is {t.hour % 12 or 12}:{t:%M %p}." for t in (before, after)}


def told_at(machine, timers, times):
    """Return when clocks show the next `times` of what comes again, and tell each."""
    shown = []
    for _ in range(times):
        machine.wait(timers.next_due_s())
        timer = timers.take_due()
        shown.append(time.strftime("%m-%d %H:%M", time.localtime(machine.wall)))
        timers.told(timer.id)
        assert timers.take_due() is None
    return shown


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        ("2026-10-24T02:30", ["10-24 02:30", "10-25 02:30", "10-26 02:30"]),
        ("2027-03-27T02:30", ["03-27 02:30", "03-28 03:30", "03-29 02:30"]),
    ],
)
def test_a_daily_alarm_rings_once_a_day_at_the_change_of_summer_time(machine, first, shown):
    with machine.process() as timers:
        timers.add_at(dt.datetime.fromisoformat(first), rule="FREQ=DAILY")
        assert told_at(machine, timers, 3) == shown


def test_an_alarm_that_was_told_late_does_not_ring_again_when_clocks_show_its_time_twice(machine):
    with machine.process() as timers:
        timers.add_at(dt.datetime.fromisoformat("2026-10-25T02:30"), rule="FREQ=DAILY")
        machine.wait(timers.next_due_s())
        timer = timers.take_due()
        machine.wait(2400)  # clocks show 2:10 for the second time
        timers.told(timer.id)
        assert timers.list()[0].clock_time == "2026-10-26T02:30:00"


def test_what_comes_every_hour_comes_in_the_hour_that_clocks_show_twice(machine):
    with machine.process() as timers:
        machine.wait(dt.datetime.fromisoformat("2026-10-25T01:00").timestamp() - machine.wall)
        timers.add(3600, rule="FREQ=HOURLY")
        shown = ["10-25 02:00", "10-25 02:00", "10-25 03:00"]
        assert told_at(machine, timers, 3) == shown


def test_a_daily_alarm_rings_at_its_time_wherever_the_machine_is(machine, zone):
    with machine.process() as timers:
        timers.add_at(dt.datetime.fromisoformat("2026-05-05T07:00"), rule="FREQ=DAILY")
        assert told_at(machine, timers, 1) == ["05-05 07:00"]
        zone("America/New_York")
        assert told_at(machine, timers, 2) == ["05-06 07:00", "05-07 07:00"]


def test_what_comes_every_hour_takes_its_time_however_the_clock_is_set(machine):
    with machine.process() as timers:
        timers.add(3600, rule="FREQ=HOURLY")
        for step_s in STEPS_S:
            machine.wait(600)
            machine.wall += step_s
            assert timers.next_due_s() == pytest.approx(3000)
            machine.wait(3000.1)
            timer = timers.take_due()
            assert timers.said(timer) == "Your timer is done."
            timers.told(timer.id)
            machine.wait(-0.1)
