"""The language in which everything is told, also what is wrong with the settings."""

from __future__ import annotations

import pytest

from voice_assistant.settings.language import of_file


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('[interface]\nlanguage = "zh_CN"\n', "zh_CN"),
        ('\ufeff[interface]\nlanguage = "en"\n[tray]\nno = "such"\n', "en"),
        ('[interface]\nlanguage = "tlh"\n', "auto"),
        ("[interface]\nlanguage = 3\n", "auto"),
        ("interface = 3\n", "auto"),
        ("[tray]\n", "auto"),
        ("no TOML", "auto"),
    ],
)
def test_a_settings_file_names_the_language(tmp_path, text, language) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    assert of_file(file) == language


def test_no_file_is_the_language_of_the_environment(tmp_path) -> None:
    assert of_file(tmp_path / "none.toml") == "auto"
