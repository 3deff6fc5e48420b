"""A key that a desktop binds to `press`, `release` or `toggle`: each move starts a program. Pure.

A desktop starts such a program for every repetition of a key that is held (25 a second with sway),
and programs overtake each other on a busy machine: a repetition may arrive after the release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.commands import Dictate, Press, Release, Toggle

if TYPE_CHECKING:
    from voice_assistant.commands import AnyCommand

STRAGGLES_S = 0.25
"""Seconds after a release in which a press is a repetition of the press before.

No hand presses again sooner, and repetitions of a new press follow within this time."""

REPEATS_S = 0.8
"""Seconds after a toggle in which another toggle is its repetition: keyboards begin to repeat
after 0.2 to 0.66 s."""


class CommandKey:
    """Tells the movements of a key from its repetitions."""

    def __init__(self) -> None:
        self._released_s = float("-inf")
        self._toggled_s = float("-inf")

    def means(self, command: AnyCommand, began_s: float) -> bool:
        """Return whether `command` is to be obeyed.

        Args:
            command: any command; only commands that a held key repeats can be refused.
            began_s: when its program was started, on a clock that goes on steadily.
        """
        match command:
            case Press():
                return began_s > self._released_s + STRAGGLES_S
            case Release():
                self._released_s = max(self._released_s, began_s)
            case Toggle() | Dictate():
                repeats = began_s < self._toggled_s + REPEATS_S
                self._toggled_s = max(self._toggled_s, began_s)
                return not repeats
            case _:
                pass
        return True
