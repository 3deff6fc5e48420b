"""`config`: show the settings, say where they are, keep the key."""

from __future__ import annotations

import getpass
from pathlib import Path

import msgspec

import voice_assistant
from voice_assistant.cli import standard_input
from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials, loading
from voice_assistant.system import paths
from voice_assistant.text.printable import printable


def show(*, default: bool) -> int:
    """Print the settings in use as TOML, or the commented file of all defaults."""
    if default:
        print(_default_file().read_text(encoding="utf-8"), end="")
        return 0
    settings = loading.load(paths.config_file())
    for section in msgspec.structs.fields(settings):
        print(f"[{section.name}]")
        values = getattr(settings, section.name)
        for key in msgspec.structs.fields(values):
            print(f"{key.name} = {_as_toml(key.name, getattr(values, key.name))}")
        print()
    return 0


def path() -> int:
    """Print where the settings are read from."""
    print(paths.config_file())
    return 0


def set_key() -> int:
    """Take the key from the terminal, unseen, or from standard input, and keep it."""
    settings = loading.load(paths.config_file())
    if not settings.backend.url:
        raise ConfigError(
            "A key belongs to an app, and none is set",
            'Set backend.kind = "dify" and backend.url first, or VOICE_ASSISTANT_URL.',
        )
    prompt = f"API key for {settings.backend.url}: "
    key = (
        standard_input.read_line()
        if standard_input.is_piped()
        else getpass.getpass(printable(prompt))
    )
    if not key.strip():
        raise ConfigError("There was no key", "Paste it, then press Enter.")
    credentials.keep_api_key(settings.backend.url, credentials.Secret(key.strip()))
    print(f"The key for {settings.backend.url} is in the keyring.")
    return 0


def _as_toml(name: str, value: object) -> str:
    if name == "api_key":
        return '"***"' if value else '""'
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{key} = {_as_toml('', item)}" for key, item in value.items()) + " }"
        )
    # A TOML string, number or boolean is written as in JSON.
    return msgspec.json.encode(value).decode()


def _default_file() -> Path:
    """Beside the package when installed, in `config/` in a checkout."""
    package = Path(voice_assistant.__file__).parent
    installed = package / "default.toml"
    return installed if installed.exists() else package.parent / "config" / "default.toml"
