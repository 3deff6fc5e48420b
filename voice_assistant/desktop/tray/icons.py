"""The tray's pictures: drawn, so that they are sharp at any size.

The shape alone shows the state, for people who do not see the colours and for panels without
colours. The colours have about the same contrast (4 to 5) on black and on white.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

    from voice_assistant.events import Phase
    from voice_assistant.status import Status

    Picture = Phase | Literal["muted", "not_ready"]

COLOURS: dict[Picture, str] = {
    "idle": "#757f8a",
    "listening": "#e0322d",
    "thinking": "#3a7be0",
    "speaking": "#2a8f45",
    "paused": "#2a8f45",
    "error": "#c26a00",
    "muted": "#757f8a",
    "not_ready": "#c26a00",
}
GRID = 24  # the shapes below are drawn on a grid of 24 by 24
FINER = 8  # pictures are drawn larger by this factor and then reduced: smooth edges


def picture(state: Status) -> Picture:
    """Return the name of the picture that shows `state`."""
    if state.phase == "idle" and state.muted:
        return "muted"
    return "not_ready" if state.not_ready and state.phase in {"idle", "error"} else state.phase


@cache
def draw(name: Picture, size: int) -> Image:
    """Return a picture by its name, `size` pixels square, RGBA on a transparent ground."""
    # Importing Pillow takes longer than the whole command line may.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    large = size * FINER
    image = Image.new("RGBA", (large, large))
    pen = _Pen(ImageDraw.Draw(image), COLOURS[name], large / GRID)
    {
        "idle": _microphone,
        "listening": _microphone_with_waves,
        "thinking": _dots,
        "speaking": _speech,
        "paused": _bars,
        "error": _triangle,
        "muted": _microphone_struck_out,
        "not_ready": _no_entry,
    }[name](pen)
    return image.resize((size, size), Image.Resampling.BOX)


@cache
def argb(name: Picture, size: int) -> bytes:
    """Return the picture for a StatusNotifierItem: ARGB32, most significant byte first."""
    red, green, blue, alpha = draw(name, size).split()
    from PIL import Image  # noqa: PLC0415

    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


class _Pen:
    """Draws on the grid, in one colour, or (`clear`) erases."""

    def __init__(self, canvas: Any, colour: str, scale: float) -> None:
        self._canvas = canvas
        self._colour = colour
        self._scale = scale

    def _at(self, *numbers: float) -> list[float]:
        return [number * self._scale for number in numbers]

    def disc(self, x: float, y: float, radius: float, *, clear: bool = False) -> None:
        colour = (0, 0, 0, 0) if clear else self._colour
        self._canvas.ellipse(self._at(x - radius, y - radius, x + radius, y + radius), colour)

    def arc(self, x: float, y: float, radius: float, angles: tuple[int, int], width: float) -> None:
        box = self._at(x - radius, y - radius, x + radius, y + radius)
        self._canvas.arc(box, *angles, self._colour, round(width * self._scale))

    def box(
        self, box: tuple[float, float, float, float], radius: float = 0, *, clear: bool = False
    ) -> None:
        colour = (0, 0, 0, 0) if clear else self._colour
        self._canvas.rounded_rectangle(self._at(*box), radius * self._scale, colour)

    def polygon(self, *points: float, clear: bool = False) -> None:
        self._canvas.polygon(self._at(*points), (0, 0, 0, 0) if clear else self._colour)


def _microphone(pen: _Pen) -> None:
    """Draw an outline: nothing is being recorded."""
    pen.box((7.5, 1, 16.5, 15), 4.5)
    pen.box((9.5, 3, 14.5, 13), 2.5, clear=True)
    _stand(pen)


def _microphone_struck_out(pen: _Pen) -> None:
    """Draw a microphone behind a stroke: it is switched off."""
    _microphone(pen)
    pen.polygon(1, 5, 5, 1, 23, 19, 19, 23, clear=True)
    pen.polygon(2, 2, 4, 2, 22, 20, 22, 22, 20, 22, 2, 4)


def _microphone_with_waves(pen: _Pen) -> None:
    """Draw a filled microphone, with sound coming in from both sides."""
    pen.box((8, 1, 16, 15), 4)
    _stand(pen)
    pen.arc(12, 8, 12, (-35, 35), 2)
    pen.arc(12, 8, 12, (145, 215), 2)


def _stand(pen: _Pen) -> None:
    pen.arc(12, 11, 7.5, (15, 165), 2)
    pen.box((11, 18, 13, 22))
    pen.box((7, 21, 17, 23), 1)


def _dots(pen: _Pen) -> None:
    for x in (4, 12, 20):
        pen.disc(x, 12, 3.2)


def _speech(pen: _Pen) -> None:
    """Draw a loudspeaker with waves."""
    pen.polygon(1, 8.5, 5.5, 8.5, 12, 3, 12, 21, 5.5, 15.5, 1, 15.5)
    pen.arc(11, 12, 7, (-45, 45), 2.2)
    pen.arc(11, 12, 12, (-45, 45), 2.2)


def _bars(pen: _Pen) -> None:
    pen.box((4, 3, 9.5, 21), 1.5)
    pen.box((14.5, 3, 20, 21), 1.5)


def _triangle(pen: _Pen) -> None:
    pen.polygon(12, 1, 24, 23, 0, 23)
    pen.box((10.7, 8, 13.3, 16), 1.2, clear=True)
    pen.disc(12, 19.2, 1.6, clear=True)


def _no_entry(pen: _Pen) -> None:
    """Draw a disc with a bar: there is no way to ask at the moment."""
    pen.disc(12, 12, 11)
    pen.disc(12, 12, 8.6, clear=True)
    pen.box((5.5, 9.8, 18.5, 14.2), 1)
