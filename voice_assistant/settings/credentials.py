"""The API key and the user's name: where they are kept, and nowhere else.

The key is looked for in the environment, then with `backend.api_key_command`, then in the settings
file (only while nobody else can read it), then in the system's keyring.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shlex
import stat
import subprocess
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError
from voice_assistant.settings.address import identity, spellings
from voice_assistant.system import paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voice_assistant.settings.schema import BackendSettings

log = logging.getLogger(__name__)

SERVICE = "voice-assistant"
COMMAND_TIMEOUT_S = 30.0

_NO_KEY_HINT = (
    "Put it into the keyring with `voice-assistant config set-key`, or set VOICE_ASSISTANT_API_KEY "
    "or backend.api_key_command."
)


class Secret:
    """A value that is only told when asked for by name; its text forms hide it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        """Three stars."""
        return "Secret(***)"

    def reveal(self) -> str:
        """The value itself."""
        return self._value


def api_key(
    backend: BackendSettings, file: Path, environ: Mapping[str, str] = os.environ
) -> Secret:
    """The key of the Dify app.

    Raises:
        ConfigError: there is none, the command failed, or the file with it can be read by others.
    """
    if key := environ.get("VOICE_ASSISTANT_API_KEY"):
        return Secret(key.strip())
    if backend.api_key_command:
        return Secret(_from_command(backend.api_key_command))
    if backend.api_key:
        _refuse_readable_by_others(file)
        return Secret(backend.api_key)
    if key := _from_keyring(backend.url):
        return Secret(key)
    raise ConfigError(f"There is no API key for {backend.url}", _NO_KEY_HINT)


def keep_api_key(url: str, key: Secret) -> None:
    """Put the key for the app at `url` into the system's keyring.

    Raises:
        ConfigError: there is no keyring, or it is locked.
    """
    import keyring  # noqa: PLC0415  (slow, and rarely needed)
    import keyring.errors  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, identity(url), key.reveal())
    except keyring.errors.KeyringError as error:
        raise ConfigError(
            f"The system's keyring cannot be used: {error}",
            "Set VOICE_ASSISTANT_API_KEY, or backend.api_key_command, instead.",
        ) from error


def user_name(backend: BackendSettings) -> str:
    """Who the user is to the server: as set, else a random name that is made once and kept."""
    if backend.user:
        return backend.user
    file = paths.data_dir() / "user"
    with contextlib.suppress(FileNotFoundError):
        if name := file.read_text(encoding="utf-8").strip():
            return name
    name = f"voice-assistant-{secrets.token_hex(8)}"
    draft = file.with_name(f"user.{name}")  # another process may look while this one writes
    draft.touch(mode=0o600)
    draft.write_text(name + "\n", encoding="utf-8")
    draft.replace(file)
    return name


def _from_command(command: str) -> str:
    try:
        done = subprocess.run(
            shlex.split(command),
            check=True,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            timeout=COMMAND_TIMEOUT_S,
            text=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # Neither the command's words nor its output are repeated: either may hold the key.
        raise ConfigError(
            f"backend.api_key_command failed ({type(error).__name__})",
            "Run it in a terminal: it must print the key and end with status 0.",
        ) from error
    if not (key := done.stdout.strip()):
        raise ConfigError(
            "backend.api_key_command printed nothing",
            "Run it in a terminal: it must print the key.",
        )
    return key


def _refuse_readable_by_others(file: Path) -> None:
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(
            f"{file} holds an API key and can be read by others",
            f"Make it yours alone: chmod 600 {shlex.quote(str(file))}",
        )


def _from_keyring(url: str) -> str | None:
    import keyring  # noqa: PLC0415  (slow, and rarely needed)
    import keyring.errors  # noqa: PLC0415

    try:
        for spelling in spellings(url):  # older versions kept it under the address as written
            if key := keyring.get_password(SERVICE, spelling):
                return str(key)
    except keyring.errors.KeyringError as error:
        log.info("the system's keyring cannot be used: %s", error)
    return None
