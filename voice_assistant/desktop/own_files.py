"""Writes and removes our own files in folders of the desktop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.system.plain_files import told
from voice_assistant.system.private_files import replace
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path


def put(file: Path, content: bytes) -> None:
    """Write the file; a program that watches the folder never sees a partial file.

    Raises:
        StorageError: the file cannot be written.
    """
    replace(file, content, public=True)


def take_away(file: Path) -> None:
    """Remove the file, if it exists.

    Raises:
        StorageError: the file cannot be removed.
    """
    with told(_("{file} cannot be removed", file=file)):
        file.unlink(missing_ok=True)
