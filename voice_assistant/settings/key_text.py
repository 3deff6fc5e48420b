"""Finds the API key in the text that a person or a program gives.

Password managers print more than the key: `pass show` adds lines, others add colours or a label. A
pasted text may have quotes and invisible characters around the key.
"""

from __future__ import annotations

import re

LONGEST = 8192
"""The most characters of a key; servers refuse longer headers."""

_CONTROL_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles and links
    r"|\x1b[ -/]*[0-~]"
)
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_LABEL = re.compile(
    r"""(?:export\s+)?['"]?[\w .-]*(?:key|token|secret|password|authorization)['"]?"""
    r"""\s*[:=]\s*(?=["'\w])""",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"bearer\s+", re.IGNORECASE)
_KEY = re.compile(r"(?!\S*://)[^\s\"'`,;<>\[\]{}\\]+(?<!:)", re.ASCII)
_QUOTES = "\"'`\u2018\u2019\u201c\u201d"


def find_key(text: str) -> str | None:
    """Find the key in `text`: in the first line that is not empty, else in the first with a label.

    Returns:
        The key without label ("api_key:"), scheme ("Bearer"), quotes, colours and invisible
        characters; "" for a text without visible characters; None if no line can be a key.
    """
    lines = [line for line in map(str.strip, _visible(text).splitlines()) if line]
    if not lines:
        return ""
    labelled = [line for line in lines[1:] if _LABEL.match(line)]
    return next((key for line in (lines[0], *labelled) if (key := _key_of(line))), None)


def decode(output: bytes) -> str:
    """Return the text of a program's output: UTF-8, or UTF-16 as PowerShell writes it."""
    if output.startswith((b"\xff\xfe", b"\xfe\xff")):
        return output.decode("utf-16", "replace")
    return output.decode("utf-16-le" if output[1:2] == b"\0" else "utf-8", "replace")


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", _CONTROL_SEQUENCE.sub("", text))


def _key_of(line: str) -> str | None:
    key = _unquoted(_without(_SCHEME, _unquoted(_without(_LABEL, line))))
    usable = _KEY.fullmatch(key) and key.isascii() and key.isprintable() and len(key) <= LONGEST
    return key if usable else None


def _without(beginning: re.Pattern[str], text: str) -> str:
    found = beginning.match(text)
    return text[found.end() :] if found else text


def _unquoted(text: str) -> str:
    return text.strip().removesuffix(",").removesuffix(";").strip(_QUOTES).strip()
