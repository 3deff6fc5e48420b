"""Listening without a key: after answers (conversation mode), and at the wake word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.settings.sections.hearing import HandsFreeSettings

AFTER_QUESTION = 2.0
"""How many times as long it listens after an answer that ends with a question."""


class Attention:
    """Conversation mode: whether the assistant listens again after its answers, and how long.

    Args:
        settings: whether conversation mode is on at first, and how long it listens.
    """

    def __init__(self, settings: HandsFreeSettings) -> None:
        self._settings = settings
        self._on = settings.conversation
        self._followers: list[Callable[[], None]] = []

    def use(self, settings: HandsFreeSettings) -> None:
        """Listen when, and as long as, changed settings say."""
        if settings.conversation != self._settings.conversation:
            self._on = settings.conversation
        self._settings = settings
        for follower in self._followers:
            follower()

    @property
    def slow_speaker(self) -> bool:
        """Return whether the assistant waits longer, for people who speak slowly."""
        return self._settings.slow_speaker

    @property
    def wakes(self) -> bool:
        """Return whether the assistant waits for its wake word."""
        return self._settings.wake_word

    @property
    def wake_phrase(self) -> str:
        """Return the words of the wake word."""
        return self._settings.wake_phrase

    @property
    def on(self) -> bool:
        """Return whether conversation mode is on."""
        return self._on

    @property
    def begin_s(self) -> float:
        """Return the seconds in which somebody may begin to speak."""
        return self._settings.conversation_s

    def turn(self, on: bool | None) -> None:  # noqa: FBT001  (a switch has two places)
        """Turn conversation mode on or off; None: the other way."""
        self._on = not self._on if on is None else on
        for follower in self._followers:
            follower()

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever the mode is turned on or off, or settings have changed."""
        self._followers.append(follower)

    def patience_s(self, *, asks: bool) -> float:
        """Return the seconds in which somebody may begin to speak; 0.0: it does not listen.

        Args:
            asks: the answer ended with a question.
        """
        if not self._on:
            return 0.0
        return self.begin_s * (AFTER_QUESTION if asks else 1.0)
