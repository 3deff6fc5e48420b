"""The listener's pause and another turn's hold, in any order."""

from __future__ import annotations

import itertools

import pytest

from voice_assistant.speech.transport import Hold, Transport


def transport(*, paused=False, hold=Hold.NONE):
    """One in that state, and what it has told so far."""
    told, made = [], Transport()
    made.paused = paused
    match hold:
        case Hold.AT_SENTENCE_END:
            made.hold_at_sentence_end(lambda: told.append("held"))
        case Hold.HELD:
            made.hold_now()
    return made, told


STATES = list(itertools.product([False, True], Hold))


@pytest.mark.parametrize(("paused", "hold"), STATES)
def test_the_transport_is_silent_while_it_is_paused_or_held(paused, hold):
    made, told = transport(paused=paused, hold=hold)
    assert made.silent == (paused or hold is Hold.HELD)
    assert told == []


@pytest.mark.parametrize(("paused", "hold"), STATES)
def test_a_hold_leaves_the_pause_alone(paused, hold):
    made, _ = transport(paused=paused, hold=hold)
    made.hold_now()
    made.unhold()
    assert (made.paused, made.hold) == (paused, Hold.NONE)


@pytest.mark.parametrize(("paused", "hold"), STATES)
def test_a_waiter_for_the_sentences_end_is_called_once_it_is_held(paused, hold):
    made, told = transport(paused=paused, hold=hold)
    made.hold_now()
    made.hold_now()
    assert made.hold is Hold.HELD
    assert told == ["held"] * (hold is Hold.AT_SENTENCE_END)


def test_a_hold_at_the_sentences_end_is_told_at_once_where_it_is_held_already():
    made, told = transport(hold=Hold.HELD)
    made.hold_at_sentence_end(lambda: told.append("held"))
    assert (made.hold, told) == (Hold.HELD, ["held"])


def test_unhold_does_not_cancel_a_hold_at_the_sentences_end():
    made, told = transport(hold=Hold.AT_SENTENCE_END)
    made.unhold()
    assert made.hold is Hold.AT_SENTENCE_END
    made.hold_now()
    assert told == ["held"]


@pytest.mark.parametrize(("paused", "hold"), STATES)
def test_after_the_end_nothing_waits(paused, hold):
    made, told = transport(paused=paused, hold=hold)
    made.finish()
    awaited = hold is Hold.AT_SENTENCE_END
    assert (made.paused, made.hold) == (False, Hold.HELD if awaited else Hold.NONE)
    assert told == ["held"] * awaited


def test_the_called_waiter_may_end_the_hold_again():
    made = Transport()
    made.hold_at_sentence_end(made.unhold)
    made.hold_now()
    assert made.hold is Hold.NONE


@pytest.mark.parametrize(
    ("paused", "hold", "shown"),
    [
        (False, Hold.NONE, "<Transport: playing, not held>"),
        (True, Hold.AT_SENTENCE_END, "<Transport: paused, held at the sentence's end>"),
        (True, Hold.HELD, "<Transport: paused, held>"),
    ],
)
def test_the_phase_is_seen_in_a_log(paused, hold, shown):
    made, _ = transport(paused=paused, hold=hold)
    assert repr(made) == shown
