"""The environment of the programs that the assistant starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRET = frozenset({"VOICE_ASSISTANT_API_KEY", "VOICE_ASSISTANT_URL"})  # a URL may hold a password


def child_environment(environ: Mapping[str, str] = os.environ, **more: str) -> dict[str, str]:
    """Return our environment with `more`, and without the secrets that no child needs.

    A program's environment can be read by every other program of the user.
    """
    return {name: value for name, value in environ.items() if name not in _SECRET} | more
