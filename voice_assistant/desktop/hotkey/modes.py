"""The ways to talk: what the movements of the talk key mean. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.commands import Press, Release, Tap, Toggle

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
    """

    def __init__(self, mode: HotkeyMode, tap_s: float) -> None:
        self._mode = mode
        self._tap_s = tap_s
        self._down_at_s = 0.0

    def moved(self, *, down: bool, now_s: float) -> AnyCommand | None:
        """Return the command for a key that has just moved; None if the move means nothing.

        Args:
            down: whether the key is down now.
            now_s: the time on any clock that goes on steadily.
        """
        if down:
            self._down_at_s = now_s
            return Toggle() if self._mode == "toggle" else Press()
        if self._mode == "toggle":
            return None
        tapped = self._mode == "hybrid" and now_s - self._down_at_s < self._tap_s
        return Tap() if tapped else Release()
