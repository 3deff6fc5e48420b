from __future__ import annotations

import pytest

from voice_assistant.engines.languages import language_of, script_of


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
