"""Which sound can be the speech of a text, and which cannot."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.speech.exchanges import FOLDER, SAID

from voice_assistant.audio.codec.decoder import Decoded, SpeechDecoder
from voice_assistant.speech.audibility import AudibleSpan, has_words, is_heard
from voice_assistant.speech.prosody import UNHEARD, Estimate, Prosody, expected_s

LONG = (
    "The harbour was closed in the morning, because the ice had become so thick "
    "that no ship could reach the open water before noon."
)
LOUD = 10_000
# ruff: noqa: RUF001 (the punctuation of Chinese)


@pytest.mark.parametrize("seconds", [0.0, 1 / 16_000, 0.1, 1.0, 2.0])
def test_a_second_or_two_is_no_speech_of_a_long_sentence(seconds):
    assert not is_heard(LONG, seconds, LOUD)


@pytest.mark.parametrize("seconds", [3.5, 7.5, 60.0])
def test_quick_and_slow_voices_are_heard(seconds):
    assert is_heard(LONG, seconds, LOUD)


@pytest.mark.parametrize("peak", [0, 1, 32])
def test_silence_is_not_heard_however_long(peak):
    assert not is_heard("Yes.", 30.0, peak)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Yes.", 0.12),
        ("A.", 0.04),
        ("U.S.A.", 0.3),
        ("1,000,000", 0.3),
        ("What?!?!?!", 0.15),
        ("Hmmmmmmmmmmmmmm...", 0.2),
        ("12:30", 0.4),
        ("Straßenbahnhaltestelle", 0.9),
        ("好。", 0.12),
        ("月亮离我们大约三十八万公里。", 1.2),
        ("こんにちは、元気ですか？", 0.7),
        ("안녕하세요, 잘 지내세요?", 0.7),
        ("Через час будет дождь.", 0.8),
    ],
)
def test_speech_at_double_pace_counts_as_heard(text, seconds):
    assert is_heard(text, seconds, LOUD)


@pytest.mark.parametrize("text", ["Yes.", "7", "好。"])
def test_one_sample_is_no_word(text):
    assert not is_heard(text, 1 / 24_000, LOUD)


@pytest.mark.parametrize("text", ["", "...", "—", "?!", "😀"])
def test_a_text_without_words_needs_no_sound(text):
    assert not has_words(text)
    assert is_heard(text, 0.0, 0)


@pytest.mark.parametrize("name", SAID)
def test_speech_of_real_servers_counts_as_heard_and_a_sixth_of_it_does_not(name):
    decoder, span = SpeechDecoder(), AudibleSpan()
    for sound in decoder.feed((FOLDER / name).read_bytes()) + decoder.close():
        span.add(sound)
    assert is_heard(SAID[name], span.seconds, span.peak)
    if name in {"2.mp3", "3.mp3", "6.mp3"}:
        assert not is_heard(SAID[name], span.seconds / 6, span.peak)


@pytest.mark.parametrize(
    ("name", "share"), [("2.mp3", 1), ("6.mp3", 1), ("2.mp3", 1 / 3), ("6.mp3", 1 / 3)]
)
def test_what_ends_in_the_middle_of_a_sound_needs_its_whole_length(name, share):
    decoder, span = SpeechDecoder(), AudibleSpan()
    sounds = decoder.feed((FOLDER / name).read_bytes()) + decoder.close()
    pcm, rate_hz = np.concatenate([sound.pcm for sound in sounds]), sounds[0].rate_hz
    for piece in np.array_split(pcm[: round(len(pcm) * share)], 7):
        span.add(Decoded(piece, rate_hz, 0))
    assert span.breaks_off == (share < 1)
    heard = is_heard(SAID[name], span.seconds, span.peak, breaks_off=span.breaks_off)
    assert heard == (share == 1)


def test_of_a_known_voice_two_thirds_of_a_sentence_are_not_all_of_it():
    voice = Prosody(pace=Estimate(0.0, 0.1))
    whole_s = expected_s(LONG)
    assert is_heard(LONG, whole_s, LOUD, voice, breaks_off=True)
    assert not is_heard(LONG, whole_s * 2 / 3, LOUD, voice, breaks_off=True)
    assert is_heard(LONG, whole_s * 2 / 3, LOUD, voice)


def test_a_voice_that_is_known_to_be_very_quick_needs_less_time():
    quick = Prosody(pace=Estimate(np.log(0.38), 0.1))
    assert not is_heard(LONG, 2.4, LOUD)
    assert is_heard(LONG, 2.4, LOUD, quick)
    assert is_heard(LONG, 7.5, LOUD, UNHEARD)


def test_silence_around_the_sound_does_not_count():
    span = AudibleSpan()
    for part in (np.zeros(8000), np.full(4000, 900), np.full(4000, 20), np.zeros(16_000)):
        span.add(Decoded(part.astype(np.int16), 16_000, 0))
    assert span.seconds == pytest.approx(0.25)
    assert span.silence_s == pytest.approx(1.25)
    assert span.peak == 900


def test_an_offset_that_does_not_move_is_silence():
    span = AudibleSpan()
    for _ in range(3):
        span.add(Decoded(np.full(8000, LOUD, np.int16), 8000, 0))
        assert span.seconds == 0.0
    assert span.silence_s == 3.0
    span.add(Decoded(np.zeros(8000, np.int16), 8000, 0))
    assert span.seconds == 3.0
