"""What the network writes where nobody speaks is not taken for words."""

from __future__ import annotations

import pytest

from voice_assistant.engines.recognition.ears import is_phantom


@pytest.mark.parametrize(
    "text", ["", "You", "you.", "...", "이이이이이", "Mmmmmmmm", "♪", "© transcript Somebody"]
)
def test_nobody_says_that(text):
    assert is_phantom(text, 1.0)


@pytest.mark.parametrize(
    "text", ["Thank you for watching!", "Thanks for watching.", "Thank you.", "1."]
)
def test_a_phrase_that_takes_a_second_is_not_all_that_is_said_in_many(text):
    assert is_phantom(text, 8.0)
    assert not is_phantom(text, 1.5)


@pytest.mark.parametrize(
    "text",
    [
        "Stop.",
        "Hmm",
        "Mm-hm.",
        "What time is it in Zürich?",
        "100000",
        "Café",
        "No",
        "Thank you, stop",
    ],
)
def test_words_stay_however_much_music_plays_behind_them(text):
    assert not is_phantom(text, 10.0)
