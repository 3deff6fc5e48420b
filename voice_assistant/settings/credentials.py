"""Finds the API keys; no other code does.

The key is taken from the environment, else from `backend.api_key_command`, else from the settings
file (only if no other user can read the file), else from the system's keyring.
"""

from __future__ import annotations

import os
import shlex
import stat
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError
from voice_assistant.settings.address import is_on_this_machine, without_password
from voice_assistant.settings.key_command import run_key_command
from voice_assistant.settings.key_text import find_key
from voice_assistant.settings.secret import Secret
from voice_assistant.settings.system_keyring import NO_KEY_HINT, Keyring
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voice_assistant.settings.sections.backend import BackendSettings, ChatModelSettings

CHAT_MODEL_KEYRING_S = 10.0
"""How long a keyring may take for a chat model's key: the embedded backend starts after that."""

VARIABLES = {
    "backend": "VOICE_ASSISTANT_API_KEY",
    "chat_model": "VOICE_ASSISTANT_CHAT_MODEL_KEY",
}
"""The environment variable for the key of each section of the settings."""


async def api_key(
    backend: BackendSettings, file: Path, keyring: Keyring, environ: Mapping[str, str] = os.environ
) -> Secret:
    """Return the key of the Dify app.

    Args:
        backend: the settings of the backend.
        file: the settings file from which `backend.api_key` was read.
        keyring: the keyring, which is asked last.
        environ: the environment, which is searched first.

    Raises:
        ConfigError: there is no key, the found text cannot be a key, the command failed, the
            keyring does not answer, or other users can read the file with the key.
    """
    # The variable holds the key of [backend]: another app must not get it.
    variable = "" if backend.profile else environ.get(VARIABLES["backend"], "")
    if key := await _written_down(backend, "backend", variable, file):
        return key
    hint = _("Set the key again with `voice-assistant config set-key`.")
    if key := _usable(await keyring.key() or "", _("The key in the system's keyring"), hint):
        return key
    raise ConfigError(
        _("There is no key for {server}", server=without_password(backend.url)),
        _(NO_KEY_HINT),
    )


async def chat_model_key(
    chat_model: ChatModelSettings, file: Path, environ: Mapping[str, str] = os.environ
) -> Secret | None:
    """Return the key of the chat model's server; None without a key: many servers need none.

    The keyring is asked only for servers beyond this machine, because it may show a prompt.

    Args:
        chat_model: the settings of the chat model.
        file: the settings file from which `chat_model.api_key` was read.
        environ: the environment, which is searched first.

    Raises:
        ConfigError: the found text cannot be a key, the command failed, or other users can read
            the file with the key.
    """
    if key := await _written_down(
        chat_model, "chat_model", environ.get(VARIABLES["chat_model"], ""), file
    ):
        return key
    if not chat_model.url or is_on_this_machine(chat_model.url):
        return None
    hint = _("Set the key again with `voice-assistant config set-key --chat-model`.")
    kept = await Keyring(chat_model.url, CHAT_MODEL_KEYRING_S).key() or ""
    return _usable(kept, _("The key in the system's keyring"), hint)


def typed_key(text: str) -> Secret:
    """Return the key in a text that a person typed or pasted.

    Raises:
        ConfigError: the text holds no key.
    """
    if key := _usable(text, _("What was given"), _("Paste the key alone, then press Enter.")):
        return key
    raise ConfigError(_("There was no key"), _("Paste it, then press Enter."))


async def _written_down(
    settings: BackendSettings | ChatModelSettings, section: str, variable: str, file: Path
) -> Secret | None:
    """Return the key of the environment, of the command or of the settings file; None without one.

    Args:
        settings: the section of the settings with the key.
        section: the section's name.
        variable: the value of the environment variable for this key.
        file: the settings file.

    Raises:
        ConfigError: see `api_key`.
    """
    name = VARIABLES[section]
    if key := _usable(variable, name, _("Set it to the key alone, or unset it.")):
        return key
    if settings.api_key_command:
        setting = f"{section}.api_key_command"
        printed = await run_key_command(settings.api_key_command, name=setting)
        hint = _("Run it in a terminal: it must print the key alone.")
        if key := _usable(printed, _("What {setting} prints", setting=setting), hint):
            return key
        raise ConfigError(
            _("{setting} printed nothing", setting=setting),
            _("Run it in a terminal: it must print the key."),
        )
    if settings.api_key:
        _refuse_readable_by_others(file)
        return _usable(
            settings.api_key,
            _("{section}.api_key in {file}", section=section, file=file),
            _("Set it to the key alone."),
        )
    return None


def _usable(text: str, name: str, hint: str) -> Secret | None:
    """Return the key in `text`; None for an empty text.

    Raises:
        ConfigError: no line of the text can be a key; the message uses `name` and `hint`.
    """
    key = find_key(text)
    if key is None:
        raise ConfigError(_("{name} holds characters that no key has", name=name), hint)
    return Secret(key) if key else None


def _refuse_readable_by_others(file: Path) -> None:
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(
            _("{file} holds a key and can be read by others", file=file),
            _("Make it yours alone: chmod 600 {file}", file=shlex.quote(str(file))),
        )
