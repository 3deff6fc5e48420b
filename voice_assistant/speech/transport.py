"""Decides whether an answer may be heard: the listener pauses it, another turn holds it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Hold(Enum):
    """The wish of another turn, which needs silence for itself."""

    # No other turn needs silence.
    NONE = "not held"
    # The sentence that is being spoken ends first, then comes silence.
    AT_SENTENCE_END = "held at the sentence's end"
    # Silence, until the other turn is over.
    HELD = "held"


class Transport:
    """The listener's pause and another turn's hold, which are independent of each other.

    A pause remains when a hold ends, and a hold remains when a pause ends.

    Attributes:
        paused: the listener wants silence.
        hold: the wish of another turn.
    """

    def __init__(self) -> None:
        self.paused = False
        self.hold = Hold.NONE
        self._on_held: Callable[[], None] | None = None  # for `AT_SENTENCE_END` only

    def __repr__(self) -> str:
        """Return the state, such as `<Transport: paused, not held>`."""
        return f"<Transport: {'paused' if self.paused else 'playing'}, {self.hold.value}>"

    @property
    def silent(self) -> bool:
        """Return whether nothing may be heard."""
        return self.paused or self.hold is Hold.HELD

    def hold_now(self) -> None:
        """Hold now, also if the hold was to come at the sentence's end."""
        self.hold = Hold.HELD
        then, self._on_held = self._on_held, None
        if then:
            then()

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Ask for a hold at the sentence's end; `hold_now`, called there, also calls `then`."""
        if self.hold is Hold.HELD:
            then()
        else:
            self.hold = Hold.AT_SENTENCE_END
            self._on_held = then

    def unhold(self) -> None:
        """End the present hold; a hold at the sentence's end still takes place."""
        if self.hold is Hold.HELD:
            self.hold = Hold.NONE

    def finish(self) -> None:
        """Note the speech's end: end the pause, and start a hold that was still to come."""
        self.paused = False
        if self.hold is Hold.AT_SENTENCE_END:
            self.hold_now()
        else:
            self.hold = Hold.NONE
