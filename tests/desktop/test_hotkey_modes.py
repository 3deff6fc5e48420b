from __future__ import annotations

import itertools

import pytest

from voice_assistant.commands import Dictate, Press, Release, Stop, Tap, Toggle
from voice_assistant.desktop.hotkey import COMMANDS, keys
from voice_assistant.desktop.hotkey.follower import Move
from voice_assistant.desktop.hotkey.modes import TalkKey
from voice_assistant.settings.sections.desktop import HotkeySettings

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


def test_unless_chosen_otherwise_a_tap_is_enough_and_each_key_may_be_a_single_one():
    assert HotkeySettings().mode == "hybrid"
    for setting in (keys.TALK, keys.DICTATE, *COMMANDS):
        assert not keys.parse("f9", setting).modifiers


def test_a_hybrid_key_listens_from_the_press_on_and_not_from_the_decision():
    assert TalkKey("hybrid", TAP_S).moved(Move.DOWN, 0.0) == Press()


@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
def test_a_key_that_was_meant_for_a_shortcut_ends_what_it_began(mode):
    key = TalkKey(mode, TAP_S)
    key.moved(Move.DOWN, 0.0)
    assert key.moved(Move.SPOILT, 0.1) == Stop()


def posted(key, *times_s):
    """What a key posts that goes down and comes up at these times."""
    moves = zip(itertools.cycle((Move.DOWN, Move.UP)), times_s, strict=False)
    return [key.moved(move, now_s) for move, now_s in moves]


@pytest.mark.parametrize("dictates", [False, True])
@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
def test_two_taps_stop_everything(mode, dictates):
    key = TalkKey(mode, TAP_S, dictates=dictates)
    assert posted(key, 0.0, 0.1, 0.3, 0.4)[-1] == Stop()
    assert not key.tapped, "no hint is due"
    assert posted(key, 0.6, 0.7)[-1] != Stop(), "a third tap is a new one"


@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
@pytest.mark.parametrize(
    "times_s",
    [
        pytest.param((0.0, 0.1, 0.2 + LONG_S, 0.3 + LONG_S), id="taps one by one"),
        pytest.param((0.0, 0.1, 0.3, 0.4 + LONG_S), id="a tap by mistake, then held"),
        pytest.param((0.0, LONG_S, LONG_S + 0.1, LONG_S + 0.2), id="held, then a tap"),
    ],
)
def test_nothing_else_stops_everything(mode, times_s):
    assert Stop() not in posted(TalkKey(mode, TAP_S), *times_s)


@pytest.mark.parametrize("first_s", [0.25, 0.6])
@pytest.mark.parametrize(
    ("mode", "last"), [("hold", Release()), ("toggle", None), ("hybrid", Release())]
)
def test_releases_and_presses_while_the_key_is_held_end_nothing(mode, last, first_s):
    """Some desktops tell of both for each repetition."""
    key = TalkKey(mode, TAP_S)
    repeats = [first_s + 0.04 * number for number in range(25)]
    pairs = [at_s + late_s for at_s in repeats for late_s in (0.0, 0.002)]
    told = posted(key, 0.0, *pairs, 2.0)
    assert told[0] == (Toggle() if mode == "toggle" else Press())
    assert Stop() not in told
    for release, press in zip(told[1:-1:2], told[2:-1:2], strict=True):
        assert press == (Press() if release == Release() else None), "it takes the release back"
    assert told[-1] == last


@pytest.mark.parametrize("late", range(2, 25))
@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
def test_repetitions_of_which_one_comes_late_stop_nothing(mode, late):
    """The machine stumbled: the key is held all the time."""
    pace_s, stumble_s = 0.012, 0.06
    times_s = [pace_s * move + (stumble_s if move >= 2 * late else 0.0) for move in range(50)]
    assert Stop() not in posted(TalkKey(mode, TAP_S), *times_s)


@pytest.mark.parametrize("mode", ["hold", "toggle", "hybrid"])
def test_the_key_to_dictate_begins_a_dictation_and_ends_it_as_the_talk_key_does(mode):
    talk, dictate = TalkKey(mode, TAP_S), TalkKey(mode, TAP_S, dictates=True)
    assert talk.moved(Move.DOWN, 0.0)
    assert dictate.moved(Move.DOWN, 0.0) == Dictate(held=mode != "toggle")
    assert dictate.moved(Move.UP, 0.1) == talk.moved(Move.UP, 0.1)
