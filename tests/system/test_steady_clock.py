"""The time that only passes."""

from __future__ import annotations

import time

from voice_assistant.system import steady_clock


def test_the_steady_clock_passes_like_any_time():
    before, began = steady_clock.elapsed_s(), time.monotonic()
    while time.monotonic() < began + 0.01:
        pass
    assert 0.01 <= steady_clock.elapsed_s() - before < 60


def test_the_steady_clock_is_not_behind_a_clock_that_stands_still_in_sleep():
    before = time.monotonic()
    assert steady_clock.elapsed_s() >= before


def test_a_boot_has_one_name():
    assert steady_clock.boot()
    assert steady_clock.boot() == steady_clock.boot()
