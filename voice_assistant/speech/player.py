"""Keeps the volume and the speed of answers, and the narration that was played last."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.speech.narration import Narration


class Player:
    """Keeps the running narrations and the last one, and the volume and speed of answers.

    Args:
        volume: 1.0 is the speech's own loudness.
        speed: 1.0 is the speech's own speed.
    """

    def __init__(self, *, volume: float = 1.0, speed: float = 1.0) -> None:
        self.volume = volume
        self.speed = speed
        self._narrations: list[Narration] = []
        self._followers: list[Callable[[], None]] = []

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever volume or speed have changed."""
        self._followers.append(follower)

    @property
    def last(self) -> Narration | None:
        """Return the narration that was played last, or is being played."""
        said = [narration for narration in self._narrations if narration.said_at_s]
        return max(said, key=lambda narration: narration.said_at_s, default=None)

    @property
    def sentence(self) -> str:
        """Return the words of the sentence that is being heard; "" if they are not known."""
        return self.last.sentence if self.last else ""

    def begin(self, narration: Narration) -> None:
        """Add a narration that will run; with its first sound it becomes the `last`."""
        last = self.last
        self._narrations = [one for one in self._narrations if one.running or one is last]
        self._narrations.append(narration)
        narration.set_speed(self.speed)

    def set_volume(self, level: float) -> None:
        """Make all sounds louder or quieter, at once."""
        self.volume = level
        self._changed()

    def set_speed(self, factor: float) -> None:
        """Speak faster or slower, at once."""
        self.speed = factor
        for narration in self._narrations:
            narration.set_speed(factor)
        self._changed()

    def _changed(self) -> None:
        for follower in self._followers:
            follower()
