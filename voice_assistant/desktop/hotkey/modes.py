"""The ways to talk: what the movements of the talk key mean. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.commands import Dictate, Press, Release, Stop, Tap, Toggle
from voice_assistant.desktop.hotkey.follower import Move

if TYPE_CHECKING:
    from voice_assistant.commands import AnyCommand
    from voice_assistant.settings.sections.desktop import HotkeyMode


class TalkKey:
    """Turns the movements of a key into commands.

    In the hybrid way every press listens at once, so that no word is lost before the decision;
    whether the key was tapped or held is known when it comes up.

    Args:
        mode: the way to talk.
        tap_s: seconds; a key that comes up sooner was tapped, not held.
        dictates: what is said is typed, not asked.

    Attributes:
        tapped: whether the key was tapped when it came up last.
    """

    def __init__(self, mode: HotkeyMode, tap_s: float, *, dictates: bool = False) -> None:
        self._mode = mode
        self._tap_s = tap_s
        self._dictates = dictates
        self._down_at_s = 0.0
        self.tapped = False

    def moved(self, move: Move, now_s: float) -> AnyCommand | None:
        """Return the command for a key that has just moved; None if the move means nothing.

        Args:
            move: what the key did.
            now_s: the time on any clock that goes on steadily.
        """
        if move is Move.SPOILT:
            return Stop()
        if move is Move.DOWN:
            self._down_at_s = now_s
            self.tapped = False
            if self._dictates:
                return Dictate(held=self._mode != "toggle")
            return Toggle() if self._mode == "toggle" else Press()
        self.tapped = now_s - self._down_at_s < self._tap_s
        if self._mode == "toggle":
            return None
        return Tap() if self._mode == "hybrid" and self.tapped else Release()
