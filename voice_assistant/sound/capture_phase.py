"""The phases of one recording, and the happenings that lead from one to another."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """The phase of a recording."""

    # The line delivers, or is about to deliver for the first time.
    RECORDING = "recording"
    # The line was lost: the recording waits until another line delivers.
    LOST = "lost"
    # `stop` was called: sound from before the call is still on its way.
    TAIL = "tail"
    # The tail is over: take the samples that the line holds, and no more.
    DRAINING = "draining"
    # There are no more blocks.
    ENDED = "ended"


class Happening(Enum):
    """An event that moves a recording from one phase to another."""

    STOPPED = "stopped"
    TAIL_OVER = "the tail is over"
    LINE_LOST = "the line is lost"
    DELIVERED = "a block has come"
    DRAINED = "the line is empty"
    CLOSED = "the recording is closed, such as by a mute"


TRANSITIONS: dict[Phase, dict[Happening, Phase]] = {
    Phase.RECORDING: {
        Happening.STOPPED: Phase.TAIL,
        Happening.LINE_LOST: Phase.LOST,
        Happening.CLOSED: Phase.ENDED,
    },
    Phase.LOST: {
        Happening.STOPPED: Phase.TAIL,
        Happening.DELIVERED: Phase.RECORDING,
        Happening.CLOSED: Phase.ENDED,
    },
    Phase.TAIL: {
        Happening.TAIL_OVER: Phase.DRAINING,
        Happening.LINE_LOST: Phase.ENDED,  # no more sound from before can come
        Happening.CLOSED: Phase.ENDED,
    },
    Phase.DRAINING: {
        Happening.DRAINED: Phase.ENDED,
        Happening.LINE_LOST: Phase.ENDED,
        Happening.CLOSED: Phase.ENDED,
    },
    Phase.ENDED: {},
}
"""The phase that follows; a happening that a phase does not name changes nothing."""
