"""Files that belong to us and lie in folders of the desktop: put there whole, and taken away."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def put(file: Path, content: bytes) -> None:
    """Have it there with that content; who watches the folder never sees half of it.

    Raises:
        StorageError: it cannot be written.
    """
    with _told(f"{file} cannot be written"):
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.part")
        draft.write_bytes(content)
        draft.replace(file)


def take_away(file: Path) -> None:
    """Have it gone.

    Raises:
        StorageError: it cannot be removed.
    """
    with _told(f"{file} cannot be removed"):
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Check that the folder is yours, and that the disk has room."
        raise StorageError(f"{what}: {error.strerror}", hint) from error
