"""The assistant's place in the applications menu of a Linux desktop: its entry and its icon.

Portals know programs by their entries (see `hotkey/portal.py`), so the daemon keeps its own entry.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path

import platformdirs

from voice_assistant.desktop import entry
from voice_assistant.desktop.own_files import put, take_away
from voice_assistant.desktop.tray import icons
from voice_assistant.errors import DeviceError, StorageError
from voice_assistant.system import plain_files
from voice_assistant.translation import _

log = logging.getLogger(__name__)

ICON_SIZES_PX = (48, 128, 256)
"""The icon theme specification asks for 48; the other sizes look sharp where icons are large."""


def keep() -> None:
    """Ensure that there is an entry, and that it starts this installation; log a failure.

    No entry is written beside a distribution's entry, and a hidden entry stays hidden.
    """
    if sys.platform != "linux":
        return
    try:
        if not any(file.exists() for file in (_entry(), *_of_the_system())) or _is_left_behind():
            add()
            log.info("the applications menu has the entry %s", _entry())
    except (OSError, StorageError) as error:
        log.warning("the applications menu has no entry: %s", error)


def add() -> Path:
    """Write the entry and its icon again, and return the entry's path.

    Raises:
        DeviceError: this platform has no applications menu.
        StorageError: the files cannot be written.
    """
    if sys.platform != "linux":
        raise DeviceError(_("This platform has no applications menu to be added to"))
    for icon, size_px in _icons().items():
        picture = io.BytesIO()
        icons.draw("idle", size_px).save(picture, "PNG")
        put(icon, picture.getvalue())
    put(_entry(), os.fsencode(entry.menu_entry()))
    return _entry()


def remove() -> None:
    """Remove the entry and the icon, if they exist.

    Raises:
        StorageError: the files cannot be removed.
    """
    for file in (_entry(), *_icons()):
        take_away(file)


def _entry() -> Path:
    return platformdirs.user_data_path() / "applications" / entry.FILE


def _of_the_system() -> list[Path]:
    folders = platformdirs.site_data_dir(multipath=True).split(os.pathsep)
    return [Path(folder, "applications", entry.FILE) for folder in folders]


def _icons() -> dict[Path, int]:
    """Return the icon's files, with their sizes."""
    theme = platformdirs.user_data_path() / "icons" / "hicolor"
    return {theme / f"{px}x{px}" / "apps" / f"{entry.APP_ID}.png": px for px in ICON_SIZES_PX}


def _is_left_behind() -> bool:
    """Return whether our entry starts another installation, or one that is gone."""
    file = _entry()
    if not file.exists():
        return False
    return entry.starts_another(entry.keys_in(os.fsdecode(plain_files.read(file))))
