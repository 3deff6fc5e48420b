"""The environment of the programs that the assistant starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRET = frozenset(
    {
        "VOICE_ASSISTANT_API_KEY",
        "VOICE_ASSISTANT_CHAT_MODEL_KEY",
        "VOICE_ASSISTANT_URL",  # a URL may hold a password
    }
)


def child_environment(environ: Mapping[str, str] = os.environ, **more: str) -> dict[str, str]:
    """Return this process's environment with `more`, but without our secrets.

    No child needs the secrets, and every program of the user can read a child's environment.
    """
    return {name: value for name, value in environ.items() if name not in _SECRET} | more
