"""Which texts are, or begin, a known command."""

from __future__ import annotations

import pytest

from voice_assistant.engines.recognition.command_grammar import (
    END,
    NOTHING,
    OPEN,
    Grammar,
    of_phrases,
    with_phrase,
)

# "set timer now", "stop [now]", "spell cat" and "spell" any other word.
GRAMMAR = Grammar(
    [
        {"set": 1, "stop": 3, "spell": 4},
        {"timer": 2},
        {"now": 5},
        {"now": 5, END: 6},
        {"cat": 5, OPEN: 5},
        {END: 6},
        {},
    ]
)


@pytest.mark.parametrize(
    ("text", "is_command"),
    [
        ("set timer now", True),
        ("Set timer, now!", True),
        ("set timer", False),
        ("set timer now please", False),
        ("stop", True),
        ("stop now", True),
        ("stop now now", False),
        ("spell cat", True),
        ("spell house", True),
        ("spell", False),
        ("spell 5", True),
        ("spell 1,5", False),
        ("stop 5", False),
        ("sto", False),
        ("hello", False),
        ("", False),
        ("stop\x00", False),
    ],
)
def test_a_command_is_accepted_whole(text, is_command):
    assert GRAMMAR.accepts(text) is is_command


@pytest.mark.parametrize("pieces", [["se", "t\u2581ti", "mer", "\u2581now"], [*"Set timer now."]])
def test_a_text_may_come_in_any_pieces(pieces):
    place = GRAMMAR.beginning
    for piece in pieces[:-1]:
        place = GRAMMAR.advance(place, piece)
        assert place
    assert GRAMMAR.is_end(GRAMMAR.advance(place, pieces[-1]))


def test_a_text_that_begins_no_command_is_known_at_its_first_wrong_letter():
    assert GRAMMAR.advance(GRAMMAR.beginning, "se")
    assert GRAMMAR.advance(GRAMMAR.beginning, "sa") is None


def test_without_a_grammar_nothing_is_a_command():
    assert not NOTHING.accepts("stop")
    assert NOTHING.advance(NOTHING.beginning, "s") is None


def test_a_phrase_may_come_before_a_command():
    grammar = with_phrase(GRAMMAR, "hey computer")
    assert grammar.accepts("Hey, computer, set timer now.")
    assert grammar.accepts("set timer now")
    assert not grammar.accepts("hey computer")
    assert not grammar.accepts("computer set timer now")
    assert not grammar.accepts("hey set timer now")


@pytest.mark.parametrize("phrase", ["computer", "hey computer"])
def test_the_phrase_may_be_all_that_is_said(phrase):
    grammar = with_phrase(GRAMMAR, phrase, alone=True)
    for said in (phrase, f"{phrase}, set timer now", "set timer now"):
        assert grammar.accepts(said)
    for said in ("", "hey", f"{phrase} {phrase}", f"{phrase} set"):
        assert not grammar.accepts(said)


def test_whole_phrases_make_a_grammar():
    grammar = of_phrases(["stop", "stop it", "don't", "go on", "24 hours"])
    accepted = ["Stop.", "stop it", "Don't!", "go on"]
    assert all(map(grammar.accepts, accepted))
    assert not any(map(grammar.accepts, ["", "go", "it", "stop stop", "24 hours"]))
