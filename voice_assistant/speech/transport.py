"""Whether an answer may be heard: the listener pauses it, another turn holds it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Hold(Enum):
    """What another turn wants, which is to be heard in between."""

    # No other turn wants anything.
    NONE = "not held"
    # The sentence that is being said comes first, then silence.
    AT_SENTENCE_END = "held at the sentence's end"
    # Silence, until the other turn is over.
    HELD = "held"


class Transport:
    """The listener's pause and another turn's hold, which do not know of each other.

    A pause stays one when a hold ends, and the other way round.

    Attributes:
        paused: the listener wants silence.
        hold: what another turn wants.
    """

    def __init__(self) -> None:
        self.paused = False
        self.hold = Hold.NONE
        self._on_held: Callable[[], None] | None = None  # for `AT_SENTENCE_END` only

    def __repr__(self) -> str:
        """The phase, such as `<Transport: paused, not held>`."""
        return f"<Transport: {'paused' if self.paused else 'playing'}, {self.hold.value}>"

    @property
    def silent(self) -> bool:
        """Nothing may be heard."""
        return self.paused or self.hold is Hold.HELD

    def hold_now(self) -> None:
        """Hold, also where that was wanted for the sentence's end only."""
        self.hold = Hold.HELD
        then, self._on_held = self._on_held, None
        if then:
            then()

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Hold as soon as `hold_now` is called at a sentence's end; `then` is called with that."""
        if self.hold is Hold.HELD:
            then()
        else:
            self.hold = Hold.AT_SENTENCE_END
            self._on_held = then

    def unhold(self) -> None:
        """End a hold; one that is still to come, comes."""
        if self.hold is Hold.HELD:
            self.hold = Hold.NONE

    def finish(self) -> None:
        """Nothing is being said any more: no pause is left, and a hold that was to come is here."""
        self.paused = False
        if self.hold is Hold.AT_SENTENCE_END:
            self.hold_now()
        else:
            self.hold = Hold.NONE
