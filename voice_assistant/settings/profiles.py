"""Profiles: several apps or servers, one of which answers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.system import paths, plain_files, private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.settings.schema import Settings

log = logging.getLogger(__name__)

DEFAULT = "default"
"""The name of the profile that is the section [backend] itself."""


def names(settings: Settings) -> tuple[str, ...]:
    """Return the names of all profiles, the default one first."""
    return (DEFAULT, *settings.profiles)


def with_profile(settings: Settings, name: str) -> Settings:
    """Return the settings with the profile of this name as their backend.

    Raises:
        ConfigError: there is no such profile.
    """
    if name in ("", DEFAULT):
        return settings
    known = {one.casefold(): one for one in settings.profiles}
    found = known.get(name.casefold())
    if found is None:
        raise ConfigError(
            _("There is no profile {name}", name=name),
            _(
                "Known: {names}. Each is a section [profiles.NAME] of the settings; "
                "choose one with `voice-assistant profile use NAME`.",
                names=", ".join(names(settings)),
            ),
        )
    backend = msgspec.structs.replace(settings.profiles[found], profile=found)
    return msgspec.structs.replace(settings, backend=backend)


def in_use(settings: Settings) -> str:
    """Return the name of the profile that answers."""
    return settings.backend.profile or DEFAULT


def chosen() -> str:
    """Return the name of the profile that was chosen last, "" if none was."""
    try:
        return plain_files.read(_file()).decode().strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        log.warning("the chosen profile cannot be read: %s", error)
        return ""


def choose(settings: Settings, name: str) -> str:
    """Keep the choice of a profile; return its name. It takes effect with the next start.

    Raises:
        ConfigError: there is no such profile.
        StorageError: the choice cannot be kept.
    """
    name = in_use(with_profile(settings, name)) if name != DEFAULT else DEFAULT
    private_files.replace(_file(), f"{name}\n".encode())
    return name


def after(settings: Settings) -> str:
    """Return the name of the profile after the one that answers; after the last, the first."""
    known = names(settings)
    return known[(known.index(in_use(settings)) + 1) % len(known)]


def _file() -> Path:
    return paths.state_dir() / "profile"
