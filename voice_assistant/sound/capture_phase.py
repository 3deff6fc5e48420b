"""The phases of one recording, and what leads from one to another."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """How far a recording is."""

    # The line delivers, or is about to deliver for the first time.
    RECORDING = "recording"
    # It was lost: until another line delivers, the recording waits.
    LOST = "lost"
    # `stop` was called: what was said before that is still on its way.
    TAIL = "tail"
    # The tail is over: take what the line holds, and no more.
    DRAINING = "draining"
    # There are no more blocks.
    ENDED = "ended"


class Happening(Enum):
    """What moves a recording from one phase to another."""

    STOPPED = "stopped"
    TAIL_OVER = "the tail is over"
    LINE_LOST = "the line is lost"
    DELIVERED = "a block has come"
    DRAINED = "the line is empty"


TRANSITIONS: dict[Phase, dict[Happening, Phase]] = {
    Phase.RECORDING: {
        Happening.STOPPED: Phase.TAIL,
        Happening.LINE_LOST: Phase.LOST,
    },
    Phase.LOST: {
        Happening.STOPPED: Phase.TAIL,
        Happening.DELIVERED: Phase.RECORDING,
    },
    Phase.TAIL: {
        Happening.TAIL_OVER: Phase.DRAINING,
        Happening.LINE_LOST: Phase.ENDED,  # what was said before is all there is
    },
    Phase.DRAINING: {
        Happening.DRAINED: Phase.ENDED,
        Happening.LINE_LOST: Phase.ENDED,
    },
    Phase.ENDED: {},
}
"""Which phase follows; whatever is not named changes nothing."""
