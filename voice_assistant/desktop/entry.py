"""The desktop entry: describes the program to a Linux desktop, and says how to start it.

https://specifications.freedesktop.org/desktop-entry-spec/latest/
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from voice_assistant import translation
from voice_assistant.translation import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

APP_ID = "io.github.voice_assistant.VoiceAssistant"
"""Our name for the desktop. Portals refuse a name without a dot, and a name without an entry of
that name; see `hotkey/portal.py`."""

FILE = f"{APP_ID}.desktop"
NAME = N_("Voice assistant")
COMMENT = N_("Hold a key, speak, and hear the answer")
CATEGORIES = "Utility;Accessibility;"
KEYWORDS = "voice;speech;microphone;question;chat;"
ACTIONS = {
    "talk": (N_("Talk, or finish talking"), "toggle"),
    "stop": (N_("Stop the answer"), "stop"),
    "quit": (N_("Quit"), "quit"),
}
"""For each action its name and its command. Without a tray, the actions are the only menu; in KDE's
settings keys can be bound to them."""

GROUP = "Desktop Entry"
RESERVED = frozenset(" \t\n\r\"'\\><~|&;$*?#()`")
BY_ANOTHER = ("nice", "-n", "0")
"""A program that starts another one. `env` would take a path with "=" for a variable, and the "$"
in a shell's line reaches systemd (252, systemd-xdg-autostart-generator) with a backslash before
it."""


def command(*arguments: str) -> tuple[str, ...]:
    """Return the command line that runs this installation with `arguments`, from any folder.

    It names the interpreter: pip's scripts do not run if the path of their environment has a space.
    It has -P: a session starts programs in the home folder, and a `queue.py` in that folder would
    be taken for Python's own.
    """
    return (sys.executable, "-P", "-m", "voice_assistant", *arguments)


def menu_entry() -> str:
    """Return the entry for the applications menu."""
    actions = "".join(
        f"\n[Desktop Action {action}]\n{_named('Name', name)}Exec={exec_value(command(argument))}\n"
        for action, (name, argument) in ACTIONS.items()
    )
    return (
        f"{login_entry()}Categories={CATEGORIES}\nKeywords={KEYWORDS}\n"
        f"Actions={';'.join(ACTIONS)};\n{actions}"
    )


def login_entry() -> str:
    """Return the entry for the login. If the program in TryExec is gone, the entry has no effect.

    https://specifications.freedesktop.org/autostart-spec/latest/
    """
    return (
        "# Written by voice-assistant; `voice-assistant menu remove` takes it away.\n"
        f"[{GROUP}]\nType=Application\n{_named('Name', NAME)}"
        f"{_named('Comment', COMMENT)}Icon={APP_ID}\n"
        f"Exec={exec_value(command('run'))}\nTryExec={_string(sys.executable)}\n"
        "Terminal=false\nStartupNotify=false\n"
    )


def _named(key: str, message: str) -> str:
    """Return the lines of a key that people read: in English, and in each other language."""
    others = (one for one in translation.LANGUAGES if one != translation.ENGLISH)
    return f"{key}={message}\n" + "".join(
        f"{key}[{one}]={translation.into(one, message)}\n" for one in others
    )


def keys_in(text: str) -> dict[str, str]:
    """Return the keys of an entry, with their values as written; none if `text` is not an entry."""
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
    """Return whether an entry for the login is in force; desktops switch it off by either key."""
    hidden = keys.get("Hidden", "false") == "true"
    enabled = keys.get("X-GNOME-Autostart-enabled", "true") == "true"
    return "Exec" in keys and enabled and not hidden


def starts_another(keys: Mapping[str, str]) -> bool:
    """Return whether we wrote the entry, and it starts another installation than this one.

    An entry of a distribution is not ours, nor is one with the user's words before our command.
    """
    program, *arguments = (_string(_quoted(word)) for word in command("run"))
    line = f" {keys.get('Exec', '')}"
    ending = f" {' '.join(arguments)}"
    return line.endswith(ending) and not line.endswith(f" {program}{ending}")


def exec_value(words: Sequence[str]) -> str:
    """Return a command line as the value of the key Exec.

    The program's path must not have "=" there; and GLib looks for the program before it reads "%%"
    as "%" (2.74, `g_desktop_app_info_load_from_keyfile`). `BY_ANOTHER` starts such programs.
    """
    if {"=", "%"} & set(words[0]):
        words = (*BY_ANOTHER, *words)
    return _string(" ".join(_quoted(word) for word in words))


def _quoted(word: str) -> str:
    """Return one word of a command line, quoted for the key Exec."""
    word = word.replace("%", "%%")
    if word and not RESERVED & set(word):
        return word
    return '"' + "".join(f"\\{char}" if char in '"`$\\' else char for char in word) + '"'


def _string(value: str) -> str:
    for char, escape in (("\\", r"\\"), ("\n", r"\n"), ("\t", r"\t"), ("\r", r"\r")):
        value = value.replace(char, escape)
    return value
