"""Where the running daemon is reached.

Apart from everything else and without imports that cost time: `voice-assistant press` loads this
and little more, because a key was just pressed.
"""

from __future__ import annotations

import os


def runtime_dir() -> str:
    """The folder of socket and lock: gone after a logout where the platform has such a place."""
    base = os.environ.get("XDG_RUNTIME_DIR") or os.path.expanduser("~/.local/state")  # noqa: PTH111
    return f"{base}/voice-assistant"


def socket_file() -> str:
    """The control socket."""
    return f"{runtime_dir()}/control.sock"
