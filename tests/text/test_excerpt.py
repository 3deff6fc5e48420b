"""Parts of a text for displays with little room."""

from __future__ import annotations

import pytest

from voice_assistant.text.excerpt import around, shortened

STORY = " ".join(f"This is sentence {number}." for number in range(1, 41))


@pytest.mark.parametrize("number", [1, 2, 10, 20, 37, 40])
@pytest.mark.parametrize("limit", [60, 150, 400])
def test_the_sentence_is_in_the_part(number, limit):
    part = around(STORY, f"This is sentence {number}.", limit)
    assert f"This is sentence {number}." in part
    assert len(part) <= limit
    assert part.startswith("…") == (not part.startswith("This is sentence 1."))
    assert part.endswith("…") == (not part.endswith("sentence 40."))


def test_the_end_fills_the_room():
    assert len(around(STORY, "This is sentence 40.", 150)) > 120


@pytest.mark.parametrize("sentence", ["", "  ", "Something else."])
def test_an_unknown_sentence_leaves_the_beginning(sentence):
    assert around(STORY, sentence, 100) == shortened(STORY, 100)


def test_a_short_text_is_shown_whole():
    assert around("  One. Two. ", "Two.", 100) == "One. Two."


def test_a_text_without_spaces_is_cut_within():
    part = around("字" * 300 + "這是", "這是", 50)
    assert part.endswith("這是")
    assert len(part) <= 50


def test_a_sentence_longer_than_the_room_is_cut_at_its_end():
    part = around("Before. " + "word " * 100, "word " * 100, 50)
    assert part.startswith("…word")
    assert part.endswith("…")


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("", 10, ""),
        ("ten chars!", 10, "ten chars!"),
        ("  space around  ", 12, "space around"),
        ("one two three", 10, "one two…"),
        ("one two three", 7, "one…"),
        ("one two three", 8, "one two…"),
        ("one, two three", 6, "one…"),
        ("see " + "x" * 60, 50, "see " + "x" * 45 + "…"),
        ("answer: " + "\u7b54" * 60, 50, "answer: " + "\u7b54" * 41 + "…"),
        ("incomprehensibilities", 10, "incompreh…"),
    ],
)
def test_long_texts_end_between_words(text, limit, short):
    assert shortened(text, limit) == short
    assert len(short) <= limit
