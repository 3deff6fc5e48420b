"""The programs in the user's applications menu, found by name and started.

https://specifications.freedesktop.org/desktop-entry-spec/latest/
"""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.system import plain_files

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION = "Desktop Entry"
FIELD_CODES = re.compile(r"%[a-zA-Z]")
DATA_DIRS = "/usr/local/share:/usr/share"


class _Entries(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        """Keep the case of keys."""
        return optionstr


KINDS = {
    "WebBrowser": ("browser", "web browser", "internet browser"),
    "FileManager": ("file manager", "files", "file browser"),
    "TerminalEmulator": ("terminal", "console", "command line"),
    "Settings": ("settings", "system settings"),
    "Calculator": ("calculator",),
    "TextEditor": ("text editor", "editor"),
    "Email": ("mail", "email", "mail program"),
    "Calendar": ("calendar",),
    "Player": ("player", "media player"),
}
"""What people call programs of a category.

The categories are those of https://specifications.freedesktop.org/menu-spec/latest/category-registry.html
"""


class Program(NamedTuple):
    """An entry of the applications menu.

    Attributes:
        name: as the menu shows it.
        command: the program and its arguments.
        kinds: what it is, such as "web browser", in lower case.
    """

    name: str
    command: tuple[str, ...]
    kinds: frozenset[str] = frozenset()


class Programs:
    """The programs of this desktop.

    Args:
        environ: the environment, which names the folders of the menu.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    def find(self, name: str) -> list[Program]:
        """Return the programs with this name, else those with all its words in their names.

        Where there are none, those of a kind that is called so, such as "browser".
        """
        wanted = name.casefold()
        programs = _all(self._environ)
        if same := [one for one in programs if one.name.casefold() == wanted]:
            return same[:1]
        words = set(wanted.split())
        named = [one for one in programs if words <= set(one.name.casefold().split())]
        return named or [one for one in programs if wanted in one.kinds]

    def start(self, program: Program) -> bool:
        """Start a program that lives on without us; return whether it could be started."""
        if shutil.which(program.command[0]) is None:
            return False
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        try:
            subprocess.run(
                ["setsid", "--fork", *program.command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError):
            return False
        return True


def _all(environ: Mapping[str, str]) -> list[Program]:
    """Return all entries that the menu shows, each id once: the user's own entries come first."""
    home = environ.get("XDG_DATA_HOME") or str(Path(environ.get("HOME", "/")) / ".local/share")
    folders = [home, *(environ.get("XDG_DATA_DIRS") or DATA_DIRS).split(":")]
    entries: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(Path(folder, "applications").glob("*.desktop")):
            entries.setdefault(file.name, file)
    return [program for file in entries.values() if (program := _program(file))]


def _program(file: Path) -> Program | None:
    parser = _Entries(strict=False)
    try:
        parser.read_string(plain_files.read(file).decode())
        entry = dict(parser[SECTION])
        command = tuple(
            part for part in shlex.split(entry["Exec"]) if not FIELD_CODES.fullmatch(part)
        )
    except (OSError, ValueError, KeyError, configparser.Error):
        return None
    hidden = "true" in (entry.get("NoDisplay", ""), entry.get("Hidden", ""))
    if hidden or entry.get("Terminal") == "true" or entry.get("Type") != "Application":
        return None
    kinds = [entry.get("GenericName", "").casefold()]
    kinds += [kind for one in entry.get("Categories", "").split(";") for kind in KINDS.get(one, ())]
    name = entry.get("Name", "")
    return Program(name, command, frozenset(filter(None, kinds))) if command and name else None
