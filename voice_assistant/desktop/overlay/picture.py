"""Draws a caption: the phase as shape and word, the level, the question, and what is said."""

from __future__ import annotations

import subprocess
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from voice_assistant.audio.level import QUIETEST_DBFS
from voice_assistant.desktop.tray.icons import draw as draw_phase
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from voice_assistant.desktop.overlay.caption import Caption
    from voice_assistant.events import Phase
    from voice_assistant.settings.sections.desktop import CaptionSettings

WORDS: dict[Phase, str] = {
    "idle": N_("Ready"),
    "listening": N_("Listening"),
    "thinking": N_("Thinking"),
    "speaking": N_("Speaking"),
    "paused": N_("Paused"),
    "error": N_("Something went wrong"),
}
COLOURS = {
    "white": ("#ffffff", "#101214"),
    "yellow": ("#ffe600", "#101214"),
    "black": ("#101214", "#ffffff"),
}
"""Text and ground of each choice: contrasts of 13 to 19, as WCAG measures."""

MOST_LINES = 3
_FC_MATCH_S = 5.0
_BEYOND_LATIN = 0x24F
_DOES_NOT_BREAK = 0x2E80
"""Writings from here on have no spaces: a line may end behind any sign."""


def draw(caption: Caption, settings: CaptionSettings, width: int) -> Image.Image:
    """Return the picture of a caption, RGB, at most `width` pixels wide."""
    size = round(settings.size_px)
    ink, ground = COLOURS[settings.colours]
    small = max(12, round(size * 0.55))
    edge = round(size * 0.6)
    within = width - 2 * edge
    lines = wrapped(caption.words, _font(size, caption.words), within)[-MOST_LINES:]
    question = wrapped(caption.question, _font(small, caption.question), within)[:1]
    head = round(small * 1.6)
    height = (
        edge
        + head
        + round(small * 1.4) * len(question)
        + round(size * 1.3) * len(lines)
        + edge // 2
    )
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    sign = draw_phase(caption.phase, head)
    image.paste(sign, (edge, edge // 2), sign)
    pen.text(
        (edge + head + small // 2, edge // 2 + head // 2),
        _(WORDS[caption.phase]),
        ink,
        _font(small),
        anchor="lm",
    )
    if caption.level_dbfs is not None:
        _meter(
            pen,
            caption.level_dbfs,
            (
                width - edge - width // 4,
                edge // 2 + head // 4,
                width - edge,
                edge // 2 + head * 3 // 4,
            ),
            ink,
        )
    top = edge // 2 + head + small // 3
    for line in question:
        pen.text((edge, top), line, ink, _font(small, line))
        top += round(small * 1.4)
    for line in lines:
        pen.text((edge, top), line, ink, _font(size, line))
        top += round(size * 1.3)
    return image


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return the lines of a text that are at most `width` pixels wide."""
    lines: list[str] = []
    line = ""
    for part in _parts(text):
        if line and font.getlength((line + part).rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += part
    return [*lines, line.strip()] if line.strip() else lines


def _parts(text: str) -> list[str]:
    """Return the pieces behind which a line may end."""
    parts: list[str] = []
    for word in text.split():
        if any(ord(sign) >= _DOES_NOT_BREAK for sign in word):
            parts += [*word[:-1], f"{word[-1]} "]
        else:
            parts.append(f"{word} ")
    return parts


def _meter(
    pen: ImageDraw.ImageDraw, level_dbfs: float, box: tuple[int, int, int, int], ink: str
) -> None:
    left, top, right, bottom = box
    share = min(max(1.0 - level_dbfs / QUIETEST_DBFS, 0.0), 1.0)
    pen.rectangle(box, outline=ink, width=2)
    pen.rectangle((left, top, left + round(share * (right - left)), bottom), fill=ink)


def _font(size: int, text: str = "") -> ImageFont.FreeTypeFont:
    """Return a font that has the signs of a text."""
    foreign = next((sign for sign in text if ord(sign) > _BEYOND_LATIN and sign.isalpha()), "")
    return _loaded(size, _file(foreign and _block(foreign)))


def _block(sign: str) -> str:
    """Return a sign that stands for its neighbours, so that few fonts are looked for."""
    return chr(ord(sign) & ~0x7F | 0x41) if ord(sign) < _DOES_NOT_BREAK else sign


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
