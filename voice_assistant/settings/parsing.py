"""Turns the text of a settings file into settings, and says what is wrong with it."""

from __future__ import annotations

import difflib
import math
import re
from typing import Any

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.settings import profiles
from voice_assistant.settings.address import normal_address
from voice_assistant.settings.catalogue import setting
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.backend import ProfileSettings
from voice_assistant.settings.toml_text import table_in
from voice_assistant.text.choice import either
from voice_assistant.translation import _


def parse(text: str, name: str) -> Settings:
    """Return the settings in the TOML `text`; errors use `name` for the text.

    Raises:
        ConfigError: the text is not TOML, or has an unknown key or a wrong value.
    """
    try:
        table = table_in(text)
    except ValueError as error:
        raise ConfigError(
            _("{name} is not valid TOML: {error}", name=name, error=error), _mend(text, error)
        ) from error
    _refuse_unknown(table, Settings, name, "")
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise _wrong_value(error, table, name) from error
    settings = _with_normal_profiles(settings, name)
    return with_normal_address(_with_normal_chat_address(settings, name), f"{name}: backend.url")


def _mend(text: str, error: ValueError) -> str:
    """Return the hint for a line that is not TOML."""
    number = re.search(r"line (\d+)", str(error))
    lines = text.splitlines()
    line = lines[int(number[1]) - 1] if number and int(number[1]) <= len(lines) else ""
    if re.search(r"=\s*-?\d+,\d+\s*$", line):
        return _("Correct that line: numbers have a point, such as 1.5.")
    if re.search(r"=\s*[\u2018\u2019\u201c-\u201f\u00ab\u00bb]", line):
        return _('Correct that line: text stands between straight quotes, "like this".')
    return _("Correct that line.")


def _refuse_unknown(
    table: dict[str, Any], kind: type[msgspec.Struct], name: str, prefix: str
) -> None:
    known = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = (
                _("Did you mean {prefix}{close}?", prefix=prefix, close=close[0])
                if close
                else _("Known: {names}.", names=", ".join(known))
            )
            raise ConfigError(
                _("{name}: there is no setting {prefix}{key}", name=name, prefix=prefix, key=key),
                hint,
            )
        section = known[key]
        if key == "profiles" and isinstance(value, dict):
            for profile, values in value.items():
                if isinstance(values, dict):
                    _refuse_unknown(values, ProfileSettings, name, f"profiles.{profile}.")
        if (
            isinstance(section, type)
            and issubclass(section, msgspec.Struct)
            and isinstance(value, dict)
        ):
            _refuse_unknown(value, section, name, f"{prefix}{key}.")


def _wrong_value(error: msgspec.ValidationError, table: dict[str, Any], name: str) -> ConfigError:
    """Return the error for people about a wrong value of `table`."""
    reason, _at, where = str(error).partition(" - at `$.")
    key = where.rstrip("`")
    declared = setting(key)
    if declared and declared.allowed:
        value, (low, high) = table[declared.section][declared.name], declared.allowed
        if type(value) in (int, float):
            return ConfigError(
                _("{name}: {key} is {value:g}", name=name, key=key, value=_as_float(value)),
                _("It goes from {low:.12g} to {high:.12g}.", low=low, high=high),
            )
    if declared and declared.choices:
        value = table[declared.section][declared.name]
        return ConfigError(
            _("{name}: {key} is {value!r}", name=name, key=key, value=value),
            _("Use {choices}.", choices=either(f'"{word}"' for word in declared.choices)),
        )
    return ConfigError(
        _("{name}: {key} is wrong: {reason}", name=name, key=key or _("a value"), reason=reason),
        _("`voice-assistant config show --default` shows every setting with its meaning."),
    )


def _as_float(value: float) -> float:
    """Return a number; one beyond all numbers of a computer is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def with_normal_address(settings: Settings, where: str) -> Settings:
    """Return the settings with the normal form of `backend.url`; `where` names it in errors.

    Raises:
        ConfigError: it is no address.
    """
    if not settings.backend.url:
        return settings
    url = normal_address(settings.backend.url, where)
    return msgspec.structs.replace(
        settings, backend=msgspec.structs.replace(settings.backend, url=url)
    )


def _with_normal_profiles(settings: Settings, name: str) -> Settings:
    """Return the settings with normal addresses of profiles; refuse unusable profiles."""
    normal: dict[str, ProfileSettings] = {}
    seen = {profiles.DEFAULT: _("[backend], the profile default,")}
    for profile, backend in settings.profiles.items():
        section = f"[profiles.{profile}]"
        if not profile.strip():
            raise ConfigError(
                _("{name}: a profile has no name", name=name), _("Write [profiles.NAME].")
            )
        if other := seen.get(profile.casefold()):
            raise ConfigError(
                _(
                    "{name}: {other} and {section} have one name",
                    name=name,
                    other=other,
                    section=section,
                ),
                _("Give one of them another name."),
            )
        seen[profile.casefold()] = section
        if backend.kind == "dify" and not backend.url:
            raise ConfigError(
                _("{name}: {section} has no address", name=name, section=section),
                _('Set its url to the address that its Dify app shows, or kind = "embedded".'),
            )
        url = backend.url and normal_address(backend.url, f"{name}: profiles.{profile}.url")
        normal[profile] = msgspec.structs.replace(backend, url=url)
    if settings.backend.profile:
        profiles.with_profile(settings, settings.backend.profile)
    return msgspec.structs.replace(settings, profiles=normal)


def _with_normal_chat_address(settings: Settings, name: str) -> Settings:
    chat_model = settings.chat_model
    if not chat_model.url:
        return settings
    url = normal_address(chat_model.url, f"{name}: chat_model.url", "http://127.0.0.1:11434/v1")
    return msgspec.structs.replace(
        settings, chat_model=msgspec.structs.replace(chat_model, url=url)
    )
