"""The table that says what each command means when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from voice_assistant.commands import (
    Announce,
    Ask,
    Back,
    Command,
    New,
    Pause,
    Press,
    Quit,
    Release,
    Repeat,
    Resume,
    Retry,
    Skip,
    Speed,
    Stop,
    Tap,
    Toggle,
    Volume,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Activity = Literal["resting", "listening", "hands_free", "answering", "spoken", "held"]
"""What the turn that has the floor does.

- resting: there is no turn.
- listening: it records while a key is held.
- hands_free: it records until the speech ends.
- answering: it looks for words, waits for an answer, or speaks.
- spoken: all is said; follow-ups are still awaited.
- held: it is silent for another turn, which is over.
"""

Action = Literal[
    "announce",
    "ask",
    "barge_in",
    "drop",
    "end_on_silence",
    "forget",
    "hold",
    "hold_at_sentence_end",
    "interrupt",
    "listen",
    "quit",
    "release",
    "remember",
    "repeat",
    "retry",
    "steer",
    "undo_release",
    "unhold",
]

Actions = tuple[Action, ...]

ACTIVITIES: tuple[Activity, ...] = get_args(Activity)


class FloorFree(Command, frozen=True):
    """Posted by the assistant to itself: a turn is over, and no announcement waits."""


class AnnouncementDue(Command, frozen=True):
    """Posted by the assistant to itself: an announcement waits, and the floor may be free."""


Internal = FloorFree | AnnouncementDue


def always(*actions: Action) -> dict[Activity, Actions]:
    """The row of a command that means the same in every activity."""
    return dict.fromkeys(ACTIVITIES, actions)


def while_listening(*actions: Action) -> dict[Activity, Actions]:
    """The cells of a turn that records."""
    return {"listening": actions, "hands_free": actions}


def while_answering(*actions: Action) -> dict[Activity, Actions]:
    """The cells of a turn that no longer records."""
    return {"answering": actions, "spoken": actions, "held": actions}


TABLE: Mapping[type[Command], Mapping[Activity, Actions]] = {
    Press: {
        "resting": ("listen",),
        "listening": ("undo_release",),  # a key that repeats, or is down again at once
        "hands_free": ("release",),
        **while_answering("hold", "barge_in"),  # and "drop", once somebody speaks
    },
    Release: while_listening("release"),
    Toggle: {
        "resting": ("listen", "end_on_silence"),
        **while_listening("release"),
        **while_answering("hold", "barge_in", "end_on_silence"),
    },
    Tap: {"listening": ("end_on_silence",)},  # while hands-free, what it taps has just finished
    Stop: {**while_listening("interrupt"), **while_answering("interrupt")},
    Pause: {"answering": ("steer",)},
    Resume: {"answering": ("steer",)},
    Repeat: {"resting": ("repeat",), "answering": ("steer",), "spoken": ("repeat",)},
    Skip: {"answering": ("steer",)},
    Back: {"resting": ("repeat",), "answering": ("steer",), "spoken": ("repeat",)},
    Volume: always("steer"),
    Speed: always("steer"),
    New: {
        "resting": ("forget",),
        **while_listening("drop", "forget"),  # what is being said begins the new conversation
        **while_answering("interrupt", "forget"),
    },
    Ask: always("interrupt", "ask"),
    Retry: always("interrupt", "retry"),
    Announce: always("remember"),
    Quit: always("quit"),
    FloorFree: {"held": ("unhold",)},
    AnnouncementDue: {
        "resting": ("announce",),
        "held": ("announce",),
        "answering": ("hold_at_sentence_end",),
        "spoken": ("hold_at_sentence_end",),
    },
}
"""Every command there is, and the actions that it means, in their order. No cell: no action."""
