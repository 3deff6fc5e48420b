"""Skills with a clock, timers and dice of the test's own."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import random

import pytest

from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills import Memory, Skills
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.timers import Timer

NOW = dt.datetime(2026, 11, 20, 15, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
"""A Friday."""


class FakeTimers:
    """Timers in a list."""

    def __init__(self, now):
        self.listening = True
        self._now = now
        self._timers = {}
        self._count = 0

    def add(self, duration_s, name="", text=""):
        self._count += 1
        due = self._now().timestamp() + duration_s
        timer = Timer(str(self._count), name, due, duration_s, text)
        self._timers[timer.id] = timer
        return timer

    def add_at(self, when, name="", text=""):
        self._count += 1
        due = when.replace(tzinfo=self._now().tzinfo).timestamp()
        length = due - self._now().timestamp()
        timer = Timer(str(self._count), name, due, length, text, when.isoformat())
        self._timers[timer.id] = timer
        return timer

    def list(self):
        return tuple(sorted(self._timers.values(), key=lambda timer: timer.due))

    def cancel(self, id):  # noqa: A002  (as the real one)
        return self._timers.pop(id, None) is not None


matcher = functools.cache(Matcher)


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
        self.skills = Skills(self.timers, NoModel(), now=lambda: self.now, rng=luck)
        self.skills._matcher = matcher()  # loading it for each test would take its time
        self.memory = Memory()
        self.suggestions = ()

    def say(self, question, certainty=Certainty.TYPED):
        reply = asyncio.run(self.skills.reply(question, self.memory))
        reply = reply or self.skills.regret(question, self.memory, certainty)
        self.memory, self.suggestions = reply.memory, reply.suggestions
        return reply.text

    def understands(self, question):
        """Whether there would be an answer; nothing is changed by asking."""
        timers = dict(self.timers._timers)
        reply = asyncio.run(self.skills.reply(question, self.memory))
        self.timers._timers = timers
        return reply is not None


@pytest.fixture
def talk():
    return Talk()
