"""Turns the text of a settings file into settings, and says what is wrong with it."""

from __future__ import annotations

import difflib
import math
import re
import reprlib
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from voice_assistant.settings.catalogue import Setting


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
    in_profile = _OF_A_PROFILE.fullmatch(key)
    declared = setting(f"backend.{in_profile[1]}" if in_profile else key)
    key = key.replace("[...]", ".NAME")
    if not declared or in_profile or declared.secret:
        section = key if key.partition(".")[0] != "profiles" else "profiles.NAME"
        return ConfigError(
            _("{name}: {key} has a wrong value", name=name, key=key or _("a value")),
            wanted(declared, reason)
            if declared
            else _("It is a section: [{section}] stands on a line of its own.", section=section),
        )
    value = table[declared.section][declared.name]
    if declared.allowed and type(value) in (int, float):
        low, high = declared.allowed
        return ConfigError(
            _("{name}: {key} is {value:g}", name=name, key=key, value=_as_float(value)),
            _("It goes from {low:.12g} to {high:.12g}.", low=low, high=high),
        )
    return ConfigError(
        _("{name}: {key} is {value!r}", name=name, key=key, value=_Shown(value)),
        wanted(declared, reason),
    )


_OF_A_PROFILE = re.compile(r"profiles\[\.\.\.\]\.(\w+)")


class _Shown:
    """A value as errors show it, as in the file: the file may hold anything, of any length."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        """Show the value in short."""
        if isinstance(self._value, str | list | dict):
            return reprlib.repr(self._value)
        return str(self._value).lower()


def wanted(one: Setting, reason: str = "") -> str:
    """Return what values a setting takes, in a sentence.

    Args:
        one: the setting.
        reason: why a value was refused, as msgspec says it.
    """
    if one.choices:
        return _("Use {choices}.", choices=either(f'"{word}"' for word in one.choices))
    if one.allowed:
        low, high = one.allowed
        return _(
            "It is a number from {low:.12g} to {high:.12g}, such as {default:.12g}.",
            low=low,
            high=high,
            default=one.default,
        )
    if isinstance(one.default, bool):
        return _("It is true or false.")
    if isinstance(one.default, dict):
        return _('It is a table, such as { name = "value" }.')
    if most := re.search(r"length <= (\d+)", reason):
        return _("It has at most {number} characters.", number=most[1])
    return _(one.description) if "`str` " in reason else _('It is text in quotes, "like this".')


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
