"""Reads the settings from the user's file and from the environment.

`system.paths.config_file` names the file. `VOICE_ASSISTANT_URL` and `VOICE_ASSISTANT_USER` replace
the values of the file; a URL in the environment means a Dify backend.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.settings import profiles
from voice_assistant.settings.address import normal_address
from voice_assistant.settings.catalogue import setting
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.backend import ProfileSettings
from voice_assistant.system import paths, private_files
from voice_assistant.text.choice import either
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def load(
    file: Path, environ: Mapping[str, str] = os.environ, profile: str | None = None
) -> Settings:
    """Return the settings of `file` and of the environment, with the profile in use.

    Args:
        file: the settings file; it must exist only if `VOICE_ASSISTANT_CONFIG` names it.
        environ: the environment.
        profile: the name of the profile in use; None: the one that was chosen last, unless the
            environment names a server.

    Raises:
        ConfigError: the file cannot be read or is missing, is not TOML, has an unknown key or a
            wrong value; or there is no such profile.
    """
    text = read(file)
    if text is None and file == paths.named_config_file(environ):
        raise ConfigError(
            _("{file} does not exist", file=file),
            _(
                "VOICE_ASSISTANT_CONFIG names it: correct that, or unset it to use {config_file}.",
                config_file=paths.config_file({}),
            ),
        )
    settings = parse(text or "", str(file))
    if profile is None:
        named = environ.get("VOICE_ASSISTANT_URL") or not settings.profiles
        profile = "" if named else profiles.chosen() or settings.backend.profile
    if profile not in ("", profiles.DEFAULT):
        return profiles.with_profile(settings, profile)
    backend = msgspec.structs.replace(settings.backend, profile="")
    return _with_environment(msgspec.structs.replace(settings, backend=backend), environ)


def parse(text: str, name: str) -> Settings:
    """Return the settings in the TOML `text`; errors use `name` for the text.

    Raises:
        ConfigError: the text is not TOML, or has an unknown key or a wrong value.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            _("{name} is not valid TOML: {error}", name=name, error=error), _mend(text, error)
        ) from error
    _refuse_unknown(table, Settings, name, "")
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise _wrong_value(error, table, name) from error
    settings = _with_normal_profiles(settings, name)
    return _with_normal_address(_with_normal_chat_address(settings, name), f"{name}: backend.url")


def read(file: Path) -> str | None:
    """Return the text of the settings file `file`; None if the file does not exist.

    Raises:
        ConfigError: the file cannot be read, or is not UTF-8.
    """
    try:
        content = private_files.read(file)
    except (FileNotFoundError, NotADirectoryError):
        if file.is_symlink():
            target = file.readlink()
            raise ConfigError(
                _(
                    "{file} cannot be read: it is a link to {target}, which does not exist",
                    file=file,
                    target=target,
                ),
                _("Mend the link, or remove it."),
            ) from None
        return None
    except OSError as error:
        raise ConfigError(
            _("{file} cannot be read: {reason}", file=file, reason=error.strerror or error),
            _("Check the file and its permissions."),
        ) from error
    try:
        text = content.decode("utf-8-sig")
        wrong_at = text.find("\0")  # UTF-16 without a mark at its beginning
    except UnicodeDecodeError as error:
        wrong_at = error.start
    if wrong_at >= 0:
        line = content[:wrong_at].count(b"\n") + 1
        raise ConfigError(
            _("{file} cannot be read: line {line} is not UTF-8", file=file, line=line),
            _('Save the file again as UTF-8: editors offer that as "Encoding" when they save.'),
        )
    return text


def _mend(text: str, error: tomllib.TOMLDecodeError) -> str:
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
                _("{name}: {key} is {value:g}", name=name, key=key, value=value),
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


def _with_normal_address(settings: Settings, where: str) -> Settings:
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


def _with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    backend = settings.backend
    if url := environ.get("VOICE_ASSISTANT_URL"):
        backend = msgspec.structs.replace(backend, kind="dify", url=url)
    if user := environ.get("VOICE_ASSISTANT_USER"):
        backend = msgspec.structs.replace(backend, user=user)
    settings = msgspec.structs.replace(settings, backend=backend)
    if url:
        settings = _with_normal_address(settings, "VOICE_ASSISTANT_URL")
    if backend.kind == "dify" and not backend.url:
        raise ConfigError(
            _('backend.kind is "dify" and backend.url is missing'),
            _("Set backend.url, or VOICE_ASSISTANT_URL, to the address your Dify app shows."),
        )
    return settings
