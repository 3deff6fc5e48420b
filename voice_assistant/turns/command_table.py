"""The table that says what each command means when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from voice_assistant.commands import (
    Announce,
    Ask,
    Back,
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
    from voice_assistant.commands import Command

Activity = Literal["resting", "listening", "hands_free", "answering"]
Action = Literal[
    "hold",
    "listen",
    "drop",
    "let_go",
    "go_on",
    "finish",
    "interrupt",
    "ask",
    "retry",
    "forget",
    "announce",
    "remember",
    "steer",
    "repeat",
    "quit",
]


class Meaning(NamedTuple):
    """What a command means: the actions in their order, for each activity; mostly none."""

    resting: tuple[Action, ...] = ()
    listening: tuple[Action, ...] = ()
    hands_free: tuple[Action, ...] = ()
    answering: tuple[Action, ...] = ()

    def when(self, activity: Activity) -> tuple[Action, ...]:
        """What it means then."""
        return cast("tuple[Action, ...]", getattr(self, activity))


TABLE: dict[type[Command], Meaning] = {
    Press: Meaning(
        resting=("listen",),
        listening=("go_on",),  # a key that repeats, or is down again at once
        hands_free=("finish",),
        answering=("hold", "listen"),  # and "drop", once somebody speaks: barge-in
    ),
    Release: Meaning(listening=("finish",), hands_free=("finish",)),
    Toggle: Meaning(
        resting=("listen", "let_go"),
        listening=("finish",),
        hands_free=("finish",),
        answering=("hold", "listen", "let_go"),
    ),
    Tap: Meaning(listening=("let_go",)),  # while hands-free, what it taps has just finished
    Stop: Meaning(
        listening=("interrupt",),
        hands_free=("interrupt",),
        answering=("interrupt",),
    ),
    Pause: Meaning(answering=("steer",)),
    Resume: Meaning(answering=("steer",)),
    Repeat: Meaning(resting=("repeat",), answering=("steer", "repeat")),  # once all is said
    Skip: Meaning(answering=("steer",)),
    Back: Meaning(resting=("repeat",), answering=("steer", "repeat")),
    Volume: Meaning(("steer",), ("steer",), ("steer",), ("steer",)),
    Speed: Meaning(("steer",), ("steer",), ("steer",), ("steer",)),
    New: Meaning(
        resting=("forget",),
        listening=("drop", "forget"),  # what is being said begins the new conversation
        hands_free=("drop", "forget"),
        answering=("interrupt", "forget"),
    ),
    Ask: Meaning(
        resting=("ask",),
        listening=("interrupt", "ask"),
        hands_free=("interrupt", "ask"),
        answering=("interrupt", "ask"),
    ),
    Retry: Meaning(
        resting=("retry",),
        listening=("interrupt", "retry"),
        hands_free=("interrupt", "retry"),
        answering=("interrupt", "retry"),
    ),
    Announce: Meaning(
        resting=("announce",),
        listening=("remember",),  # said as soon as the turn is over
        hands_free=("remember",),
        answering=("announce",),  # between two sentences
    ),
    Quit: Meaning(
        resting=("quit",),
        listening=("interrupt", "quit"),
        hands_free=("interrupt", "quit"),
        answering=("interrupt", "quit"),
    ),
}
"""Every command there is."""
