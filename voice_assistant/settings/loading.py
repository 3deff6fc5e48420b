"""Reads the settings from the user's file and from the environment.

`system.paths.config_file` names the file. `VOICE_ASSISTANT_URL` and `VOICE_ASSISTANT_USER` replace
the values of the file; a URL in the environment means a Dify backend.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.settings import profiles
from voice_assistant.settings.parsing import parse, with_normal_address
from voice_assistant.system import paths, plain_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voice_assistant.settings.schema import Settings


def load(
    file: Path,
    environ: Mapping[str, str] = os.environ,
    profile: str | None = None,
    *,
    usable: bool = True,
) -> Settings:
    """Return the settings of `file` and of the environment, with the profile in use.

    Args:
        file: the settings file; it must exist only if `VOICE_ASSISTANT_CONFIG` names it.
        environ: the environment.
        profile: the name of the profile in use; None: the one that was chosen last, unless the
            environment names a server.
        usable: False also returns settings that want a Dify app and do not name it: those are
            still to be shown and mended.

    Raises:
        ConfigError: the file cannot be read or is missing, is not TOML, has an unknown key or a
            wrong value; or there is no such profile; or an app's address is missing.
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
    settings = _with_environment(msgspec.structs.replace(settings, backend=backend), environ)
    if usable and settings.backend.kind == "dify" and not settings.backend.url:
        raise ConfigError(
            _("A Dify app is to answer, and backend.url is missing"),
            _("Set backend.url, or VOICE_ASSISTANT_URL, to the address your Dify app shows."),
        )
    return settings


def read(file: Path) -> str | None:
    """Return the text of the settings file `file`; None if the file does not exist.

    Raises:
        ConfigError: the file cannot be read, or is not UTF-8.
    """
    try:
        content = plain_files.read(file)
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


def _with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    backend = settings.backend
    if url := environ.get("VOICE_ASSISTANT_URL"):
        backend = msgspec.structs.replace(backend, kind="dify", url=url)
    if user := environ.get("VOICE_ASSISTANT_USER"):
        backend = msgspec.structs.replace(backend, user=user)
    settings = msgspec.structs.replace(settings, backend=backend)
    if url:
        settings = with_normal_address(settings, "VOICE_ASSISTANT_URL")
    return settings
