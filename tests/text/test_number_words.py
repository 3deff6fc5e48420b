from __future__ import annotations

import pytest

from voice_assistant.text.number_words import spelt


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Set a timer for 10 minutes.", "Set a timer for ten minutes."),
        ("wake me at 5:30pm", "wake me at five thirty pm"),
        ("15% of 80", "fifteen percent of eighty"),
        ("0, 21 and 100?", "zero, twenty one and one hundred?"),
        ("2305", "two thousand three hundred five"),
        ("2.5 and 1,000 and 12345", "2.5 and 1,000 and 12345"),
        ("no figures", "no figures"),
    ],
)
def test_figures_become_words(text, words):
    assert spelt(text) == words
