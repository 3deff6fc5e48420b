"""Files that belong to us and lie in folders of the desktop: put there whole, and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.system.private_files import replace, told

if TYPE_CHECKING:
    from pathlib import Path


def put(file: Path, content: bytes) -> None:
    """Have it there with that content; who watches the folder never sees half of it.

    Raises:
        StorageError: it cannot be written.
    """
    replace(file, content, public=True)


def take_away(file: Path) -> None:
    """Have it gone.

    Raises:
        StorageError: it cannot be removed.
    """
    with told(f"{file} cannot be removed"):
        file.unlink(missing_ok=True)
