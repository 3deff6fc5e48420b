"""What is learned of a voice, and how long it is believed."""

from __future__ import annotations

import math

import pytest

from voice_assistant.audio.pauses import Silence
from voice_assistant.speech.prosody import UNHEARD, ExpectedTiming, expected_s

SENTENCE = "The river that we saw was a long way from here."
DUE = ExpectedTiming.of(SENTENCE)
CHINESE = "今天天气很好，我们出去走走吧。"  # noqa: RUF001


def spoken(sentences, pace, *, rest_s=0.35):
    """So many sentences by a voice of this pace: their silences, the last goes on, and length."""
    silences, at_s = [], 0.0
    for _ in range(sentences):
        at_s += DUE.said_s * pace
        silences.append(Silence(at_s, at_s + rest_s))
        at_s += rest_s
    return silences, at_s


def after(prosody, sentences, pace, *, rest_s=0.35):
    return prosody.after([DUE] * sentences, *spoken(sentences, pace, rest_s=rest_s))


def pace_of(prosody):
    return math.exp(prosody.pace.mean)


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.6])
def test_speech_of_known_words_tells_pace_and_rests(pace):
    heard = after(UNHEARD, 5, pace, rest_s=0.4)
    assert heard.known
    assert not UNHEARD.known
    assert pace_of(heard) == pytest.approx(pace, rel=0.05)
    assert math.exp(heard.sentence_pause.mean) * pace == pytest.approx(0.4, rel=0.3)
    assert heard.pace.spread < UNHEARD.pace.spread / 3
    assert heard.sentence_pause.spread < UNHEARD.sentence_pause.spread


def test_a_rest_within_a_sentence_is_part_of_it():
    silences, end_s = spoken(3, 1.0)
    heard = UNHEARD.after([DUE] * 3, silences, end_s)
    with_commas = [*silences, Silence(0.5, 0.65), Silence(1.0, 1.1)]
    assert UNHEARD.after([DUE] * 3, sorted(with_commas), end_s) == heard


def test_a_single_sentence_tells_the_pace_and_nothing_about_pauses():
    heard = after(UNHEARD, 1, 1.3)
    assert pace_of(heard) == pytest.approx(1.3, rel=0.1)
    assert heard.sentence_pause == UNHEARD.sentence_pause
    assert heard.known


def test_a_short_word_tells_little():
    yes = ExpectedTiming.of("Yes.")
    heard = UNHEARD.after([yes], [], 2 * yes.said_s)
    assert abs(heard.pace.mean) < 0.5 * math.log(2)
    assert not heard.known


def test_a_voice_that_drifts_is_followed_and_none_is_ever_known_quite():
    voice = UNHEARD
    for _ in range(20):
        voice = after(voice, 4, 1.0)
    assert voice.pace.spread >= 0.05
    for _ in range(8):
        voice = after(voice, 4, 1.15)
    assert pace_of(voice) == pytest.approx(1.15, rel=0.02)


@pytest.mark.parametrize("pace", [0.75, 1.4])
def test_another_voice_is_not_taken_for_the_one_that_was_known(pace):
    voice = UNHEARD
    for _ in range(10):
        voice = after(voice, 4, 1.0)
    assert after(voice, 4, pace) == after(UNHEARD, 4, pace)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 60.0])
def test_speech_that_can_hardly_be_these_words_tells_nothing(seconds):
    voice = after(UNHEARD, 4, 1.0)
    assert voice.after([DUE] * 2, [], seconds) == voice


def test_in_another_script_a_voice_is_another_one():
    assert UNHEARD.reading(SENTENCE) == UNHEARD
    voice = after(UNHEARD, 4, 1.4)
    assert voice.reading("Yes, 42.") == voice
    chinese = voice.reading(CHINESE)
    assert not chinese.known
    assert chinese.reading(CHINESE) == chinese
    chinese = chinese.after([ExpectedTiming.of(CHINESE)], [], 6.0)
    assert chinese.known
    assert chinese.reading(CHINESE) == chinese
    assert chinese.reading("42。") == chinese
    assert chinese.reading(f"{SENTENCE} 好。") == UNHEARD


def test_a_voice_may_rest_where_there_is_a_mark_and_to_breathe():
    assert ExpectedTiming.of("It was cold.").rests == 0
    assert ExpectedTiming.of('She said: "Come in, it is 7:45."').rests == 3
    assert ExpectedTiming.of(f" {CHINESE}").rests == 1
    assert ExpectedTiming.of("and a word more " * 20).rests == 2


def test_sentences_in_one_take_as_long_as_the_text():
    text = f"{SENTENCE} It was cold. Yes."
    dues = [ExpectedTiming.of(part) for part in (SENTENCE, " It was cold.", " Yes.")]
    assert ExpectedTiming.in_one(dues).said_s == pytest.approx(expected_s(text) - 0.4, abs=0.5)
    assert ExpectedTiming.in_one(dues).rests == 2
    assert ExpectedTiming.in_one([DUE]) == DUE


def test_the_length_of_speech_is_about_right_in_english_and_chinese():
    hello = "Hello, this is the local test assistant. I heard your question and I will answer it"
    assert expected_s(hello + " in a few sentences.") == pytest.approx(6.07, rel=0.15)
    assert expected_s("5 degrees today.") == pytest.approx(1.51, rel=0.15)
    assert expected_s("今天天气很好我们出去走走吧。") == pytest.approx(3.2, rel=0.25)
