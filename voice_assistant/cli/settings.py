"""`config`: shows the settings, their schema and their file, and keeps the API key."""

from __future__ import annotations

import getpass

import msgspec

from voice_assistant.cli import standard_input
from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials, documentation, loading
from voice_assistant.system import paths
from voice_assistant.text.printable import printable


def show(*, default: bool) -> int:
    """Print the settings in use as TOML, or the commented file of all defaults."""
    if default:
        print(documentation.default_toml(), end="")
    else:
        print(documentation.settings_toml(loading.load(paths.config_file())), end="")
    return 0


def schema() -> int:
    """Print the JSON schema of the settings file."""
    print(msgspec.json.format(msgspec.json.encode(documentation.json_schema())).decode())
    return 0


def path() -> int:
    """Print the path of the settings file."""
    print(paths.config_file())
    return 0


def set_key() -> int:
    """Read the key from the terminal without showing it, or from standard input, and keep it."""
    settings = loading.load(paths.config_file())
    if not settings.backend.url:
        raise ConfigError(
            "The key belongs to an app, and no app is set",
            'Set backend.kind = "dify" and backend.url first, or VOICE_ASSISTANT_URL.',
        )
    name = credentials.without_password(settings.backend.url)
    prompt = f"API key for {name}: "
    typed = (
        standard_input.read_line()
        if standard_input.is_piped()
        else getpass.getpass(printable(prompt))
    )
    credentials.keep_api_key(settings.backend.url, credentials.typed_key(typed))
    print(f"The key for {name} is in the keyring.")
    return 0
