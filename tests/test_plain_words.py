"""People read plain words: those of the trade are explained where they stand, or are not there."""

from __future__ import annotations

import re

import pytest
from helpers.translation.messages import in_code

TRADE = {
    "backend": r"\bbackends?\b(?!\.\w|\]|\. )",
    "dBFS": r"\bdBFS\b",
    "API key": r"(?<!“)\bAPI keys?\b",  # in quotation marks: what Dify calls it
    "endpoint": r"\bendpoints?\b",
    "daemon": r"(?<!notification )\bdaemon\b",
    "traceback": r"(?<!the )\btraceback\b",
    "stdin": r"\bstd(in|out|err)\b",
    "exception": r"\bexceptions?\b",
    "a setting as the file has it": r"\b\w+\.\w+ = |\b\w+\.\w+ is \"",
}
EXPLAINED = (
    "settings/sections/",  # the settings explain these words, or name servers' own
    "settings/documentation.py",
)


@pytest.mark.parametrize("word", TRADE)
def test_people_read_no_word_of_the_trade(word) -> None:
    found = [
        one.text
        for one in in_code()
        if re.search(TRADE[word], one.text) and not any(part in one.file for part in EXPLAINED)
    ]
    assert found == []
