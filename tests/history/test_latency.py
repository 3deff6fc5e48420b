from __future__ import annotations

import pytest
from history.test_store import said

from voice_assistant.history.latency import percentile, steps_of, summary
from voice_assistant.history.recorded_turn import Stages


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5], 95, 5),
        (range(1, 101), 95, 95),
        (range(1, 21), 95, 19),
        ([3, 1, 2], 50, 2),
        ([1, 2], 0, 1),
        ([1, 2], 100, 2),
    ],
)
def test_a_percentile_is_one_of_the_values(values, percent, expected):
    assert percentile(values, percent) == expected


def test_only_steps_that_a_turn_had_are_measured():
    assert steps_of(Stages()) == {}
    assert steps_of(Stages(words=10, text=30)) == {"words to first text": 20}


def test_an_end_before_its_beginning_is_no_step():
    assert "first text to sound" not in steps_of(Stages(text=50, audio=40))


def test_a_summary_counts_the_turns_of_each_step():
    turns = [said(stages=Stages(words=0, text=ms)) for ms in (100, 300, 200)]
    (step,) = summary([*turns, said()])
    assert (step.turns, step.median_ms, step.p95_ms) == (3, 200, 300)
