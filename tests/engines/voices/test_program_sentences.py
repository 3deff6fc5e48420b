"""Where a text is cut before a voice reads it."""

from __future__ import annotations

from voice_assistant.engines.voices.program import (
    sentences,
)


def test_a_text_is_cut_into_its_sentences():
    text = "It is 3.5 miles. Is it? Yes: <i>really</i>!\nNo stop at the end"
    assert [" ".join(sentence.split()) for sentence in sentences(text)] == [
        "It is 3.5 miles.",
        "Is it?",
        "Yes: really !",
        "No stop at the end",
    ]


def test_a_row_of_a_table_is_said_in_one():
    assert sentences("City: Paris, Country: France.") == ["City: Paris, Country: France."]


def test_a_long_sentence_is_cut_where_a_voice_rests():
    text = "One thing; another, which is long: " * 20
    *portions, _ = sentences(text)
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")
    assert {portion[-1] for portion in portions} <= set(":;,")
    assert min(map(len, portions)) > 250


def test_a_text_without_stops_is_cut_between_words():
    text = "seven letters " * 100
    portions = sentences(text)
    assert " ".join(portions).strip() == text.strip()
    assert max(map(len, portions)) < 320
    assert len(sentences("x" * 1000)) > 2


def test_a_comparison_is_no_markup():
    assert sentences("1 < 2 and 3 > 2") == ["1 < 2 and 3 > 2"]
