from __future__ import annotations

import pytest

from voice_assistant.engines.scripts import script_of


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
