"""Writes the settings as text: the file of all defaults, a JSON schema, the settings in use.

`config/default.toml` is written by

    python -m voice_assistant.settings.documentation > config/default.toml
"""

from __future__ import annotations

import itertools
import re
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant import translation
from voice_assistant.settings.address import without_password
from voice_assistant.settings.catalogue import SECRETS, every_setting
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.declaration import Effect
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.settings.catalogue import Setting

WIDTH = 100
_HEAD = (
    N_("Settings of voice-assistant, all with their defaults."),
    N_("`voice-assistant config path` tells where yours are; leave out what you do not change."),
    N_("A change takes effect at once, unless its setting says that it needs a restart."),
)
_PROFILES = N_(
    "More apps or servers, one of which answers at a time. It is chosen with `voice-assistant "
    "profile use work`, in the tray, by a key (hotkey.profile), or for one question with "
    "`ask --profile work`. Each has the settings of [backend], and conversations of its own; its "
    "key comes from `voice-assistant config set-key --profile work`, or from its api_key_command. "
    "For example:"
)
_EXAMPLE = (
    "#",
    "#   [profiles.work]",
    '#   url = "https://api.dify.ai/v1"',
    '#   inputs = { city = "Paris" }',
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def default_toml() -> str:
    """Return the text of `config/default.toml`: every setting with its meaning and default."""
    lines = [line for sentence in _HEAD for line in _comment(_(sentence))]
    for section, settings in itertools.groupby(every_setting(), lambda setting: setting.section):
        lines += ["", f"[{section}]"]
        for setting in settings:
            lines += _comment(_meaning(setting))
            lines.append(f"{setting.name} = {toml_value(setting.default)}")
    return "\n".join([*lines, "", "[profiles]", *_comment(_(_PROFILES)), *_EXAMPLE]) + "\n"


def starting_toml() -> str:
    """Return a file to start from: `default_toml`, with a `#` before every value."""
    return re.sub(r"^(?=\w+ = )", "#", default_toml(), flags=re.MULTILINE)


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of the settings file, for editors that check TOML by a schema."""
    schema = msgspec.json.schema(Settings)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of voice-assistant",
        **schema,
    }


def settings_toml(settings: Settings) -> str:
    """Return `settings` as a TOML file, with three stars in place of each secret."""
    sections = msgspec.to_builtins(settings)
    profiles = sections.pop("profiles")
    sections |= {f"profiles.{_toml_key(name)}": values for name, values in profiles.items()}
    return "\n".join(
        f"[{section}]\n"
        + "".join(f"{name} = {_shown(name, value)}\n" for name, value in values.items())
        for section, values in sections.items()
    )


def toml_value(value: object) -> str:
    """Return `value` (text, number, boolean, or a list or table of these) as TOML on one line."""
    if isinstance(value, dict):
        pairs = (f"{_toml_key(key)} = {toml_value(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    # TOML writes text, numbers and booleans as JSON does, and allows no bare DEL.
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")


def _meaning(setting: Setting) -> str:
    sentences = [_(setting.description)]
    if setting.allowed:
        low, high = setting.allowed
        sentences.append(_("From {low:.12g} to {high:.12g}.", low=low, high=high))
    if setting.effect is Effect.AFTER_RESTART:
        sentences.append(_("A change needs a restart."))
    return " ".join(sentences).replace("\u3002 ", "\u3002")  # a Chinese full stop has its blank


def _shown(name: str, value: object) -> str:
    if name in SECRETS and value:
        return '"***"'
    return toml_value(
        without_password(value) if name == "url" and isinstance(value, str) else value
    )


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else toml_value(key)


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


if __name__ == "__main__":
    translation.choose(translation.ENGLISH)
    sys.stdout.write(default_toml())
