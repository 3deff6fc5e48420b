"""Skills with a clock, timers and dice of the test's own."""

from __future__ import annotations

import datetime as dt
import functools
import random

import msgspec
import pytest

from voice_assistant.errors import StorageError
from voice_assistant.server.heard import Certainty
from voice_assistant.server.machine.machine import Battery, Space, Unavailable
from voice_assistant.server.machine.programs import Program
from voice_assistant.server.skills import Means, Memory, Reply, Skills, Unanswered
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.store import recurrence
from voice_assistant.server.store.lists import Entry
from voice_assistant.server.store.timer import Timer

NOW = dt.datetime(2026, 11, 20, 15, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
"""A Friday."""


class FakeTimers:
    """Timers in a list."""

    def __init__(self, now):
        self.listening = True
        self.unread = False
        self._now = now
        self._timers = {}
        self._count = 0

    def add(self, duration_s, name="", text="", rule=""):
        self._count += 1
        due = self._now().timestamp() + duration_s
        timer = Timer(str(self._count), name, due, duration_s, text, rule=rule)
        self._timers[timer.id] = timer
        return timer

    def add_at(self, when, name="", text="", rule=""):
        self._count += 1
        due = when.replace(tzinfo=self._now().tzinfo).timestamp()
        length = due - self._now().timestamp()
        timer = Timer(str(self._count), name, due, length, text, when.isoformat(), rule=rule)
        self._timers[timer.id] = timer
        return timer

    def skip(self, timer):
        moved = recurrence.moved_on(timer, timer.due)
        if moved.clock_time:
            due = dt.datetime.fromisoformat(moved.clock_time).replace(tzinfo=self._now().tzinfo)
            moved = msgspec.structs.replace(moved, due=due.timestamp())
        self._timers[timer.id] = moved
        return moved

    def list(self):
        return tuple(sorted(self._timers.values(), key=lambda timer: timer.due))

    def pause(self, id):  # noqa: A002  (as the real one)
        timer = self._timers[id]
        left_s = timer.due - self._now().timestamp()
        self._timers[id] = msgspec.structs.replace(timer, left_s=left_s)

    def resume(self, id):  # noqa: A002  (as the real one)
        timer = self._timers[id]
        due = self._now().timestamp() + timer.left_s
        self._timers[id] = msgspec.structs.replace(timer, due=due, left_s=None)

    def cancel(self, id):  # noqa: A002  (as the real one)
        return self._timers.pop(id, None) is not None


matcher = functools.cache(Matcher)


class FakeLists:
    """Lists in a list."""

    def __init__(self):
        self._entries = []
        self._count = 0
        self.unread = False

    def add(self, name, text):
        self._count += 1
        self._entries.append((name, Entry(str(self._count), text)))

    def entries(self, name):
        if self.unread:
            raise StorageError("Your lists cannot be read", "Try again.")
        return [entry for list_name, entry in self._entries if list_name == name]

    def remove(self, entry_id):
        self._entries = [one for one in self._entries if one[1].id != entry_id]

    def clear(self, name):
        self._entries = [one for one in self._entries if one[0] != name]


class FakeStopwatch:
    """A stopwatch whose seconds a test sets."""

    def __init__(self):
        self.running = False
        self.seconds = 0.0

    def start(self):
        self.running = True

    def stop(self):
        self.running = False

    def reset(self):
        self.seconds = 0.0


class FakeMachine:
    """A notebook; `parts` are those that it has."""

    def __init__(self):
        self.parts = {"battery", "memory", "disk", "volume", "brightness"}
        self.levels = {"volume": 40, "brightness": 95}
        self.muted = False

    def _need(self, part):
        if part not in self.parts:
            raise Unavailable

    def battery(self):
        self._need("battery")
        return Battery(80, "Charging")

    def memory(self):
        self._need("memory")
        return Space(6_200_000_000, 16_000_000_000)

    def disk(self):
        self._need("disk")
        return Space(120_000_000_000, 500_000_000_000)

    async def volume(self):
        self._need("volume")
        return self.levels["volume"]

    async def set_volume(self, percent):
        self._need("volume")
        self.levels["volume"] = percent

    async def mute(self, *, muted):
        self._need("volume")
        self.muted = muted

    def brightness(self):
        self._need("brightness")
        return self.levels["brightness"]

    async def set_brightness(self, percent):
        self._need("brightness")
        self.levels["brightness"] = percent


class FakePrograms:
    """A menu with three programs; `started` has the commands of those that were started."""

    def __init__(self):
        self.started = []

    def find(self, name):
        names = ("Firefox", "Text Editor", "Image Editor")
        return [
            Program(one, (one.lower(),))
            for one in names
            if name == one.lower() or name in one.lower().split()
        ]

    def start(self, program):
        self.started.append(program.command)
        return True


class NoModel:
    """No chat model is there, and none was given."""

    given = False
    access = None

    async def found(self, *, anew=False):
        return None

    def leave(self):
        pass


class Talk:
    """A conversation: `say` asks the next question, and keeps what is remembered."""

    def __init__(self):
        self.now = NOW
        self.timers = FakeTimers(lambda: self.now)
        luck = random.Random(7)  # noqa: S311  (the same luck each time)
        self.lists = FakeLists()
        self.stopwatch = FakeStopwatch()
        self.machine = FakeMachine()
        self.programs = FakePrograms()
        self.means = Means(
            self.timers, NoModel(), self.lists, self.stopwatch, self.machine, self.programs
        )
        self.skills = Skills(self.means, now=lambda: self.now, rng=luck)
        self.skills._matcher = matcher()  # loading it for each test would take its time
        self.memory = Memory()
        self.suggestions = ()

    async def say(self, question, certainty=Certainty.TYPED, perhaps=""):
        reply = await self.skills.reply(question, self.memory, certainty, perhaps)
        if isinstance(reply, Unanswered):
            reply = self.skills.regret(reply.question, self.memory, certainty)
        self.memory, self.suggestions = reply.memory, reply.suggestions
        return reply.text

    async def understands(self, question):
        """Whether there would be an answer; nothing is changed by asking."""
        timers = dict(self.timers._timers)
        reply = await self.skills.reply(question, self.memory)
        self.timers._timers = timers
        return isinstance(reply, Reply)


@pytest.fixture
def talk():
    return Talk()
