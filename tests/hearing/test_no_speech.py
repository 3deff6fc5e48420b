"""What recognisers write without speech is nothing that was said; what was said is left alone."""

from __future__ import annotations

import time

import pytest

from voice_assistant.audio.endpointing import LEAST_SPEECH_S
from voice_assistant.hearing.no_speech import (
    CREDITS,
    LONGEST_STOCK,
    NOT_SAID_WITHIN_S,
    PHRASES,
    UNHEARD_S,
    words_in,
)

COUGH_S = 0.4
SENTENCE_S = 2.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        ".",
        "...",
        "…",
        "?!",
        "。",
        "- -",
        " [BLANK_AUDIO]",
        "[ Silence ]",
        "(music)",
        "(keyboard clicking) (sighs)",
        "[MUSIC PLAYING]\n[APPLAUSE].",
        "*coughs*",
        "<unk>",
        "【音楽】",
        "\uff08拍手\uff09",
        "(笑)",
        "♪",
        "♪♪",
        "♪ la la la ♪",
        "🎵 🎵",
    ],
)
@pytest.mark.parametrize("speech_s", [0.0, SENTENCE_S])
def test_notes_and_signs_are_nothing_however_long_somebody_spoke(text, speech_s):
    assert words_in(text, speech_s) == ""


@pytest.mark.parametrize(
    "text",
    [
        "(a) or (b)?",
        "(a)",
        "[1]",
        "[1] what is that",
        "what is [sic] in a text",
        "[MUSIC] what is this song",
        "play ♪ again",
        "♪ what is this song",
        "5 * 3 * 2",
        "a < b and b > c",
        "is it (much) later",
        "何時ですか",
        "½",
        "7",
        "no",
    ],
)
@pytest.mark.parametrize("speech_s", [0.0, COUGH_S, SENTENCE_S])
def test_words_beside_a_note_are_words(text, speech_s):
    assert words_in(f" {text}\n", speech_s) == text


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for watching!",
        "Thanks for watching.",
        "thank you for watching",
        "Thank you for watching! Thank you for watching!",
        "Thanks for watching! Don't forget to subscribe!",
        "ご視聴ありがとうございました",
        "ご視聴ありがとうございました。",
        "字幕by索兰娅",
        "Subtitles by the Amara.org community",
        "Untertitel der Amara.org-Gemeinschaft",
        "you",
        " You. ",
        "♪ Thanks for watching!",
        "[MUSIC] Thanks for watching!",
    ],
)
def test_the_end_of_a_video_is_nothing_after_a_cough_and_words_after_a_sentence(text):
    assert words_in(text, 0.0) == ""
    assert words_in(text, COUGH_S) == ""
    assert words_in(text, SENTENCE_S) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for watching the oven, is it done?",
        "Are you",
        "your turn",
        "youth",
        "Who said thanks for watching?",
        "Thank you.",
        "Bye!",
        "Okay",
    ],
)
def test_what_only_resembles_a_phrase_and_what_people_say_is_left_after_a_short_sound(text):
    assert words_in(text, COUGH_S) == text


@pytest.mark.parametrize("text", ["Thank you.", "Bye!", "Okay", "Thank you. Thank you."])
def test_a_polite_word_is_nothing_where_no_speech_was_detected(text):
    assert words_in(text, 0.0) == ""


def test_the_table_holds_letters_that_can_be_found():
    for phrase, least_s in PHRASES.items():
        assert phrase.isalnum()
        assert phrase == phrase.casefold()
        assert least_s in {UNHEARD_S, NOT_SAID_WITHIN_S}
        assert words_in(phrase, least_s - 0.01) == ""
        assert words_in(phrase, least_s) == phrase
    assert all(credit.isalnum() for credit in CREDITS)
    assert UNHEARD_S == LEAST_SPEECH_S


@pytest.mark.parametrize("sign", ["you", "[", "(", "【", "♪", "*", "<", "(a"])
def test_a_text_of_any_length_is_looked_at_in_no_time(sign):
    began_s = time.monotonic()
    words_in(sign * (300_000 // len(sign)), 0.0)
    assert time.monotonic() - began_s < 1.0
    assert words_in("you" * LONGEST_STOCK, 0.0)
