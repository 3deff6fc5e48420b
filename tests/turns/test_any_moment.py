"""Any command at any moment, while anything goes wrong."""

from __future__ import annotations

import threading
from typing import get_args

import pytest
from helpers.turns.any_moment import COMMANDS, STEPS, anything_happens
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from voice_assistant.commands import AnyCommand, Quit

ANYTHING = {
    "steps": STEPS,
    "seed": st.integers(0, 2**32 - 1),
    "share": st.sampled_from((0.0, 0.03, 0.1, 0.3)),
    "quits": st.booleans(),
}


def test_each_kind_of_command_is_tried():
    assert {type(command) for command in COMMANDS} == {*get_args(AnyCommand)} - {Quit}


def tried(examples):
    """So many stories; how a failing one can be made shorter is looked for by hand."""
    return settings(
        max_examples=examples,
        derandomize=examples < 1000,  # the short set is the same each time; the long one is not
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


@tried(30)
@given(**ANYTHING)
def test_stop_ends_in_peace_and_nothing_that_was_said_is_lost(steps, seed, share, quits):
    threads = threading.active_count()
    anything_happens(steps, seed, share, quits=quits)
    assert threading.active_count() == threads


@pytest.mark.long
@pytest.mark.timeout(900)
@tried(3000)
@given(**ANYTHING)
def test_the_same_holds_for_thousands_of_stories(steps, seed, share, quits):
    anything_happens(steps, seed, share, quits=quits)
