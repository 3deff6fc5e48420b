"""What is seen of a microphone that is always open."""

from __future__ import annotations

import asyncio

import pytest

from voice_assistant.desktop.microphone import watch
from voice_assistant.errors import MicrophoneError


class Line:
    """A microphone that lets a look at it pass by asking for the time its thread has used."""

    def __init__(self, *, cpu_s=0.01, delivers=True, silent=False, problem=None, listener=None):
        self.delivers = delivers
        self.silent = silent
        self.problem = problem
        self.listener = listener
        self.looks = 0
        self._cpu_s = cpu_s

    @property
    def cpu_s(self):
        self.looks += 1
        return self._cpu_s * self.looks


def watched(line, *, seconds=3.5, slept_s=lambda: 0.0):
    """Why it was opened anew, None where it was not; and how often it worked."""
    ready = []

    async def look():
        return await asyncio.wait_for(watch(line, lambda: ready.append(1), slept_s), seconds)

    try:
        return asyncio.run(look()), len(ready)
    except TimeoutError:
        return None, len(ready)


def test_one_that_works_is_left_alone():
    why, ready = watched(Line())
    assert why is None
    assert ready >= 2


def test_one_whose_thread_spins_is_opened_anew():
    why, _ = watched(Line(cpu_s=0.6))
    assert why == "its thread is spinning"


def test_one_that_was_open_while_the_machine_slept_is_opened_anew():
    times = iter([0.0, 3600.0])
    why, _ = watched(Line(), slept_s=lambda: next(times))
    assert why == "the machine slept"


def test_one_that_no_longer_delivers_is_opened_anew():
    why, ready = watched(Line(problem=MicrophoneError("It is gone")))
    assert why == "It is gone"
    assert not ready


def test_one_that_never_delivered_is_said_to_be_missing():
    with pytest.raises(MicrophoneError, match="It is gone"):
        watched(Line(delivers=False, problem=MicrophoneError("It is gone")))


def test_one_that_has_delivered_nothing_yet_is_waited_for():
    assert watched(Line(delivers=False)) == (None, 0)


def test_one_that_is_recorded_from_is_never_interrupted():
    line = Line(cpu_s=0.6, problem=MicrophoneError("It is gone"), listener=print)
    assert watched(line) == (None, 0)
