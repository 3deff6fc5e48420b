"""What the embedded backend tells the process that started it."""

from __future__ import annotations

import msgspec


class Ready(msgspec.Struct):
    """The line that the child prints when it serves."""

    url: str
    version: str
