"""Changes one setting in the user's file; comments, order and all other text stay."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item

from voice_assistant.errors import ConfigError
from voice_assistant.settings import documentation, loading, parsing
from voice_assistant.settings.catalogue import every_setting, setting
from voice_assistant.settings.toml_text import table_in
from voice_assistant.system import private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on"), "true"),
    **dict.fromkeys(("false", "no", "off"), "false"),
}


def declared(key: str) -> Setting:
    """Return the setting with this `key`, such as "speech.speed".

    Raises:
        ConfigError: there is no such setting; the hint names the closest ones.
    """
    if found := setting(key):
        return found
    keys = [one.key for one in every_setting()]
    names = [one for one in keys if one.rpartition(".")[2] == key or one.startswith(f"{key}.")]
    close = names or difflib.get_close_matches(key, keys, n=1)
    hint = _("Did you mean {names}?", names=", ".join(close[:9])) if close else ""
    raise ConfigError(
        _("There is no setting {key}", key=key),
        hint or _("`voice-assistant config show` lists all settings."),
    )


def value_from(one: Setting, typed: str) -> Any:
    """Return the value that a person typed for a setting: a text needs no quotes.

    The range is checked where the value is used (`with_setting`).

    Raises:
        ConfigError: the text is not of the setting's type.
    """
    if isinstance(one.default, str):
        return typed
    if isinstance(one.default, bool):
        typed = _BOOLEANS.get(typed.strip().lower(), typed)
    try:
        value = table_in(f"value = {typed.strip()}")["value"]
        if isinstance(one.default, float) and type(value) is int:
            value = float(value)
    except (ValueError, OverflowError):
        value = typed
    if type(value) is not type(one.default):
        raise ConfigError(
            _("{key} cannot be {typed}", key=one.key, typed=typed), parsing.wanted(one)
        )
    return value


def with_setting(text: str, one: Setting, value: object, name: str) -> str:
    """Return the TOML `text` with this value of a setting; None takes the setting out.

    Args:
        text: a valid settings file.
        one: the setting.
        value: the new value, of the setting's type.
        name: what errors call the text.

    Raises:
        ConfigError: the value is not allowed, or `text` is not valid.
    """
    parsing.parse(text, name)  # an error of the file itself, in our words
    document = tomlkit.parse(text)
    try:
        _change(document, one, value)
        changed = tomlkit.dumps(document)
        parsing.parse(changed, name)
    except ConfigError as error:  # the value's alone: the file had none before
        raise ConfigError(error.title.removeprefix(f"{name}: "), error.hint) from error
    except TOMLKitError as error:
        raise ConfigError(
            _("{name}: {key} cannot be changed: {error}", name=name, key=one.key, error=error),
            _("Change it by hand."),
        ) from error
    return changed


def change(
    file: Path, one: Setting, value: object, check: Callable[[Settings], None] = lambda _: None
) -> None:
    """Write this value of a setting into the settings file; see `change_all`."""
    change_all(file, [(one, value)], check)


def change_all(
    file: Path,
    changes: Sequence[tuple[Setting, object]],
    check: Callable[[Settings], None] = lambda _: None,
    *,
    profile: str = "",
) -> None:
    """Write these values of settings into the settings file; None takes a setting out.

    A missing file is made. A link stays a link; the file keeps its mode.

    Args:
        file: the settings file.
        changes: settings with their new values, of the settings' types.
        check: raises a ConfigError for settings that cannot be used for another reason.
        profile: the profile to which settings of who answers belong, "" for [backend] itself.

    Raises:
        ConfigError: a value is not allowed, or the file has an error; the file is unchanged.
        StorageError: the file cannot be written.
    """
    text = changed = loading.read(file) or ""
    for one, value in changes:
        if profile and one.section == "backend" and one.name != "profile":
            with_setting("", one, value, str(file))  # a wrong value, by its usual name
            changed = _with_profile(changed, profile, {one.name: value}, str(file))
        else:
            changed = with_setting(changed, one, value, str(file))
    check(parsing.parse(changed, str(file)))
    if changed != text:
        private_files.rewrite(file, changed.encode())


def change_profile(file: Path, name: str, values: Mapping[str, object] | None) -> None:
    """Write these values into the section of a profile; None takes the profile out.

    Args:
        file: the settings file.
        name: the profile's name.
        values: the settings of the profile, by their names; None takes one out.

    Raises:
        ConfigError: the profile cannot be used, or the file has an error; the file is unchanged.
        StorageError: the file cannot be written.
    """
    text = loading.read(file) or ""
    private_files.rewrite(file, _with_profile(text, name, values, str(file)).encode())


def _with_profile(text: str, name: str, values: Mapping[str, object] | None, place: str) -> str:
    parsing.parse(text, place)  # an error of the file itself, in our words
    document = tomlkit.parse(text)
    profiles: Any = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    if values is None:
        profiles.pop(name, None)
    else:
        if name not in profiles:
            profiles[name] = tomlkit.table()
        for one, value in values.items():
            _put(profiles[name], one, value)
    changed = tomlkit.dumps(document)
    parsing.parse(changed, place)
    return changed


def change_in_use(
    file: Path, one: Setting, value: object, check: Callable[[Settings], None] = lambda _: None
) -> None:
    """Write this value of a setting where the one in use is; see `change_all`.

    The settings of who answers are those of the profile that answers.
    """
    in_use = loading.load(file, usable=False)
    change_all(file, [(one, value)], check, profile=in_use.backend.profile)


def begin(file: Path) -> None:
    """Make a settings file that explains every setting and changes none, unless there is one.

    Raises:
        ConfigError: there is a file that cannot be read.
        StorageError: the file cannot be written.
    """
    if loading.read(file) is None:
        private_files.rewrite(file, documentation.starting_toml().encode())


def _change(document: tomlkit.TOMLDocument, one: Setting, value: object) -> None:
    if one.section not in document:
        if value is None:
            return
        document[one.section] = tomlkit.table()
    section: Any = document[one.section]
    _put(section, one.name, value)
    # A section without a setting says nothing; its comments, or those of the next one, may.
    if not section and isinstance(section, Item) and "#" not in section.as_string():
        del document[one.section]


def _put(section: Any, name: str, value: object) -> None:
    """Give a setting this value in a section; None takes it out."""
    if value is None:
        section.pop(name, None)
        return
    if isinstance(value, dict):
        value = tomlkit.parse(f"value = {documentation.toml_value(value)}")["value"]
    section[name] = value
