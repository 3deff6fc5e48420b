"""How long a silence may last, for each way to talk."""

from __future__ import annotations

import itertools
import math

import pytest

from voice_assistant.hearing.end_of_question import SHARES, Said
from voice_assistant.hearing.patience import (
    ANSWER_WAITS,
    SLOW_PAUSE_S,
    SLOWER,
    UNADJUSTED_S,
    Patience,
)
from voice_assistant.settings.sections.hearing import MicrophoneSettings

USUAL = MicrophoneSettings(end_after_silence_s=1.5, nothing_said_s=8.0, held_silence_s=30.0)
NEVER = MicrophoneSettings(end_after_silence_s=0.0, nothing_said_s=8.0, held_silence_s=0.0)


def by_key(settings=USUAL, **how):
    """A key was tapped: the end of the speech ends the recording."""
    patience = Patience(settings, **how)
    patience.hands_free = True
    return patience


@pytest.mark.parametrize(
    ("patience", "end_s", "begin_s"),
    [
        (Patience(USUAL), 30.0, 30.0),
        (Patience(USUAL, slow_speaker=True), 30.0, 30.0),
        (Patience(NEVER), 0.0, 0.0),
        (by_key(), 1.5, 8.0),
        (by_key(answer_waits=True), 1.5, 8.0 * ANSWER_WAITS),
        (by_key(slow_speaker=True), SLOW_PAUSE_S, 8.0 * SLOWER),
        (by_key(NEVER), 0.0, 0.0),
        (by_key(NEVER, slow_speaker=True), 0.0, 0.0),
        (Patience(USUAL, 6.0), 1.5, 6.0),
        (Patience(USUAL, 6.0, slow_speaker=True), SLOW_PAUSE_S, 6.0 * SLOWER),
        (Patience(NEVER, 6.0), UNADJUSTED_S, 6.0),
    ],
)
def test_each_way_to_talk_has_its_patience(patience, end_s, begin_s):
    assert (patience.end_s(Said.UNKNOWN), patience.begin_s()) == (end_s, begin_s)


def test_without_a_limit_nobody_has_to_begin():
    settings = MicrophoneSettings(end_after_silence_s=1.5, nothing_said_s=0.0)
    assert by_key(settings).begin_s() == math.inf


def test_somebody_may_always_be_silent_as_long_at_the_begin_as_at_the_end():
    settings = MicrophoneSettings(end_after_silence_s=5.0, nothing_said_s=3.0)
    assert by_key(settings, answer_waits=True).begin_s() == 5.0


@pytest.mark.parametrize("said", SHARES)
def test_the_words_tell_how_long_a_silence_ends_a_question(said):
    assert by_key().end_s(said) == pytest.approx(1.5 * SHARES[said])
    assert Patience(USUAL).end_s(said) == 30.0, "a held key alone tells it"


def test_behind_the_wake_word_alone_the_question_is_waited_for():
    assert Patience(USUAL, 6.0).end_s(Said.NOTHING) == 6.0
    assert by_key().end_s(Said.NOTHING) == 1.5


def test_a_key_that_is_pressed_while_the_assistant_listens_by_itself_takes_over():
    patience = Patience(USUAL, 6.0)
    assert (patience.by_itself, patience.hands_free) == (True, True)
    patience.take_over()
    assert (patience.by_itself, patience.hands_free) == (False, False)
    assert patience.begin_s() == 30.0


@pytest.mark.parametrize("said", Said)
@pytest.mark.parametrize("settings", [USUAL, NEVER])
def test_slow_speakers_are_waited_for_at_least_as_long_as_others(said, settings):
    for attend_s, hands_free in itertools.product((None, 6.0), (True, False)):
        usual, slow = (Patience(settings, attend_s, slow_speaker=slow) for slow in (False, True))
        for one in (usual, slow):
            one.hands_free = one.hands_free or hands_free
        assert slow.end_s(said) >= usual.end_s(said)
        assert slow.begin_s() >= usual.begin_s()
