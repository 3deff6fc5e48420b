"""Finds questions about what is on the screen: "look at my screen and tell me what is wrong"."""

from __future__ import annotations

import re
from typing import Literal

_QUESTIONS = (
    re.compile(
        r"(?:(?:please|hey|can you|could you)[, ]+)*(?:look|have a look|take a look) at "
        r"(?:my|the|this) (?P<part>screen|window)(?:[,.:;]? (?:and|then)\b|[,.:;?!])?"
        r"(?:\s+(?P<question>.*))?",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        r"(?:请)?看(?:一下|看|一看)?(?:我的?|这个)?(?P<part>屏幕|窗口)(?:[,.:;\uff0c\u3002\uff1a\uff1b]|然后|并)*\s*"
        r"(?P<question>.*)",
        re.DOTALL,
    ),
)
_WINDOWS = frozenset({"window", "窗口"})


def about_screen(words: str) -> tuple[Literal["screen", "window"], str] | None:
    """Return the part of the screen ("screen" or "window") and the question about it, or None.

    The question is "" where nothing follows.
    """
    for pattern in _QUESTIONS:
        if found := pattern.fullmatch(words.strip()):
            part: Literal["screen", "window"]
            part = "window" if found["part"].casefold() in _WINDOWS else "screen"
            return part, (found["question"] or "").strip()
    return None
