"""Finds and keeps the API keys and the user's name; no other code does.

The key is taken from the environment, else from `backend.api_key_command`, else from the settings
file (only if no other user can read the file), else from the system's keyring.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import platform
import re
import secrets
import shlex
import stat
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError, KeyringSilent, StorageError
from voice_assistant.settings.address import identity, is_on_this_machine, spellings
from voice_assistant.settings.key_command import run_key_command
from voice_assistant.settings.key_text import find_key
from voice_assistant.settings.sections.backend import LONGEST_USER
from voice_assistant.system import own_thread, paths, private_files
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from voice_assistant.settings.sections.backend import BackendSettings, ChatModelSettings

log = logging.getLogger(__name__)

SERVICE = "voice-assistant"
KEYRING_S = 30.0
"""How long a keyring may take to answer: the user may have to unlock it."""

CHAT_MODEL_KEYRING_S = 10.0
"""The same for the key of a chat model: the embedded backend starts after that."""

VARIABLES = {
    "backend": "VOICE_ASSISTANT_API_KEY",
    "chat_model": "VOICE_ASSISTANT_CHAT_MODEL_KEY",
}
"""The environment variable for the key of each section of the settings."""

_NO_KEY_HINT = N_(
    "Put it into the keyring with `voice-assistant config set-key`, or set "
    "VOICE_ASSISTANT_API_KEY or backend.api_key_command."
)


_USER_INFO = re.compile(r"^([a-z][a-z0-9+.-]*://)?[^/?#]*@", re.IGNORECASE)


class Secret:
    """A secret value. Only `reveal` returns it; the text forms of this object hide it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        """Return three stars."""
        return "Secret(***)"

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value


def without_password(url: str) -> str:
    """Return `url` with three stars in place of a user name and password."""
    return _USER_INFO.sub(r"\1***@", url)


class Keyring:
    """Asks the system's keyring for the key of one app, one question at a time.

    A keyring may show a prompt and wait for the user. Meanwhile no second prompt is opened, and the
    program continues, and can end, without an answer.

    Args:
        url: the address of the app.
        limit_s: seconds to wait for an answer.
        profile: the name of the app's profile: several apps may have one address.
    """

    def __init__(self, url: str, limit_s: float = KEYRING_S, profile: str = "") -> None:
        self._url = url
        self._profile = profile
        self._limit_s = limit_s
        self._question: Future[str | None] | None = None
        self._asked_at = 0.0

    async def key(self) -> str | None:
        """Return the key; None if the keyring has no key.

        Raises:
            ConfigError: the keyring cannot be used, or does not answer. The next call waits for
                the same question again.
        """
        now = asyncio.get_running_loop().time()
        if self._question is None or self._question.done():
            self._asked_at = now
            self._question = own_thread.start(lambda: _from_keyring(self._url, self._profile))
        try:
            return await own_thread.outcome(self._question, self._asked_at + self._limit_s - now)
        except TimeoutError as error:
            raise KeyringSilent(
                _("The system's keyring does not answer"),
                _(
                    "It may be waiting for you: look for its window and unlock it. If "
                    "there is none, start the assistant again, or use "
                    "VOICE_ASSISTANT_API_KEY or backend.api_key_command instead."
                ),
            ) from error


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
        _(_NO_KEY_HINT),
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


def keep_api_key(url: str, key: Secret, profile: str = "") -> None:
    """Keep the key for the app at `url` in the system's keyring.

    Raises:
        ConfigError: there is no keyring, or it is locked.
    """
    try:
        import keyring  # noqa: PLC0415  (slow, and rarely needed)

        keyring.set_password(SERVICE, _account(identity(url), profile), key.reveal())
    except Exception as error:  # each kind of keyring has errors of its own kind
        raise ConfigError(
            _("The system's keyring cannot be used: {reason}", reason=_reason(error)),
            _("Unlock it, or use VOICE_ASSISTANT_API_KEY or backend.api_key_command instead."),
        ) from error


def forget_api_key(url: str, profile: str = "") -> bool:
    """Delete the key for the app at `url` from the system's keyring; return whether it had one.

    Raises:
        ConfigError: there is no keyring, or it is locked.
    """
    try:
        import keyring  # noqa: PLC0415  (slow, and rarely needed)

        accounts = [_account(spelling, profile) for spelling in spellings(url)]
        known = [account for account in accounts if keyring.get_password(SERVICE, account)]
        for account in known:
            keyring.delete_password(SERVICE, account)
    except Exception as error:  # each kind of keyring has errors of its own kind
        raise ConfigError(
            _("The system's keyring cannot be used: {reason}", reason=_reason(error)),
            _(
                "Delete the entries of {name} in the desktop's program for passwords.",
                name=SERVICE,
            ),
        ) from error
    return bool(known)


def user_name(backend: BackendSettings) -> str:
    """Return the user's name for the server: the setting, else a random name that is kept.

    If the name cannot be kept, it is made from the names of the machine and of the file, so that
    the next start gets the same name and conversations continue.
    """
    if backend.user:
        return backend.user
    file = paths.data_dir() / "user"
    try:
        if name := private_files.read(file).decode().strip():
            _check_name(name)
            return name
    except FileNotFoundError:
        pass  # the first start: the name is made below
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and not private_files.out_of_reach(error):
            log.warning("%s cannot be read: %s", file, error)
            return _made_up_name(file)
        private_files.set_aside(file, error)
    name = f"voice-assistant-{secrets.token_hex(8)}"
    try:
        private_files.replace(file, f"{name}\n".encode(), durable=True)
    except StorageError as error:
        log.warning("the user's name is not kept: %s", error)
        return _made_up_name(file)
    return name


def _check_name(name: str) -> None:
    """Check that a server can keep a user's name.

    Raises:
        ValueError: the name is no name.
    """
    if len(name) > LONGEST_USER or not name.isprintable():
        raise ValueError("it holds no name")


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


def _made_up_name(file: Path) -> str:
    known = f"{platform.node()}:{file}".encode(errors="surrogateescape")
    return f"voice-assistant-{hashlib.sha256(known).hexdigest()[:16]}"


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


def _account(address: str, profile: str) -> str:
    """Return the name under which the keyring has a key."""
    return f"{address}#{profile}" if profile else address


def _from_keyring(url: str, profile: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415  (slow, and rarely needed)

        # Older versions kept the key under the address as the user wrote it.
        accounts = (_account(spelling, profile) for spelling in spellings(url))
        ring = keyring.get_keyring()  # the same for all: the first may take long to answer
        found = (ring.get_password(SERVICE, account) for account in accounts)
        return next(filter(None, found), None)
    except Exception as error:  # each kind of keyring has errors of its own kind
        log.info("the system's keyring cannot be used", exc_info=True)
        raise ConfigError(
            _("There is no key for {server}", server=without_password(url)),
            _(
                "The system's keyring cannot be used ({reason}). {hint}",
                reason=_reason(error),
                hint=_(_NO_KEY_HINT),
            ),
        ) from error


def _reason(error: Exception) -> str:
    first, _, _ = str(error).strip().partition("\n")
    return first.partition(". ")[0].rstrip(".") or type(error).__name__
