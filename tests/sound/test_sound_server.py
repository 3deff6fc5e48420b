"""What the sound server tells of its devices."""

from __future__ import annotations

import pytest

from voice_assistant.sound.sound_server import lacking

ROOM = [
    *("front-left", "front-right", "rear-left", "rear-right", "front-center", "lfe"),
    *("side-left", "side-right"),
]


@pytest.mark.parametrize(
    ("channels", "unheard"),
    [
        (["mono"], ()),
        (ROOM, ()),
        ([f"aux{number}" for number in range(8)], ()),
        ([f"aux{number}" for number in range(10)], ("aux8", "aux9")),
        (["front-left", "top-center"], ("top-center",)),
        ([], ()),
    ],
)
def test_channels_that_a_stream_lacks_are_known(channels, unheard):
    assert lacking(channels) == unheard
