"""The one door for what comes in: words that are typed, or that arrive by standard input."""

from __future__ import annotations

import codecs
import locale
import os
import sys

from voice_assistant.errors import InputError

LONGEST_CHARS = 100_000
"""No question is longer; a film that was taken for one is."""
NOISE_SHARE = 0.25
"""Text in an encoding that nobody named has fewer letters beyond ASCII."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def is_piped() -> bool:
    """Return whether something may come: standard input is open, and no terminal."""
    return sys.stdin is not None and not sys.stdin.isatty()


def read() -> str:
    """Return all of standard input as text.

    Raises:
        InputError: it is no text, or too long for a question.
    """
    data = sys.stdin.buffer.read(4 * LONGEST_CHARS + 1)
    text = decoded(data)
    if text.count("\ufffd") > NOISE_SHARE * len(text):
        raise InputError(
            "What came through standard input is no text", "Give --audio or --file for a file."
        )
    if len(text) > LONGEST_CHARS:
        raise InputError(
            f"What came through standard input is longer than {LONGEST_CHARS:,} letters",
            "Give a part of it, or --file for a file.",
        )
    return text


def read_line() -> str:
    """Return the first line of standard input, "" where there is none."""
    return decoded(sys.stdin.buffer.readline()) if sys.stdin is not None else ""


def word(argument: str) -> str:
    """Return an argument of the command line as text.

    Python decodes arguments by the locale; the bytes may be in another encoding.
    """
    return decoded(os.fsencode(argument))


def decoded(data: bytes, local: str | None = None) -> str:
    """Return text in whatever encoding; what has no meaning becomes U+FFFD, and NUL goes.

    A byte order mark decides; else it is UTF-8, if it can be; else the encoding of the locale.

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
