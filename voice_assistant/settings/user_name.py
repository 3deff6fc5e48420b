"""The user's name for the server: the setting, else a random name that is kept."""

from __future__ import annotations

import hashlib
import logging
import platform
import secrets
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError
from voice_assistant.settings.sections.backend import LONGEST_USER
from voice_assistant.system import paths, plain_files, private_files

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.settings.sections.backend import BackendSettings

log = logging.getLogger(__name__)


def user_name(backend: BackendSettings) -> str:
    """Return the user's name for the server: the setting, else a random name that is kept.

    If the name cannot be kept, it is made from the names of the machine and of the file, so that
    the next start gets the same name and conversations continue.
    """
    if backend.user:
        return backend.user
    file = paths.data_dir() / "user"
    try:
        if name := plain_files.read(file).decode().strip():
            _check_name(name)
            return name
    except FileNotFoundError:
        pass  # the first start: the name is made below
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and not plain_files.out_of_reach(error):
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


def _made_up_name(file: Path) -> str:
    known = f"{platform.node()}:{file}".encode(errors="surrogateescape")
    return f"voice-assistant-{hashlib.sha256(known).hexdigest()[:16]}"
