"""The first start: the setup is opened where somebody looks, and offered everywhere."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from voice_assistant.commands import Window
from voice_assistant.errors import StorageError
from voice_assistant.subscribers.buttons import Button
from voice_assistant.system import paths, plain_files, private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

SET_UP = Window(view="setup")


def is_first() -> bool:
    """Return whether nothing has been set up so far, and the setup was not opened."""
    return plain_files.is_missing(paths.config_file()) and plain_files.is_missing(_mark())


def is_over() -> None:
    """Note that the setup was opened: from now on it comes only by wish."""
    try:
        private_files.replace(_mark(), b"")
    except StorageError as error:
        log.warning("the setup will be offered again: %s", error)


def buttons() -> tuple[Button, ...]:
    """Return the button of the greeting."""
    return (Button(_("Set it up"), SET_UP),) if is_first() else ()


def somebody_looks() -> bool:
    """Return whether a person has started the assistant by hand, and has a screen."""
    screen = (
        sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return bool(screen) and sys.stdin is not None and sys.stdin.isatty()


def _mark() -> Path:
    return paths.state_dir() / "setup-was-opened"
