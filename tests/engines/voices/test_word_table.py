from __future__ import annotations

import json

import pytest

from voice_assistant.engines.voices.word_table import WordTable

WORDS = {"read": {"VBD": "red", "DEFAULT": "ri:d"}, "it's": "əts", "naïve": None, "": 1}


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_every_word_has_its_value_and_other_words_have_none(count):
    words = {**WORDS, **{f"word{number}": [number] for number in range(count)}}
    table = WordTable(json.dumps(words).encode())
    assert {word: table.get(word) for word in words} == words
    assert table.get("Cat") is table.get("dog") is None


def test_a_table_may_be_empty():
    assert WordTable(b"{}").get("word") is None
