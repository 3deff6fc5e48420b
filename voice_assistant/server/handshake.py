"""What the embedded backend and the process that started it tell each other at the start."""

from __future__ import annotations

import msgspec


class Greeting(msgspec.Struct):
    """The line that the child reads when it starts.

    Attributes:
        token: what its clients must show.
        beat_s: the child writes an empty line every so many seconds: its event loop is alive.
    """

    token: str
    beat_s: float = 5.0


class Ready(msgspec.Struct):
    """The line that the child prints when it serves."""

    url: str
    version: str
