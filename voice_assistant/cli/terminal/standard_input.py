"""Reads all text that enters the command line: arguments, and standard input."""

from __future__ import annotations

import codecs
import getpass
import locale
import os
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

from voice_assistant.errors import InputError
from voice_assistant.translation import _

LONGEST_CHARS = 100_000
"""The longest question; a longer input is a file that was given by mistake, such as a film."""
NOISE_SHARE = 0.25
"""An input with a larger share of undecodable characters is not text. Text in an unknown encoding
has fewer: most of its letters are ASCII."""

_OF_THIS_MACHINE = ("file://", "file://localhost")
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def is_piped() -> bool:
    """Return whether standard input may bring text: it is open, and not a terminal."""
    return sys.stdin is not None and not sys.stdin.isatty()


def is_terminal() -> bool:
    """Return whether somebody can type on standard input; it may be closed."""
    return sys.stdin is not None and sys.stdin.isatty()


def read() -> str:
    """Return all of standard input as text.

    Raises:
        InputError: standard input is not text, or is too long for a question.
    """
    data = sys.stdin.buffer.read(4 * LONGEST_CHARS + 1)
    text = decoded(data)
    if text.count("\ufffd") > NOISE_SHARE * len(text):
        raise InputError(
            _("The standard input is not text"), _("Give a file with --audio or --file.")
        )
    if len(text) > LONGEST_CHARS:
        raise InputError(
            _("The standard input is longer than {most:,} letters", most=LONGEST_CHARS),
            _("Give a part of it, or give a file with --file."),
        )
    return text


def read_line() -> str:
    """Return the first line of standard input, "" without one."""
    return decoded(sys.stdin.buffer.readline()) if sys.stdin is not None else ""


def typed(prompt: str, *, hidden: bool = False) -> str:
    """Ask for a line on the terminal; return it without blanks around.

    Args:
        prompt: what is asked.
        hidden: whether the line is a secret, which the terminal does not show.

    Raises:
        KeyboardInterrupt: the user ends the input (Ctrl+D), and with it the command.
    """
    try:
        return (getpass.getpass(prompt) if hidden else input(prompt)).strip()
    except EOFError:
        print()
        raise KeyboardInterrupt from None


def agrees(question: str, *, usual: bool) -> bool:
    """Ask a question on the terminal; return whether the answer is yes, `usual` for Enter.

    Raises:
        KeyboardInterrupt: see `typed`.
    """
    return is_yes(typed(f"{question} [{_('yes') if usual else _('no')}]: "), usual=usual)


def is_yes(answer: str, *, usual: bool) -> bool:
    """Return whether an answer means yes, in English or the user's language; `usual` if neither."""
    words = dict.fromkeys(("y", "yes", "on", _("yes")), True)
    words |= dict.fromkeys(("n", "no", "off", _("no")), False)
    return words.get(answer.strip().lower(), usual)


def word(argument: str) -> str:
    """Return an argument of the command line as text.

    Python decodes arguments by the locale; the bytes may be in another encoding.
    """
    return decoded(os.fsencode(argument))


def absolute(file: str) -> str:
    """Return the absolute path of a file, because the daemon runs in another folder; "" for "".

    Shells leave the ~ of `--file=~/a.txt` as it is, and desktops hand out addresses of files.

    Raises:
        InputError: the name is one within the current folder, and that was deleted.
    """
    try:
        return str(_path(file).absolute()) if file else ""
    except FileNotFoundError as error:
        raise InputError(
            _("There is no file {file}: the current folder was deleted", file=file),
            _("Change to another folder, or give the file's whole path."),
        ) from error


def _path(file: str) -> Path:
    for beginning in _OF_THIS_MACHINE:
        if file.startswith(f"{beginning}/"):
            return Path(os.fsdecode(unquote_to_bytes(file.removeprefix(beginning))))
    try:
        return Path(file).expanduser()
    except RuntimeError:  # there is no such home
        return Path(file)


def decoded(data: bytes, local: str | None = None) -> str:
    """Return the text of bytes in an unknown encoding.

    A byte order mark decides the encoding; else the bytes are UTF-8 if possible, else in the
    encoding of the locale. Invalid bytes become U+FFFD, and NUL is dropped.

    Args:
        data: the bytes.
        local: the encoding of the locale, if not that of this process.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _without_nul(data.removeprefix(mark).decode(encoding, "replace"))
    for encoding in ("utf-8", local or locale.getencoding()):
        try:
            return _without_nul(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _without_nul(data.decode(errors="replace"))


def _without_nul(text: str) -> str:
    return text.replace("\0", "")
