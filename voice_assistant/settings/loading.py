"""Reads the settings: from the user's file, and from the environment.

The file is the one that `system.paths.config_file` names. `VOICE_ASSISTANT_URL` and
`VOICE_ASSISTANT_USER` win over it; a URL in the environment means a Dify backend.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.settings.schema import FASTEST, SLOWEST, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def load(file: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `file` (which need not exist) and of the environment.

    Raises:
        ConfigError: the file cannot be read, is no TOML, has an unknown key or a wrong value.
    """
    settings = parse(_read(file), str(file))
    return _with_environment(settings, environ)


def parse(text: str, name: str) -> Settings:
    """The settings in the TOML `text`; `name` is said in errors.

    Raises:
        ConfigError: no TOML, an unknown key or a wrong value.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}", "Correct that line.") from error
    _refuse_unknown(table, Settings, name, "")
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$.")
        raise ConfigError(
            f"{name}: {where.rstrip('`') or 'a value'} is wrong: {reason}",
            "`voice-assistant config show --default` shows every setting with its meaning.",
        ) from error
    _check(settings, name)
    return settings


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file} cannot be read: {error}", "Check the file and its permissions."
        ) from error


def _refuse_unknown(
    table: dict[str, Any], kind: type[msgspec.Struct], name: str, prefix: str
) -> None:
    known = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {prefix}{close[0]}?" if close else f"Known: {', '.join(known)}."
            raise ConfigError(f"{name}: there is no setting {prefix}{key}", hint)
        section = known[key]
        if (
            isinstance(section, type)
            and issubclass(section, msgspec.Struct)
            and isinstance(value, dict)
        ):
            _refuse_unknown(value, section, name, f"{prefix}{key}.")


def _check(settings: Settings, name: str) -> None:
    ranges = {
        "backend.silence_s": (settings.backend.silence_s, 1.0, 3600.0),
        "microphone.pre_roll_s": (settings.microphone.pre_roll_s, 0.0, 2.0),
        "microphone.tail_s": (settings.microphone.tail_s, 0.0, 5.0),
        "microphone.max_s": (settings.microphone.max_s, 1.0, 1800.0),
        "microphone.end_after_silence_s": (settings.microphone.end_after_silence_s, 0.0, 60.0),
        "recordings.keep_days": (settings.recordings.keep_days, 0.0, 3650.0),
        "speech.speed": (settings.speech.speed, SLOWEST, FASTEST),
        "speaker.volume": (settings.speaker.volume, 0.0, 1.0),
        "sounds.volume": (settings.sounds.volume, 0.0, 1.0),
    }
    for key, (value, low, high) in ranges.items():
        if not low <= value <= high:
            raise ConfigError(f"{name}: {key} is {value:g}", f"It goes from {low:g} to {high:g}.")
    if settings.backend.url and not settings.backend.url.startswith(("http://", "https://")):
        raise ConfigError(
            f"{name}: backend.url is {settings.backend.url!r}",
            'An address begins with "https://", such as "https://api.dify.ai/v1".',
        )


def _with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    backend = settings.backend
    if url := environ.get("VOICE_ASSISTANT_URL"):
        backend = msgspec.structs.replace(backend, kind="dify", url=url)
    if user := environ.get("VOICE_ASSISTANT_USER"):
        backend = msgspec.structs.replace(backend, user=user)
    settings = msgspec.structs.replace(settings, backend=backend)
    _check(settings, "VOICE_ASSISTANT_URL" if url else "settings")
    if backend.kind == "dify" and not backend.url:
        raise ConfigError(
            'backend.kind is "dify" and backend.url is missing',
            "Set backend.url, or VOICE_ASSISTANT_URL, to the address your Dify app shows.",
        )
    return settings
