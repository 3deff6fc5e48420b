from __future__ import annotations

import pytest

from voice_assistant.commands import Dictate, New, Press, Release, Stop, Toggle
from voice_assistant.desktop.hotkey.command_key import CommandKey


def obeyed(*movements):
    """Which of the commands, each with the time when its program began, are obeyed."""
    key = CommandKey()
    return [type(command).__name__ for command, began_s in movements if key.means(command, began_s)]


def held(first_s, last_s, every_s=0.04, delay_s=0.6):
    """The presses of a key that is held: one, and its repetitions."""
    times, now_s = [first_s], first_s + delay_s
    while now_s <= last_s:
        times.append(now_s)
        now_s += every_s
    return [(Press(), time_s) for time_s in times]


def test_a_key_that_is_held_and_released_is_obeyed():
    movements = [*held(1.0, 3.0), (Release(), 3.01)]
    assert obeyed(*movements) == [type(command).__name__ for command, _ in movements]


@pytest.mark.parametrize("late", [1, 2, 10, 35])
def test_repetitions_that_the_release_has_overtaken_press_nothing(late):
    presses = held(1.0, 3.0)
    movements = [*presses[:-late], (Release(), 3.01), *presses[-late:]]
    assert obeyed(*movements)[-1] == "Release"


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.15, 0.24])
def test_a_press_that_began_right_after_the_release_is_a_straggler(after_s):
    assert obeyed((Press(), 1.0), (Release(), 2.0), (Press(), 2.0 + after_s)) == [
        "Press",
        "Release",
    ]


def test_the_key_can_be_pressed_again_soon():
    again = [(Press(), 2.1), (Press(), 2.3), (Release(), 4.0)]
    assert obeyed((Press(), 1.0), (Release(), 2.0), *again) == [
        "Press",
        "Release",
        "Press",
        "Release",
    ]


def test_a_release_that_arrives_late_does_not_hide_the_press_after_it():
    assert obeyed((Press(), 1.0), (Press(), 3.0), (Release(), 2.0), (Press(), 3.5)) == [
        "Press",
        "Press",
        "Release",
        "Press",
    ]


@pytest.mark.parametrize("command", [Toggle(), Dictate()])
@pytest.mark.parametrize("repeats", [1, 2, 8, 13, 25])
def test_a_toggle_key_that_is_held_toggles_once(repeats, command):
    times = [1.0, *(1.66 + 0.04 * n for n in range(repeats))]
    assert obeyed(*((command, time_s) for time_s in times)) == [type(command).__name__]


def test_a_toggle_some_time_later_is_another_one():
    assert obeyed((Toggle(), 1.0), (Toggle(), 1.9), (Toggle(), 9.0)) == ["Toggle"] * 3


@pytest.mark.parametrize("command", [Stop(), New(), Release()])
def test_all_other_commands_are_always_obeyed(command):
    assert obeyed((command, 1.0), (command, 1.0), (command, 0.5)) == [type(command).__name__] * 3
