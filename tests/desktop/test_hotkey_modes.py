from __future__ import annotations

import pytest

from voice_assistant.commands import Dictate, Press, Release, Stop, Tap, Toggle
from voice_assistant.desktop.hotkey.follower import Move
from voice_assistant.desktop.hotkey.modes import TalkKey

TAP_S = 0.4
LONG_S = TAP_S
SHORT_S = TAP_S - 0.001


@pytest.mark.parametrize(
    ("mode", "held_s", "posted"),
    [
        ("hold", LONG_S, [Press(), Release()]),
        ("hold", SHORT_S, [Press(), Release()]),
        ("toggle", LONG_S, [Toggle(), None]),
        ("toggle", SHORT_S, [Toggle(), None]),
        ("hybrid", LONG_S, [Press(), Release()]),
        ("hybrid", SHORT_S, [Press(), Tap()]),
    ],
)
def test_what_a_press_of_the_key_means(mode, held_s, posted):
    key = TalkKey(mode, TAP_S)
    for began_s in (0.0, 50.0, 1e9):
        moves = [(Move.DOWN, began_s), (Move.UP, began_s + held_s + 1e-6)]
        assert [key.moved(move, now_s) for move, now_s in moves] == posted
        assert key.tapped == (held_s == SHORT_S)


def test_a_hybrid_key_listens_from_the_press_on_and_not_from_the_decision():
    assert TalkKey("hybrid", TAP_S).moved(Move.DOWN, 0.0) == Press()


@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
def test_a_key_that_was_meant_for_a_shortcut_ends_what_it_began(mode):
    key = TalkKey(mode, TAP_S)
    key.moved(Move.DOWN, 0.0)
    assert key.moved(Move.SPOILT, 0.1) == Stop()


@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
def test_the_key_to_dictate_begins_a_dictation_and_ends_it_as_the_talk_key_does(mode):
    talk, dictate = TalkKey(mode, TAP_S), TalkKey(mode, TAP_S, dictates=True)
    assert talk.moved(Move.DOWN, 0.0)
    assert dictate.moved(Move.DOWN, 0.0) == Dictate(held=mode != "toggle")
    assert dictate.moved(Move.UP, 0.1) == talk.moved(Move.UP, 0.1)
