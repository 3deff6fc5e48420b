"""Draws a caption: the phase as shape and word, the level, the question, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from voice_assistant.audio.level import QUIETEST_DBFS
from voice_assistant.desktop.fonts import WITHOUT_SPACES, font
from voice_assistant.desktop.tray.icons import draw as draw_phase
from voice_assistant.events import PHASE_WORDS
from voice_assistant.translation import _

if TYPE_CHECKING:
    from PIL import ImageFont

    from voice_assistant.desktop.overlay.caption import Caption
    from voice_assistant.settings.sections.desktop import CaptionSettings

COLOURS = {
    "white": ("#ffffff", "#101214"),
    "yellow": ("#ffe600", "#101214"),
    "black": ("#101214", "#ffffff"),
}
"""Text and ground of each choice: contrasts of 13 to 19, as WCAG measures."""

MOST_LINES = 3


def draw(caption: Caption, settings: CaptionSettings, width: int) -> Image.Image:
    """Return the picture of a caption, RGB, at most `width` pixels wide."""
    size = round(settings.size_px)
    ink, ground = COLOURS[settings.colours]
    small = max(12, round(size * 0.55))
    edge = round(size * 0.6)
    within = width - 2 * edge
    question = wrapped(caption.question, font(small, caption.question), within)[:1]
    lines = wrapped(caption.words, font(size, caption.words), within)[-MOST_LINES:]
    rows = [(line, small, round(small * 1.4)) for line in question]
    rows += [(line, size, round(size * 1.3)) for line in lines]
    head = round(small * 1.6)
    height = edge + head + sum(row_height for _line, _size, row_height in rows) + edge // 2
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    sign = draw_phase(caption.phase, head)
    image.paste(sign, (edge, edge // 2), sign)
    beside_sign = (edge + head + small // 2, edge // 2 + head // 2)
    pen.text(beside_sign, _(PHASE_WORDS[caption.phase]), ink, font(small), anchor="lm")
    if caption.level_dbfs is not None:
        top, bottom = edge // 2 + head // 4, edge // 2 + head * 3 // 4
        box = (width - edge - width // 4, top, width - edge, bottom)
        _meter(pen, caption.level_dbfs, box, ink)
    top = edge // 2 + head + small // 3
    for line, line_size, row_height in rows:
        pen.text((edge, top), line, ink, font(line_size, line))
        top += row_height
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
        if any(ord(sign) >= WITHOUT_SPACES for sign in word):
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
