"""Settings for tests: the defaults, with what a test is about."""

from __future__ import annotations

import tomllib

import msgspec

from voice_assistant.settings.schema import Settings


def settings_with(*changes: str) -> Settings:
    """Return the defaults without earcons, changed by these lines of a settings file.

    Args:
        changes: such as "microphone.tail_s=0" or 'speech_to_text.local="always"', in TOML; the
            last one wins.

    Raises:
        msgspec.ValidationError: there is no such setting, or it cannot have this value.
    """
    settings = {"sounds": {"enabled": False}}
    for change in changes:
        for section, values in tomllib.loads(change).items():
            settings[section] = settings.get(section, {}) | values
    return msgspec.convert(settings, Settings)


QUIET = settings_with()
LOUD = settings_with("sounds.enabled=true")
