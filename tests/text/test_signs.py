# ruff: noqa: RUF001 - dashes and waves are meant
from __future__ import annotations

import pytest

from voice_assistant.text.signs import has_signs, in_words


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (
            "It takes ~5 minutes, 20~30 s, 10–20%.",
            "en",
            "It takes about 5 minutes, 20 to 30 s, 10 to 20%.",
        ),
        ("It takes ~5 minutes.", "", "It takes about 5 minutes."),
        ("It is ≈5 m; x ≈ 3.14, 2≈3.", "en", "It is about 5 m; x about 3.14, 2≈3."),
        (
            "Es sind ~5 km, 20–30 °C, 5 °C–7 °C.",
            "de",
            "Es sind etwa 5 km, 20 bis 30 °C, 5 °C bis 7 °C.",
        ),
        ("Environ ~5, de 20~30.", "fr", "Environ 5, de 20 à 30."),
        ("大约需要20～30秒。", "zh", "大约需要20到30秒。"),
        ("20〜30分ぐらい", "ja", "20から30分ぐらい"),
        ("대략 20~30초", "ko", "대략 20에서 30초"),
        ("$5–$10", "en", "$5 to $10"),
        ("好的～", "zh", "好的"),
    ],
)
def test_signs_are_said_in_the_words_of_the_language(text, language, said):
    assert has_signs(text)
    assert in_words(text, language) == said


@pytest.mark.parametrize(
    "text", ["in ~/.config", "10 – 5 = 5", "a–b", "2024-05-01", "well — 5 of them", "555-1234"]
)
def test_other_dashes_stay(text):
    assert in_words(text, "en") == text
