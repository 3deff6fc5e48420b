"""A list that a killed process leaves to the next one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from voice_assistant.errors import StorageError
from voice_assistant.system import plain_files, private_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

T = TypeVar("T", bound=msgspec.Struct)


class KeptList(Generic[T]):
    """A short list in a file; several processes may change it. An empty list has no file.

    If the disk refuses the list, it holds in this process alone.

    Args:
        file: the file; created for the owner only.
        kind: the type of the list's elements.
    """

    def __init__(self, file: Path, kind: type[T]) -> None:
        self._file = file
        self._kind = kind
        self._unwritten: list[T] | None = None

    def read(self) -> list[T]:
        """Return the list; empty if the file cannot be read."""
        if self._unwritten is not None:
            return self._unwritten
        try:
            return plain_files.read_json(self._file, list[self._kind])  # type: ignore[name-defined]
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read: %s", self._file, error)
            return []

    def write(self, items: Sequence[T]) -> None:
        """Keep `items` in place of the list so far."""
        self._unwritten = None
        try:
            if items:
                private_files.replace(self._file, msgspec.json.encode(items))
            else:
                self._file.unlink(missing_ok=True)
        except (OSError, StorageError) as error:
            log.warning("%s cannot be written, and is kept in memory: %s", self._file, error)
            self._unwritten = list(items)
