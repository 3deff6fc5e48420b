"""Writes complete files that only their owner can read.

All code that keeps files writes them here: missing folders are made, the umask makes no difference,
and a reader never sees half a file.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import logging
import os
import stat
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError
from voice_assistant.system.plain_files import open_plain, told, words_of
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
PUBLIC, PUBLIC_FOLDER = 0o644, 0o755

LEFT_BEHIND_S = 60.0
"""An older draft belongs to a process that was killed in the middle of a write."""


def replace(
    file: Path,
    data: bytes,
    *,
    public: bool = False,
    durable: bool = False,
) -> None:
    """Write `file` in one step: readers find the old content until the new one is complete.

    Args:
        file: the file; an existing file is replaced, with its mode.
        data: the complete content.
        public: True lets all users read the file and enter the folders that are made for it; only
            the owner may write, whatever the umask. By default both are private to the owner.
        durable: True keeps the content through a power cut, but waits for the disk (a few
            milliseconds, on a busy disk many more). Use it for ids and user names: a lost one cuts
            the user off from all earlier conversations. A choice that is easily made again does not
            need it.

    Raises:
        StorageError: the file cannot be written. The old content is still there.
    """
    with told(_("{file} cannot be written", file=file)):
        if public:
            make_folders(file.parent, PUBLIC_FOLDER)
        else:
            folder(file.parent)
        _write(file, data, PUBLIC if public else PRIVATE, durable=durable)


def rewrite(file: Path, data: bytes) -> None:
    """Write a file of the user's own in one step, where the user keeps it.

    A link stays a link, the file keeps its mode, and the folder stays as it is. A new file can only
    be read by its owner.

    Raises:
        StorageError: the file cannot be written. The old content is still there.
    """
    with told(_("{file} cannot be written", file=file)):
        target = file.resolve()
        make_folders(target.parent, PRIVATE_FOLDER)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else PRIVATE
        _write(target, data, mode, durable=True)


def _write(file: Path, data: bytes, mode: int, *, durable: bool) -> None:
    descriptor, name = tempfile.mkstemp(".part", f"{file.name}.", file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            _make(descriptor, file.parent, mode)
            if durable:
                os.fsync(descriptor)
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sweep(file)


def folder(path: Path) -> Path:
    """Make or correct a folder that only this user can enter, and return it.

    Raises:
        StorageError: the folder cannot be made, or belongs to another user.
    """
    with told(_("{path} cannot be used", path=path)):
        make_folders(path, PRIVATE_FOLDER)
        found = path.stat()
        if sys.platform != "win32" and os.geteuid() not in (0, found.st_uid):
            raise StorageError(
                _("{path} belongs to another user", path=path),
                _("Make it yours: sudo chown -R $USER {path}", path=path),
            )
        if stat.S_IMODE(found.st_mode) != PRIVATE_FOLDER:
            path.chmod(PRIVATE_FOLDER)
    return path


def make_folders(path: Path, mode: int) -> None:
    """Make a folder and the missing folders above it, all with `mode`.

    `Path.mkdir` gives the mode to the last folder only, and with a umask of 0 all users could write
    to the others.

    Raises:
        OSError: the folders cannot be made.
    """
    missing = []
    while not path.is_dir():
        missing.append(path)
        if path == path.parent:
            break
        path = path.parent
    for new in reversed(missing):
        try:
            new.mkdir(mode, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), new) from error
        _give_to_owner_of(path, new)


def opener(name: str, flags: int) -> int:
    """Open a file so that a new file can be read by its owner only.

    Use it as `open(file, mode, opener=opener)`.

    Raises:
        OSError: the file cannot be opened, or is a FIFO.
    """
    file = Path(name)
    descriptor = open_plain(name, flags)
    try:
        found = os.fstat(descriptor)
        ours = sys.platform == "win32" or os.geteuid() in (0, found.st_uid)
        if stat.S_ISREG(found.st_mode) and ours:
            _make(descriptor, file.parent, PRIVATE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def open_for_append(file: Path) -> int:
    """Return a descriptor that writes at the end of `file`; a missing file is made.

    It is used for logs and locks.

    Raises:
        StorageError: the file cannot be opened, or its folder belongs to another user.
    """
    with told(_("{file} cannot be written", file=file)):
        folder(file.parent)
        return opener(str(file), os.O_RDWR | os.O_CREAT | os.O_APPEND)


def set_aside(file: Path, reason: object, beside: Sequence[str] = ()) -> StorageError:
    """Rename a file that cannot be read, so that a new file can begin; return the error to show.

    Args:
        file: the file.
        reason: why it cannot be read.
        beside: the endings of files that belong to it, such as "-wal": they are renamed first, for
            a new file must not get them.
    """
    try:
        aside = _unused(file.with_name(f"{file.name}.unreadable"))
        for ending in beside:
            with contextlib.suppress(FileNotFoundError):
                file.with_name(file.name + ending).replace(aside.with_name(aside.name + ending))
        file.replace(aside)
    except OSError as error:
        log.warning("%s cannot be read (%s), nor set aside: %s", file, reason, error)
        return StorageError(
            _("{file} cannot be read: {words}", file=file, words=words_of(reason)),
            _("Move it away."),
        )
    log.warning("%s cannot be read and is now %s: %s", file, aside, reason)
    return StorageError(
        _("{file} cannot be read: {words}", file=file, words=words_of(reason)),
        _("It is kept as {name}; a new one begins.", name=aside.name),
    )


def _unused(file: Path) -> Path:
    """Return `file`, with a number if that exists: what was set aside before stays."""
    numbered = (file.with_name(f"{file.name}-{number}") for number in itertools.count(2))
    return next(one for one in itertools.chain([file], numbered) if not one.exists())


def _make(descriptor: int, parent: Path, mode: int) -> None:
    """Set the mode and the owner of an open file."""
    if sys.platform == "win32":
        return
    if stat.S_IMODE(os.fstat(descriptor).st_mode) != mode:
        os.fchmod(descriptor, mode)
    _give_to_owner_of(parent, descriptor)


def _give_to_owner_of(parent: Path, made: Path | int) -> None:
    """Give a file that root made to the folder's owner, so that `sudo -E` leaves no root files."""
    if sys.platform != "win32" and os.geteuid() == 0:
        owner = parent.stat()
        if owner.st_uid:
            os.chown(made, owner.st_uid, owner.st_gid)


def _sweep(file: Path) -> None:
    """Remove the drafts of this file that killed processes left."""
    old_s = time.time() - LEFT_BEHIND_S
    with contextlib.suppress(OSError):
        for entry in os.scandir(file.parent):
            if entry.name.startswith(f"{file.stem}.") and entry.name.endswith(".part"):
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime < old_s:
                        os.unlink(entry.path)  # noqa: PTH108
