"""The desktop entry: what a Linux desktop is told of the program, and how it starts it.

https://specifications.freedesktop.org/desktop-entry-spec/latest/
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

APP_ID = "io.github.voice_assistant.VoiceAssistant"
"""Who we are to the desktop. Portals take no name without a dot, and none without an entry that
bears it; see `hotkey/portal.py`."""

FILE = f"{APP_ID}.desktop"
NAME = "Voice assistant"
COMMENT = "Hold a key, speak, and hear the answer"
CATEGORIES = "Utility;Accessibility;"
KEYWORDS = "voice;speech;microphone;question;chat;"
ACTIONS = {
    "talk": ("Talk, or finish talking", "toggle"),
    "stop": ("Stop the answer", "stop"),
    "quit": ("Quit", "quit"),
}
"""For each action its name and its command. Where there is no tray, they are the only menu; in
KDE's settings keys can be bound to them."""

GROUP = "Desktop Entry"
RESERVED = frozenset(" \t\n\r\"'\\><~|&;$*?#()`")
BY_ANOTHER = ("nice", "-n", "0")
"""What becomes any program: `env` takes a path with "=" for a variable, and the "$" in the line of
a shell reaches systemd (252, systemd-xdg-autostart-generator) with a backslash before it."""


def command(*arguments: str) -> tuple[str, ...]:
    """What does that from any folder, with this very installation.

    By the interpreter: pip's scripts do not run where the path of their environment has a space.
    With -P: a session starts programs in the home folder, and a `queue.py` that lies there would
    be taken for Python's own.
    """
    return (sys.executable, "-P", "-m", "voice_assistant", *arguments)


def menu_entry() -> str:
    """The program in the applications menu."""
    actions = "".join(
        f"\n[Desktop Action {action}]\nName={name}\nExec={exec_value(command(argument))}\n"
        for action, (name, argument) in ACTIONS.items()
    )
    return (
        f"{login_entry()}Categories={CATEGORIES}\nKeywords={KEYWORDS}\n"
        f"Actions={';'.join(ACTIONS)};\n{actions}"
    )


def login_entry() -> str:
    """The program as a session starts it. Without what TryExec names, it is neither shown nor run.

    https://specifications.freedesktop.org/autostart-spec/latest/
    """
    return (
        "# Written by voice-assistant; `voice-assistant menu remove` takes it away.\n"
        f"[{GROUP}]\nType=Application\nName={NAME}\nComment={COMMENT}\nIcon={APP_ID}\n"
        f"Exec={exec_value(command('run'))}\nTryExec={_string(sys.executable)}\n"
        "Terminal=false\nStartupNotify=false\n"
    )


def keys_in(text: str) -> dict[str, str]:
    """The keys of an entry, with their values as they stand there; none where it is no entry."""
    keys: dict[str, str] = {}
    group = ""
    for line in text.split("\n"):
        key, equals, value = line.partition("=")
        if line.startswith("["):
            group = line.strip()
        elif equals and group == f"[{GROUP}]" and not line.startswith("#"):
            keys[key.strip()] = value.strip()
    return keys


def starts_at_login(keys: Mapping[str, str]) -> bool:
    """Whether an entry for the login is in force; desktops switch one off by either key."""
    hidden = keys.get("Hidden", "false") == "true"
    enabled = keys.get("X-GNOME-Autostart-enabled", "true") == "true"
    return "Exec" in keys and enabled and not hidden


def starts_another(keys: Mapping[str, str]) -> bool:
    """Whether the entry is of our making, and starts another installation than this one.

    What a distribution wrote is theirs, and what the user put before our command line is theirs.
    """
    program, *arguments = (_string(_quoted(word)) for word in command("run"))
    line = f" {keys.get('Exec', '')}"
    ending = f" {' '.join(arguments)}"
    return line.endswith(ending) and not line.endswith(f" {program}{ending}")


def exec_value(words: Sequence[str]) -> str:
    """A command line as the value of the key Exec.

    No program may have "=" in its path there; and GLib looks for the program before it reads "%%"
    as "%" (2.74, `g_desktop_app_info_load_from_keyfile`). Another program starts those.
    """
    if {"=", "%"} & set(words[0]):
        words = (*BY_ANOTHER, *words)
    return _string(" ".join(_quoted(word) for word in words))


def _quoted(word: str) -> str:
    """One word of a command line: a value of the type string is made of them."""
    word = word.replace("%", "%%")
    if word and not RESERVED & set(word):
        return word
    return '"' + "".join(f"\\{char}" if char in '"`$\\' else char for char in word) + '"'


def _string(value: str) -> str:
    for char, escape in (("\\", r"\\"), ("\n", r"\n"), ("\t", r"\t"), ("\r", r"\r")):
        value = value.replace(char, escape)
    return value
