"""`config`: shows and changes the settings and their file, and keeps the API key."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.cli.control import Control, understood
from voice_assistant.cli.terminal import standard_input
from voice_assistant.cli.terminal.output import warn
from voice_assistant.errors import ConfigError, NotRunning, Unreachable
from voice_assistant.runtime.live_settings import Change, change_setting
from voice_assistant.settings import credentials, documentation, editing, loading, system_keyring
from voice_assistant.settings.address import without_password
from voice_assistant.system import paths
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings


def show(*, default: bool) -> int:
    """Print the settings in use as TOML, or the commented file of all defaults."""
    if default:
        print(documentation.default_toml(), end="")
    else:
        print(documentation.settings_toml(loading.load(paths.config_file(), usable=False)), end="")
    return 0


def schema() -> int:
    """Print the JSON schema of the settings file."""
    print(msgspec.json.format(msgspec.json.encode(documentation.json_schema())).decode())
    return 0


def path() -> int:
    """Print the path of the settings file."""
    print(paths.config_file())
    return 0


def get(key: str) -> int:
    """Print the value in use of one setting."""
    one = editing.declared(key)
    value = getattr(getattr(loading.load(paths.config_file(), usable=False), one.section), one.name)
    if one.secret:
        value = "***" if value else ""
    print(printable(value) if isinstance(value, str) else documentation.toml_value(value))
    return 0


def set_value(key: str, value: str) -> int:
    """Write one setting into the settings file."""
    one = editing.declared(key)
    if one.name == "api_key":
        more = " --chat-model" if one.section == "chat_model" else ""
        raise ConfigError(
            _("A command line is no place for a key: others can read it there"),
            _("Use `voice-assistant config set-key{more}`.", more=more),
        )
    return _change(one, editing.value_from(one, value))


def unset(key: str) -> int:
    """Take one setting out of the settings file, so that its default holds."""
    return _change(editing.declared(key), None)


def edit() -> int:
    """Open the settings file in the user's editor, and check it afterwards."""
    file = paths.config_file()
    editing.begin(file)
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "sensible-editor"
    try:
        subprocess.run([*shlex.split(command), str(file)], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise ConfigError(
            _("The editor {command} failed: {error}", command=command, error=error),
            _("Set VISUAL or EDITOR to another one, or open {file} yourself.", file=file),
        ) from error
    loading.load(file)
    tell_daemon()
    return 0


def _change(one: Setting, value: object) -> int:
    change_setting(paths.config_file(), one, value)
    try:
        settings = loading.load(paths.config_file())
    except ConfigError as error:  # settings that belong together are written one after the other
        warn(error.title, error.hint)
        return 0
    if one.name == "voice" and value:
        _warn_of_voice(settings)
    tell_daemon()
    return 0


def _warn_of_voice(settings: Settings) -> None:
    """Tell at once that this machine has no such voice: a mistyped name is seldom meant."""
    from voice_assistant.engines.voices.listing import check_voices

    try:
        check_voices(settings.embedded, settings.backend)
    except ConfigError as error:
        warn(error.title, error.hint)


def tell_daemon() -> None:
    """Let a running daemon apply the settings; print what needs a restart.

    Raises:
        ConfigError: the daemon cannot use the settings.
    """
    try:
        with Control() as daemon:
            answer = daemon.request(b'{"command":"settings"}')
    except NotRunning:
        return
    if waiting := understood(answer, msgspec.json.Decoder(Change)).after_restart:
        print(
            _("`voice-assistant restart` lets it take effect: {names}.", names=", ".join(waiting))
        )


def set_key(*, chat_model: bool, profile: str | None) -> int:
    """Read a key from the terminal without showing it, or from standard input, and keep it.

    Args:
        chat_model: the key is that of the chat model's server, not that of the Dify app.
        profile: the profile whose app the key belongs to; None: the one in use.
    """
    settings = loading.load(paths.config_file(), profile=profile)
    url = settings.chat_model.url if chat_model else settings.backend.url
    if chat_model and not url:
        raise ConfigError(
            _("The key belongs to a server, and chat_model.url is not set"),
            _("Set it first: voice-assistant config set chat_model.url ADDRESS."),
        )
    if not url:
        raise ConfigError(
            _("The key belongs to an app, and no app is set"),
            _(
                "Name it first: set backend.kind to dify and backend.url to its address, or set "
                "VOICE_ASSISTANT_URL."
            ),
        )
    profile = "" if chat_model else settings.backend.profile
    name = without_password(url) + (f" ({profile})" if profile else "")
    prompt = _("Key for {name}: ", name=name)
    typed = (
        standard_input.typed(printable(prompt), hidden=True)
        if standard_input.is_terminal()
        else standard_input.read_line()
    )
    system_keyring.keep_api_key(url, credentials.typed_key(typed), profile)
    print(_("The key for {name} is in the keyring.", name=name))
    return 0


def chat_models() -> int:
    """Look for servers of chat models on their usual ports of this machine; list their models."""
    from voice_assistant.server.chat_model.discovery import USUAL_PORTS

    return list_chat_models(USUAL_PORTS)


def list_chat_models(ports: Mapping[str, int]) -> int:
    """Look for servers of chat models on these ports of this machine, and list their models.

    Raises:
        Unreachable: there is none.
    """
    from voice_assistant.server.chat_model import discovery

    found = asyncio.run(discovery.look(ports))
    if not found:
        names = ", ".join(
            _("{name} on port {port}", name=name, port=port) for name, port in ports.items()
        )
        raise Unreachable(
            _("No chat model was found on this machine"),
            _("Start one, such as with Ollama or LM Studio. Looked for {names}.", names=names),
        )
    for server, url, models in found:
        print(
            _(
                "{server} at {url}: {names}",
                server=server,
                url=url,
                names=printable(", ".join(models)),
            )
        )
    print(_('To use the first one, say "use the chat model"; else set chat_model.url.'))
    return 0
