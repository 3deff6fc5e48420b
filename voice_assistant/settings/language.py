"""Reads one setting before all others: the language in which their errors are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.settings.toml_text import table_in
from voice_assistant.system.plain_files import read
from voice_assistant.translation import AUTO, LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path


def of_file(file: Path) -> str:
    """Return the language that a settings file names; `AUTO` where it names none.

    A file that has errors elsewhere still names its language; one that is no TOML names none.
    """
    try:
        table = table_in(read(file).decode("utf-8-sig"))
    except (OSError, ValueError):
        return AUTO
    section = table.get("interface")
    language = section.get("language") if isinstance(section, dict) else AUTO
    return language if language in LANGUAGES else AUTO
