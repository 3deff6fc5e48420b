"""Where a text is cut before a voice reads it."""

from __future__ import annotations

from voice_assistant.engines.voices.portions import portions


def test_a_text_is_cut_into_its_sentences():
    text = "It is 3.5 miles. Is it? Yes: <i>really</i>!\nNo stop at the end"
    assert [" ".join(sentence.split()) for sentence in portions(text)] == [
        "It is 3.5 miles.",
        "Is it?",
        "Yes: really !",
        "No stop at the end",
    ]


def test_a_row_of_a_table_is_said_in_one():
    assert portions("City: Paris, Country: France.") == ["City: Paris, Country: France."]


def test_a_long_sentence_is_cut_where_a_voice_rests():
    text = "One thing; another, which is long: " * 20
    *parts, _ = portions(text)
    assert "".join(portions(text)).replace(" ", "") == text.replace(" ", "")
    assert {part[-1] for part in parts} <= set(":;,")
    assert min(map(len, parts)) > 250


def test_a_text_without_stops_is_cut_between_words():
    text = "seven letters " * 100
    parts = portions(text)
    assert " ".join(parts).strip() == text.strip()
    assert max(map(len, parts)) < 320
    assert len(portions("x" * 1000)) > 2


def test_a_comparison_is_no_markup():
    assert portions("1 < 2 and 3 > 2") == ["1 < 2 and 3 > 2"]
