"""Which code runs: the version and, in a checkout, its commit."""

from __future__ import annotations

import contextlib
import subprocess
from functools import cache
from pathlib import Path

from voice_assistant import __version__

_CHECKOUT = Path(__file__).parents[2]
_GIT_S = 5.0


@cache
def running() -> str:
    """Return the version of the code that runs, such as "0.1.0 (3da2170)".

    Call it early: a checkout may be updated while the program runs.
    """
    return on_disk()


def on_disk(checkout: Path = _CHECKOUT) -> str:
    """Return the version of the code that the next start runs."""
    found = commit(checkout)
    return f"{__version__} ({found})" if found else __version__


def commit(checkout: Path) -> str:
    """Return the short name of the commit that `checkout` is at; "" where there is none."""
    if not (checkout / ".git").exists():
        return ""  # git would find a repository further up, which is another project's
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            ["git", "-C", checkout, "rev-parse", "--short", "HEAD"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_GIT_S,
            check=True,
        ).stdout.strip()
    return ""
