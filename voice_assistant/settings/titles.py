"""The names of settings and of their sections for people, in English: `_` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.settings.steps import TITLES

if TYPE_CHECKING:
    from voice_assistant.settings.catalogue import Setting

UNITS = {
    "s": "seconds",
    "px": "pixels",
    "minutes": "minutes",
    "days": "days",
    "tokens": "tokens",
}
"""The units that names end with."""


def title(setting: Setting) -> str:
    """Return the title that the setup gives a setting; else its name, "Pre roll (seconds)"."""
    if setting.key in TITLES:
        return TITLES[setting.key]
    words, _underscore, unit = setting.name.rpartition("_")
    if words and unit in UNITS:
        return f"{section_title(words)} ({UNITS[unit]})"
    return section_title(setting.name)


def section_title(name: str) -> str:
    """Return the title of a section: "Hands free" for "hands_free"."""
    return name.replace("_", " ").capitalize()
