"""A real desktop without a screen: X, a session bus, sound, windows, a panel, notifications.

`parts` holds the programs, one small class each; `desktop` is the person sitting before them, who
speaks, listens, presses keys and looks; `sounds` makes questions and recognises what was heard.
The fixtures `desktop` and `make_desktop` stand in `tests/conftest.py`.
"""

from __future__ import annotations

from bench.desktop import Capture, Desktop
from bench.program import MissingProgramError, processes_with
from bench.sounds import contains, flite, load, similarity
from bench.waiting import wait_for

__all__ = [
    "Capture",
    "Desktop",
    "MissingProgramError",
    "contains",
    "flite",
    "load",
    "processes_with",
    "similarity",
    "wait_for",
]
