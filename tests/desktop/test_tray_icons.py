"""The tray's pictures."""

from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pytest
from PIL import ImageColor

from voice_assistant.desktop.tray import icons
from voice_assistant.events import Phase

PHASES = (*get_args(Phase), "muted", "not_ready")


def shape(phase: str, size: int) -> np.ndarray:
    """Where there is any of the picture: what is left when neither colour nor grey is seen."""
    return np.asarray(icons.draw(phase, size).getchannel("A")) > 127


def luminance(colour: str) -> float:
    """As defined in WCAG 2.2, "relative luminance"."""
    parts = (part / 255 for part in ImageColor.getrgb(colour))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("panel", ["#202020", "#f4f4f4"])
@pytest.mark.parametrize("phase", PHASES)
def test_every_colour_stands_out_from_dark_and_light_panels(phase, panel):
    darker, lighter = sorted((luminance(icons.COLOURS[phase]), luminance(panel)))
    # WCAG 2.2, 1.4.11: graphics need 3 to 1.
    assert (lighter + 0.05) / (darker + 0.05) >= 3


@pytest.mark.parametrize("size", [16, 22, 24, 48])
@pytest.mark.parametrize("phase", PHASES)
def test_no_picture_is_nearly_empty_or_nearly_full(phase, size):
    assert 0.1 < np.mean(shape(phase, size)) < 0.6


@pytest.mark.parametrize("size", [16, 22, 24, 48])
@pytest.mark.parametrize("pair", list(itertools.combinations(PHASES, 2)), ids="-".join)
def test_the_shape_alone_tells_phases_apart(pair, size):
    one, other = (shape(phase, size) for phase in pair)
    assert np.count_nonzero(one != other) > size * size * 0.12


def test_the_wire_has_alpha_first():
    image = icons.draw("listening", 22)
    x, y = 11, 6
    red, green, blue, alpha = image.getpixel((x, y))
    place = (y * 22 + x) * 4
    assert icons.argb("listening", 22)[place : place + 4] == bytes((alpha, red, green, blue))
    assert len(icons.argb("listening", 22)) == 22 * 22 * 4
    assert alpha == 255
