"""Opens a file by the program that the desktop has for it."""

from __future__ import annotations

import mimetypes
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from voice_assistant.errors import InputError
from voice_assistant.system.child_environment import child_environment
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path


HARMLESS = ("image/", "audio/", "video/", "application/pdf", "text/plain")
PAGES = frozenset({"image/svg+xml"})
"""Kinds of files of which none is a program; pictures that may be pages with a program."""


def show(file: Path) -> None:
    """Open a file; returns at once.

    Raises:
        InputError: this desktop opens no files, or the file may be a program.
    """
    kind, packed = mimetypes.guess_type(file.name)
    if packed or kind in PAGES or not (kind or "").startswith(HARMLESS):
        raise InputError(
            _("{file} is not opened: it may be a program", file=file.name),
            _("`voice-assistant history files` copies it to where you want it."),
        )
    names = {"darwin": "open", "win32": "explorer"}
    program = shutil.which(names.get(sys.platform, "xdg-open"))
    if program is None:
        raise InputError(
            _("No program of this machine can open {file}", file=file),
            _("Install xdg-utils, or open the file yourself."),
        )
    aside = ["setsid", "--fork"] if shutil.which("setsid") else []  # it may live longer than we
    subprocess.run(
        [*aside, program, file],
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
