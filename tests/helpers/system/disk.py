"""Disks that take nothing, without a mount and without root."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = 65534

as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="root alone can")


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow: EFBIG, where a full disk has ENOSPC."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@contextlib.contextmanager
def dead_disk(folder: Path) -> Iterator[None]:
    """Let nobody know what is in the folder, or whether it is there, as on a disk that is away."""
    aside = folder.with_name(f"{folder.name}-away")
    folder.rename(aside)
    folder.symlink_to("x" * 300)  # ENAMETOOLONG, where a network disk has EIO or ESTALE
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


def file_instead(folder: Path) -> None:
    """Put a file in place of the folder: ENOTDIR and EEXIST, for root too."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"")


def as_nobody(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run code as a user without rights, who can read this installation all the same."""
    read_all = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    user = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    return subprocess.run(
        ["setpriv", *user, *read_all, sys.executable, "-B", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
