"""Keeps bytes in memory, and from some size on in a temporary file, if a disk has room for them."""

from __future__ import annotations

import logging
import math
import weakref
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

log = logging.getLogger(__name__)


class Spool:
    """Bytes that are written and read at any place. No byte is lost where no disk takes it.

    `tempfile.SpooledTemporaryFile` loses what it had in memory if the disk is full.

    Args:
        most_in_memory: bytes; more are kept in a file without a name.
    """

    def __init__(self, most_in_memory: int) -> None:
        self._most: float = most_in_memory
        self._file: IO[bytes] = BytesIO()
        self._on_disk = False

    def write(self, at: int, data: bytes) -> None:
        """Put bytes at a place; all that were behind it are void."""
        if not self._on_disk and at + len(data) > self._most:
            self._move_to_disk(at)
        try:
            _write(self._file, at, data)
        except OSError as error:
            self._keep_in_memory(error, self.read(0, at))
            _write(self._file, at, data)

    def read(self, at: int, size: int) -> bytes:
        """Return up to `size` bytes from a place on."""
        self._file.seek(at)
        return self._file.read(size)

    def _move_to_disk(self, size: int) -> None:
        whole = self.read(0, size)
        try:
            # Without a buffer, whose bytes would be in the way of reading once the disk is full.
            file: IO[bytes] = TemporaryFile(buffering=0)  # noqa: SIM115 - its end closes it
            weakref.finalize(self, file.close)
            _write(file, 0, whole)
        except OSError as error:
            self._keep_in_memory(error, whole)
        else:
            self._file, self._on_disk = file, True

    def _keep_in_memory(self, error: OSError, whole: bytes) -> None:
        log.warning("no disk takes the sound of an answer, which stays in memory: %s", error)
        self._most, self._on_disk = math.inf, False
        self._file = BytesIO(whole)


def _write(file: IO[bytes], at: int, data: bytes) -> None:
    file.seek(at)
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
