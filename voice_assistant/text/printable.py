"""Makes text safe to show: it cannot control the terminal or the panel where it appears.

Terminals, panels and notification daemons show text of servers, models and file names. An escape
sequence in such a text sets the title or the clipboard, hides text or moves it; a control character
ends a message on the bus; a change of the writing direction shows a different text. The sequences
are those of ECMA-48 and of xterm (https://invisible-island.net/xterm/ctlseqs/).
"""

from __future__ import annotations

import re

HELD_MAX = 4096
"""Letters; a longer sequence comes through in parts: without its beginning it has no effect."""

# Operating system commands and their like run to BEL or ST; a newline ends those that have no end.
_PAYLOAD = r"[^\n\x07\x18\x1a\x1b\x80-\x9f]*"
_SEQUENCES = (
    rf"\x1b[PX\]^_]{_PAYLOAD}(?:\x07|\x1b\\|\x9c)?",
    r"\x1b\[[0-?]*[ -/]*[@-~]?",
    r"\x1b[ -/]*[0-~]",
    # By one C1 character only where that is sure: text in a wrong encoding has C1 characters too.
    rf"\x9d[0-9]{_PAYLOAD}(?:\x07|\x1b\\|\x9c)",
    r"\x9b[0-?]+[ -/]*[@-~]",
)
_CONTROLS = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode's Bidi_Control
    r"\ud800-\udfff"
)
_DROPPED = re.compile(f"{'|'.join(_SEQUENCES)}|[{_CONTROLS}]")
_FOREIGN_BYTE = re.compile(r"[\udc80-\udcff]")  # of a file name; see PEP 383
_JOINERS = "\u200c\u200d"  # no signs of their own, but Persian words and many emoji need them
_OPEN = re.compile(
    rf"(?:\x1b(?:[PX\]^_]{_PAYLOAD}\x1b?|\[[0-?]*[ -/]*|[ -/]*)"
    rf"|\x9d(?:[0-9]{_PAYLOAD}\x1b?)?|\x9b[0-?]*[ -/]*)\Z"
)


def printable(text: str) -> str:
    """Return `text` without signs that control a terminal or break a message.

    Complete escape sequences are removed; so are control characters except tab and newline,
    controls of the writing direction and lone surrogates. A byte of a file name that is not UTF-8
    becomes U+FFFD.
    """
    return _DROPPED.sub("", _FOREIGN_BYTE.sub("\ufffd", text))


def printable_line(text: str) -> str:
    """Return `text` in one line, without signs that are keys of their own, such as Enter."""
    words = " ".join(printable(text).split())
    return "".join(sign for sign in words if sign.isprintable() or sign in _JOINERS)


class PrintableStream:
    """Does the same as `printable` to text that comes in pieces, cut at any place."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take a piece; return the text that can be shown now."""
        text = self._held + piece
        begin = open_.start() if (open_ := _OPEN.search(text)) else len(text)
        if len(text) - begin > HELD_MAX:
            begin = len(text)
        self._held = text[begin:]
        return printable(text[:begin])

    def end(self) -> str:
        """Return the rest. The stream can be used again."""
        held, self._held = self._held, ""
        return printable(held)
