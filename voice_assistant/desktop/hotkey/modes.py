"""The ways to talk: what the movements of the talk key mean. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.commands import Dictate, Press, Release, Stop, Tap, Toggle
from voice_assistant.desktop.hotkey.follower import Move

if TYPE_CHECKING:
    from voice_assistant.commands import AnyCommand
    from voice_assistant.settings.sections.desktop import HotkeyMode


BOUNCE_S = 0.05
"""Seconds after a release in which a press continues the press before: no finger is so fast, but
some desktops tell of a release and a press for each repetition of a key that is held."""


class TalkKey:
    """Turns the movements of a key into commands.

    In the hybrid way every press listens at once, so that no word is lost before the decision;
    whether the key was tapped or held is known when it comes up. Two taps, one after the other,
    stop everything: the key is a stop key wherever it works at all.

    Args:
        mode: the way to talk.
        tap_s: seconds; a key that comes up sooner was tapped, not held, and a tap that follows
            sooner is the second one.
        dictates: what is said is typed, not asked.

    Attributes:
        tapped: whether the key was tapped, and not twice, when it came up last.
    """

    def __init__(self, mode: HotkeyMode, tap_s: float, *, dictates: bool = False) -> None:
        self._mode = mode
        self._tap_s = tap_s
        self._dictates = dictates
        self._down_at_s = float("-inf")
        self._up_at_s = float("-inf")
        self._follows_tap = False
        self._released = False
        self.tapped = False

    def moved(self, move: Move, now_s: float) -> AnyCommand | None:
        """Return the command for a key that has just moved; None if the move means nothing.

        Args:
            move: what the key did.
            now_s: the time on any clock that goes on steadily.
        """
        if move is Move.SPOILT:
            return Stop()
        command = self._down(now_s) if move is Move.DOWN else self._up(now_s)
        self._released = isinstance(command, Release)
        return command

    def _down(self, now_s: float) -> AnyCommand | None:
        up_s = now_s - self._up_at_s
        if up_s < BOUNCE_S:
            self._down_at_s = float("-inf")  # a key that repeats is held, and is no tap
            return self._begin() if self._released else None
        self._follows_tap = self.tapped and up_s < self._tap_s
        self._down_at_s = now_s
        self.tapped = False
        return self._begin()

    def _up(self, now_s: float) -> AnyCommand | None:
        self._up_at_s = now_s
        self.tapped = now_s - self._down_at_s < self._tap_s
        if self.tapped and self._follows_tap:
            self.tapped = False
            return Stop()
        if self._mode == "toggle":
            return None
        return Tap() if self._mode == "hybrid" and self.tapped else Release()

    def _begin(self) -> AnyCommand:
        if self._dictates:
            return Dictate(held=self._mode != "toggle")
        return Toggle() if self._mode == "toggle" else Press()
