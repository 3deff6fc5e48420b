"""The table of the actions that each command causes, by what the assistant does at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from voice_assistant.commands import (
    About,
    Announce,
    Ask,
    Back,
    Choose,
    Command,
    Consent,
    Continue,
    Conversation,
    Copy,
    Dictate,
    Fill,
    FollowUp,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    OpenFiles,
    Pause,
    Press,
    Quit,
    Rate,
    Release,
    Repeat,
    Resume,
    Retry,
    Skip,
    SlowSpeaker,
    Snooze,
    Speed,
    Stop,
    Tap,
    Toggle,
    UseProfile,
    Volume,
    Wake,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_assistant.command_words.meaning import Meaning
    from voice_assistant.hearing.going_on import GoingOn
    from voice_assistant.ports import Microphone

Activity = Literal[
    "resting", "attending", "listening", "hands_free", "answering", "spoken", "held", "spoken_held"
]
"""The activity of the turn that has the floor.

- resting: there is no turn.
- attending: the turn listens by itself after an answer, and nobody has spoken yet.
- listening: the turn records while a key is held.
- hands_free: the turn records until the speech ends.
- answering: the turn finds the question's words, waits for an answer, or speaks.
- spoken: the turn has spoken its answer, and still waits for follow-ups.
- held: the turn is silent for another turn, which is over.
- spoken_held: the same, but the turn has spoken its answer.
"""

Action = Literal[
    "announce",
    "ask",
    "attend",
    "barge_in",
    "continue",
    "dictate",
    "drop",
    "end_on_silence",
    "fill",
    "forget",
    "go_on",
    "hand_on",
    "heed",
    "hold",
    "hold_at_sentence_end",
    "interrupt",
    "listen",
    "listen_again",
    "obey",
    "pick_up",
    "quit",
    "release",
    "remember",
    "repeat",
    "resume",
    "retry",
    "settle",
    "snooze",
    "steer",
    "take_over",
    "talk_over",
    "undo_release",
    "unhold",
    "wake",
]

Actions = tuple[Action, ...]

ACTIVITIES: tuple[Activity, ...] = get_args(Activity)


class FloorFree(Command, frozen=True):
    """Posted by the assistant to itself: a turn is over, and no announcement waits."""


class AnnouncementDue(Command, frozen=True):
    """Posted by the assistant to itself: an announcement waits, and the floor may be free."""


class AnswerSpoken(Command, frozen=True):
    """Posted by the assistant to itself: conversation mode listens after an answer."""


class TalkedOver(Command, frozen=True):
    """Posted by the assistant to itself: somebody speaks into the answer.

    Attributes:
        microphone: the open microphone, with what was said so far.
    """

    microphone: Microphone


class SayAgain(Command, frozen=True):
    """Posted by the assistant to itself: what was said into the answer was not understood."""


class GoesOn(Command, frozen=True):
    """Posted by the assistant to itself: somebody goes on with the question that has just ended.

    Attributes:
        going_on: its first part, and the open microphone.
    """

    going_on: GoingOn


class Woken(Command, frozen=True):
    """Posted by the assistant to itself: somebody has said the wake word.

    Attributes:
        microphone: the open microphone, from the wake word on.
    """

    microphone: Microphone


class Understood(Command, frozen=True):
    """Posted by the assistant in place of a typed question whose words are a command word.

    Attributes:
        words: the words that were typed.
        meaning: what the words mean.
    """

    words: str
    meaning: Meaning


Internal = (
    FloorFree | AnnouncementDue | AnswerSpoken | TalkedOver | SayAgain | GoesOn | Woken | Understood
)


def always(*actions: Action) -> dict[Activity, Actions]:
    """Return the row of a command that causes the same actions in every activity."""
    return dict.fromkeys(ACTIVITIES, actions)


def while_listening(*actions: Action) -> dict[Activity, Actions]:
    """Return the cells of the activities that record."""
    return {"attending": actions, "listening": actions, "hands_free": actions}


def while_answering(*actions: Action) -> dict[Activity, Actions]:
    """Return the cells of the activities that no longer record."""
    return {"answering": actions, **while_held(*actions), "spoken": actions}


def while_held(*actions: Action) -> dict[Activity, Actions]:
    """Return the cells of the activities of a turn that is silent for another turn."""
    return {"held": actions, "spoken_held": actions}


AGAIN: dict[Activity, Actions] = {
    "resting": ("repeat",),
    "answering": ("steer",),
    "held": ("steer",),
    "spoken": ("repeat",),
    "spoken_held": ("repeat",),
}
"""The row of a command to speak something again."""

TABLE: Mapping[type[Command], Mapping[Activity, Actions]] = {
    Press: {
        "resting": ("listen",),
        "attending": ("take_over",),
        "listening": ("undo_release",),  # the key repeats, or is down again at once
        "hands_free": ("release",),
        **while_answering("heed", "hold", "barge_in"),  # and "drop", once a question was heard
    },
    Release: {"listening": ("release",), "hands_free": ("release",)},
    Toggle: {
        "resting": ("listen", "end_on_silence"),
        **while_listening("release"),
        "attending": ("take_over", "end_on_silence"),
        **while_answering("heed", "hold", "barge_in", "end_on_silence"),
    },
    Dictate: {
        "resting": ("dictate",),
        "attending": ("interrupt", "dictate"),
        "listening": ("undo_release",),
        "hands_free": ("release",),
        **while_answering("heed", "hold", "dictate"),
    },
    Tap: {"listening": ("end_on_silence",)},  # in hands_free, the recording has just ended
    Stop: {**while_listening("interrupt"), **while_answering("interrupt")},
    Pause: {"answering": ("steer",), "held": ("steer",)},
    Resume: {"resting": ("pick_up",), "answering": ("resume",), "held": ("resume",)},
    Repeat: AGAIN,
    Skip: {"answering": ("steer",), "held": ("steer",)},
    Back: AGAIN,
    Volume: always("steer"),
    Speed: always("steer"),
    New: {
        "resting": ("forget",),
        **while_listening("drop", "forget"),  # the question being spoken begins it
        **while_answering("interrupt", "forget"),
    },
    Continue: {
        "resting": ("continue",),
        **while_listening("drop", "continue"),  # the question being spoken belongs to it
        **while_answering("interrupt", "continue"),
    },
    Ask: always("interrupt", "ask"),
    Fill: always("fill"),
    Retry: always("interrupt", "retry"),
    Announce: always("remember"),
    Snooze: while_answering("snooze"),
    About: always("hand_on"),
    FollowUp: always("hand_on"),
    OffRecord: always("hand_on"),
    LookAtScreen: always("settle", "hand_on"),
    Consent: always("settle", "hand_on"),
    OpenFiles: always("hand_on"),
    Rate: always("hand_on"),
    UseProfile: always("hand_on"),
    SlowSpeaker: always("hand_on"),
    Wake: always("hand_on"),
    Conversation: {**always("hand_on"), "attending": ("interrupt", "hand_on")},
    Mute: {**always("hand_on"), **while_listening("interrupt", "hand_on")},
    Window: always("hand_on"),
    Copy: always("hand_on"),
    Choose: always("hand_on"),
    Quit: always("quit"),
    Understood: {"resting": ("obey",), **while_answering("hold", "obey")},
    AnswerSpoken: {"resting": ("attend",), "spoken": ("hold", "attend")},
    Woken: {"resting": ("wake",)},
    TalkedOver: {
        "answering": ("hold", "talk_over"),
        "spoken": ("hold", "talk_over"),  # an alarm between two rings
    },
    SayAgain: while_held("listen_again"),
    GoesOn: {"answering": ("hold", "go_on")},
    FloorFree: while_held("unhold"),
    AnnouncementDue: {
        "resting": ("announce",),
        **while_held("announce"),
        "answering": ("hold_at_sentence_end",),
        "spoken": ("hold_at_sentence_end",),
    },
}
"""The actions of every command, in their order. A command without a cell does nothing."""
