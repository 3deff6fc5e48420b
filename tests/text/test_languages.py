# ruff: noqa: RUF001 - other letters are meant

from __future__ import annotations

import pytest

from voice_assistant.text.languages import in_scripts, language_of, language_of_han, script_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Good morning", ""),
        ("Café", ""),
        ("12 + 3", ""),
        ("", ""),
        ("Привет, Anna", "ru"),
        ("Установите Python и requests", "ru"),
        ("Press the button Пуск in its window", ""),
        ("你好", "zh"),
        ("使用 Python 的 requests 库。", "zh"),
        ("What they say in China is 你好.", ""),
        ("東京都は日本の首都", "ja"),
        ("こんにちは", "ja"),
        ("日本のことばはいい", "ja"),
        ("안녕", "ko"),
        ("καλημέρα", "el"),
    ],
)
def test_letters_tell_the_language_where_they_can(text, language):
    assert script_of(text) == language


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Hello is written 你好.", ["Hello is written ", "你好", "."]),
        ("Thank you is “谢谢，我的朋友”.", ["Thank you is “", "谢谢，我的朋友", "”."]),
        ("They write “в 1949 году” for it.", ["They write “", "в 1949 году", "” for it."]),
        ("The angle α is 5 μs.", ["The angle α is 5 μs."]),
        ("The word λόγος is Greek.", ["The word ", "λόγος", " is Greek."]),
        ("使用 Python 的 requests 库。", ["使用 Python 的 requests 库。"]),
        ("Привет, Anna", ["Привет, Anna"]),
        ("Hello.", ["Hello."]),
    ],
)
def test_words_in_other_letters_are_parts_of_their_own(sentence, parts):
    assert in_scripts(sentence) == parts


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Berlin ist die Hauptstadt von Deutschland.", "de"),
        ("Gerne! Hier ist ein Beispiel:", "de"),
        ("Paris est la capitale de la France.", "fr"),
        ("Aquí tienes la respuesta.", "es"),
        ("Ecco la risposta.", "it"),
        ("Claro, aqui está a resposta.", "pt"),
        ("Amsterdam is de hoofdstad van Nederland.", "nl"),
        ("Warszawa jest stolicą Polski.", "pl"),
        ("Stockholm är huvudstaden i Sverige.", "sv"),
        ("Oslo er hovedstaden i Norge, og byen har et flott operahus.", "nb"),
        ("Ankara Türkiye'nin başkentidir.", "tr"),
        ("Paris is the capital of France.", "en"),
        ("Hello! How can I help you today?", "en"),
        ("Install it with pip install requests.", "en"),
        ("你好", "zh"),
        ("Sure!", ""),
        ("No problem.", ""),
        ("Ja.", ""),
        ("Berlin, Hamburg, Munich.", ""),
        ("12 + 3", ""),
        ("", ""),
    ],
)
def test_words_tell_the_language_where_letters_do_not(text, language):
    assert language_of(text) == language


def test_a_long_text_tells_its_language_by_its_begin():
    assert language_of("Das ist eine gute Frage. " * 100_000) == "de"


@pytest.mark.parametrize(
    ("words", "around", "language"),
    [
        ("你好", "Hello is 你好.", "zh"),
        ("谢谢", "", "zh"),
        ("李白", "The poet 李白 drank.", "zh"),
        ("東京", "The city 東京 is big.", "ja"),
        ("富士山", "In Japan, 富士山 is high.", "ja"),
        ("東京", "東京はでかい。", "ja"),
        ("臺灣", "Taiwan is 臺灣.", "zh"),
    ],
)
def test_chinese_characters_alone_are_chinese_or_japanese(words, around, language):
    assert language_of_han(words, around) == language


@pytest.mark.parametrize(
    ("text", "language"), [("ሰላም", "am"), ("Բարեւ", "hy"), ("வணக்கம்", "ta"), ("မင်္ဂလာ", "my")]
)
def test_scripts_of_one_language_tell_it(text, language):
    assert script_of(text) == language
