"""What is so: the typed, frozen events of a turn, and the phase that follows from them.

Tray, notifications, captions, the command line and `status` are plain subscribers of this one
union. The JSON form (one object a line, the kind in `event`) is what `ask --json` prints.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Source = Literal["voice", "text", "suggestion"]
Phase = Literal["idle", "listening", "thinking", "speaking", "paused", "error"]


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=str.lower):
    """Base of all events.

    Attributes:
        turn: the turn it belongs to; later ones have higher numbers. While one is held for another,
            the events of both are told as they happen.
        t_ms: milliseconds since the turn began.
    """

    turn: int = 0
    t_ms: int = 0


class Listening(Event, frozen=True):
    """The microphone is open and recording."""


class Transcribing(Event, frozen=True):
    """The recording is complete and its words are being looked for."""


class Asked(Event, frozen=True):
    """The question is known and goes to the backend."""

    question: str
    source: Source


class Text(Event, frozen=True):
    """The next piece of the answer."""

    delta: str


class Replaced(Event, frozen=True):
    """All text so far is replaced (moderation)."""

    text: str


class Answered(Event, frozen=True):
    """The answer's text is whole, or as whole as it will be (`complete` False: stopped, broken)."""

    text: str
    message_id: str
    conversation_id: str
    complete: bool


class Announced(Event, frozen=True):
    """Something is said that nobody asked for: a timer ran out."""

    text: str


class Speaking(Event, frozen=True):
    """The first sound of the answer is on its way to the speaker."""


class Paused(Event, frozen=True):
    """The listener holds the answer."""


class Resumed(Event, frozen=True):
    """The answer goes on."""


class Spoken(Event, frozen=True):
    """Speech has ended.

    Attributes:
        seconds: what was heard.
        complete: every word of the answer was spoken, or skipped by the listener.
        stream_s: seconds that came within the answer's stream.
        text_to_audio_s: seconds that had to be asked for.
        local_s: seconds that a voice of this machine spoke, for the server did not.
        problem: why words are missing; "" where none are, or where the listener left early.
    """

    seconds: float
    complete: bool
    stream_s: float
    text_to_audio_s: float
    local_s: float = 0.0
    problem: str = ""


class Suggested(Event, frozen=True):
    """What could be asked next."""

    questions: tuple[str, ...]


class Failed(Event, frozen=True):
    """The turn went wrong; `code` is one of `errors.py`, title and hint are for people.

    Attributes:
        title: what happened.
        hint: what to do about it.
        code: one of `errors.py`.
        recording: the name of the recording that can be tried again, "" where there is none.
        question: what was said, "" where its words are not known.
    """

    title: str
    hint: str
    code: str
    recording: str = ""
    question: str = ""


class Idle(Event, frozen=True):
    """The turn is over. Always the last event of a turn."""


AnyEvent = (
    Listening
    | Transcribing
    | Asked
    | Text
    | Replaced
    | Answered
    | Announced
    | Speaking
    | Paused
    | Resumed
    | Spoken
    | Suggested
    | Failed
    | Idle
)


_PHASES: dict[type[Event], Phase] = {
    Listening: "listening",
    Transcribing: "thinking",
    Asked: "thinking",
    Announced: "thinking",
    Speaking: "speaking",
    Paused: "paused",
    Resumed: "speaking",
    Spoken: "idle",  # follow-ups may still come: nothing of that is to be seen or heard
    Failed: "error",
}


class Phases:
    """The phase: never set by hand, only derived from all that is told.

    It is that of the newest turn that goes on. An error stays visible until the next turn begins;
    a recording without words is none.
    """

    def __init__(self) -> None:
        self._of_turns: dict[int, Phase] = {}
        self._at_rest: Phase = "idle"

    def tell(self, event: AnyEvent) -> None:
        """Take one event."""
        before = self._of_turns.pop(event.turn, "idle")
        match event:
            case Idle():
                self._at_rest = "error" if before == "error" else "idle"
            case Failed(code="nothing_heard"):
                self._of_turns[event.turn] = before
            case _:
                self._of_turns[event.turn] = _PHASES.get(type(event), before)

    @property
    def now(self) -> Phase:
        """What the tray shows."""
        return self._of_turns[max(self._of_turns)] if self._of_turns else self._at_rest
