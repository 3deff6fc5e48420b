"""Reads plain files, and says why one cannot be read. Pipes and devices may block: none is read."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import TYPE_CHECKING, TypeVar

import msgspec

from voice_assistant.errors import StorageError
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T = TypeVar("T")

HINT = N_("Check that the folder is yours, and that the disk has room.")

MOST_BYTES = 64_000_000
"""The largest file that `read` reads: a kept file has some kilobytes."""

_OUT_OF_REACH = frozenset((errno.EACCES, errno.EPERM, errno.EISDIR, errno.ELOOP, errno.EFBIG))
"""The errors of reading that stay as long as the file is there; other errors may pass."""

_NOTHING_THERE = frozenset((errno.ENOENT, errno.ENOTDIR))


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Turn an error of the operating system into a sentence for people.

    Raises:
        StorageError: says `what` failed, and why.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {words_of(error)}", _(HINT)) from error


def is_missing(path: Path) -> bool:
    """Return whether nothing is at `path`.

    False where the disk does not say (no permission, a dead network disk), which `Path.exists`
    raises: whoever then opens the path is told why it cannot.
    """
    try:
        path.stat()
    except OSError as error:
        return error.errno in _NOTHING_THERE
    return False


def listed(folder: Path) -> list[Path]:
    """Return what is in a folder of kept files; nothing if there is no folder.

    `Path.glob` returns nothing for a folder that cannot be read, either.

    Raises:
        StorageError: the folder cannot be read.
    """
    with told(_("{path} cannot be read", path=folder)), contextlib.suppress(FileNotFoundError):
        return [*folder.iterdir()]
    return []


def read(file: Path) -> bytes:
    """Return the content of a kept file. A FIFO in its place is refused, and not waited for.

    Raises:
        OSError: the file cannot be read, or is larger than `MOST_BYTES`.
    """
    with open(file, "rb", opener=open_plain) as opened:
        if os.fstat(opened.fileno()).st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), file)
        return opened.read()


def read_json(file: Path, kind: type[T]) -> T:
    """Return the value in a kept file of JSON.

    Raises:
        OSError: see `read`.
        ValueError: the file holds no such value, in whichever way it is damaged.
    """
    try:
        return msgspec.json.decode(read(file), type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


def open_plain(name: str, flags: int) -> int:
    """Open a plain file or a folder: a pipe or device may block, or never end.

    A device such as /dev/null may be written to.
    """
    try:
        descriptor = os.open(name, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a FIFO that nobody reads
            raise IsADirectoryError(errno.EISDIR, "it is no plain file", name) from None
        raise
    mode = os.fstat(descriptor).st_mode
    writes = flags & (os.O_WRONLY | os.O_RDWR)
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or (writes and stat.S_ISCHR(mode)):
        return descriptor
    os.close(descriptor)
    raise IsADirectoryError(errno.EISDIR, "it is no plain file", name)


def out_of_reach(error: OSError) -> bool:
    """Return whether a file will stay unreadable: a folder, or another user's file."""
    return error.errno in _OUT_OF_REACH


def words_of(reason: object) -> object:
    """Return the words of a reason, without the number and the file of the system's own errors."""
    return (isinstance(reason, OSError) and reason.strerror) or reason
