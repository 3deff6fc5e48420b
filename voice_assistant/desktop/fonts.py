"""Fonts of the desktop that have the signs of a text."""

from __future__ import annotations

import subprocess
from functools import cache

from PIL import ImageFont

WITHOUT_SPACES = 0x2E80
"""Writings from here on have no spaces: a line may end behind any sign."""

_BEYOND_LATIN = 0x24F
_FC_MATCH_S = 5.0


def font(size: int, text: str = "") -> ImageFont.FreeTypeFont:
    """Return a font that has the signs of a text."""
    foreign = next((sign for sign in text if ord(sign) > _BEYOND_LATIN and sign.isalpha()), "")
    return _loaded(size, _file(foreign and _block(foreign)))


def _block(sign: str) -> str:
    """Return a sign that stands for its neighbours, so that few fonts are looked for."""
    return chr(ord(sign) & ~0x7F | 0x41) if ord(sign) < WITHOUT_SPACES else sign


@cache
def _loaded(size: int, file: str) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(file, size)
    except OSError:
        found = ImageFont.load_default(size)  # Pillow's own, with Latin letters
        assert isinstance(found, ImageFont.FreeTypeFont)  # noqa: S101  (with a size it is)
        return found


@cache
def _file(sign: str) -> str:
    """Return the file of the desktop's plain font, or of one that has this sign; "" without one."""
    wanted = f"sans-serif:charset={ord(sign):x}" if sign else "sans-serif"
    try:
        done = subprocess.run(
            ["fc-match", "-f", "%{file}", wanted],
            capture_output=True,
            text=True,
            timeout=_FC_MATCH_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
