"""What notifications show of any text, on each platform."""

from __future__ import annotations

import pytest

from voice_assistant.desktop.notification_words import in_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("raise backend.queue_s", "raise “Seconds that a busy server is waited for”"),
        ("press `F9`", "press “F9”"),
        ("a\0b\x1b[31mc\u202e", "abc"),
    ],
)
def test_settings_have_titles_commands_quotes_and_nothing_is_obeyed(text, shown):
    assert in_words(text) == shown
