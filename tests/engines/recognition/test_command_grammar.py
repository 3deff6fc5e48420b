"""When what was heard is a known command."""

from __future__ import annotations

import pytest

from voice_assistant.engines.recognition.command_grammar import Commands

# "set timer now", "stop [now]", "spell cat" and "spell" any other word.
GRAMMAR = """FSG_BEGIN commands
NUM_STATES 7
START_STATE 0
FINAL_STATE 6
TRANSITION 0 1 1.0 set
TRANSITION 1 2 1.0 timer
TRANSITION 2 5 1.0 now
TRANSITION 0 3 1.0 stop
TRANSITION 3 5 1.0 now
TRANSITION 3 6 1.0
TRANSITION 0 4 1.0 spell
TRANSITION 4 5 1.0 cat
# OPEN 4 5
TRANSITION 5 6 1.0
FSG_END
"""

PHONES = {
    "set": "S EH T",
    "sat": "S AE T",
    "timer": "T AY M ER",
    "tenor": "T EH N ER",
    "now": "N AW",
    "know": "N AW",
    "stop": "S T AA P",
    "for": "F AO R",
    "yesterday": "Y EH S T ER D EY",
}


@pytest.fixture
def commands():
    return Commands(GRAMMAR, PHONES.get)


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("set timer now", "set timer now"),
        ("set timer", ""),
        ("set timer now please", "set timer now"),
        ("stop", "stop"),
        ("stop now", "stop now"),
        ("stop now now", "stop now"),
        ("spell cat", "spell cat"),
        ("spell house", "spell house"),
        ("spell", ""),
        ("hello", ""),
        ("", ""),
    ],
)
def test_a_command_ends_where_the_grammar_lets_it(commands, text, longest):
    assert commands.longest(text) == longest


def test_what_sounds_like_a_command_is_that_command(commands):
    assert commands.choose("sat tenor now", "set timer now") == "set timer now"


def test_what_sounds_otherwise_stays_what_it_was(commands):
    assert commands.choose("for yesterday", "set timer now") == "for yesterday"


def test_a_command_that_was_heard_word_for_word_is_not_doubted(commands):
    assert commands.choose("stop now", "set timer now") == "stop now"


def test_any_word_makes_a_command_where_any_word_may_stand(commands):
    assert commands.choose("spell house", "spell cat") == "spell house"


def test_what_the_grammar_adds_behind_a_command_is_left_out(commands):
    assert commands.choose("sat timer now", "set timer now spell") == "set timer now"


def test_a_beginning_of_a_command_is_none(commands):
    assert commands.choose("sat timer", "set timer") == "sat timer"


def test_more_words_behind_a_command_make_it_another_question(commands):
    heard = "set timer now yesterday"
    assert commands.choose(heard, "set timer now") == heard


def test_unknown_words_sound_like_themselves_only(commands):
    assert commands.choose("xyzzy now", "stop now") == "xyzzy now"


def test_without_a_grammar_nothing_is_a_command():
    assert Commands("", PHONES.get).longest("stop") == ""


def test_words_that_sound_exactly_like_a_command_are_that_command(commands):
    assert commands.choose("stop know", "stop now") == "stop now"
