"""The typed, frozen events of a turn, the protocol of their subscribers, and the derived phase.

Tray, notifications, captions, the command line and `status` are plain subscribers of this one
union. `ask --json` prints the JSON form: one object a line, the kind in `event`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, Literal, Protocol

import msgspec

from voice_assistant.translation import N_, _

Source = Literal["voice", "text", "suggestion"]
Phase = Literal["idle", "listening", "thinking", "speaking", "paused", "error"]


PHASE_WORDS: dict[Phase, str] = {
    "idle": N_("Ready"),
    "listening": N_("Listening"),
    "thinking": N_("Thinking"),
    "speaking": N_("Speaking"),
    "paused": N_("Paused"),
    "error": N_("Something went wrong"),
}


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=str.lower):
    """Base of all events.

    Attributes:
        turn: number of the event's turn; later turns have higher ones. While one turn is held for
            another, the events of both are handled as they happen.
        t_ms: milliseconds since the turn began.
    """

    turn: int = 0
    t_ms: int = 0


class Listening(Event, frozen=True):
    """The microphone is open and recording.

    Attributes:
        by_itself: no key was pressed: the assistant listens after an answer, or into it.
        talked_over: somebody speaks into an answer already.
        woken: somebody has said the wake word.
    """

    by_itself: bool = False
    talked_over: bool = False
    woken: bool = False


class HeardSoFar(Event, frozen=True):
    """The words so far of a recording; each takes the place of the one before.

    The recording goes on, or is complete and still looked through. The words may change until the
    question is asked. They come at most every 0.3 s, and only where this machine finds them.
    """

    text: str


class Transcribing(Event, frozen=True):
    """The recording is complete; the assistant waits for its words."""


class Commanded(Event, frozen=True):
    """The words are a command for the assistant itself: no question is asked.

    Attributes:
        words: the words that were said.
        reply: what the assistant says to them; "" if a short sound is the reply.
        sounds: True if the command has a sound of its own, which follows.
        pauses: True if the command pauses the answer.
    """

    words: str
    reply: str = ""
    sounds: bool = False
    pauses: bool = False


class Dictating(Event, frozen=True):
    """The turn's words are to be typed: nobody is asked, and the record keeps nothing of it."""


class Dictated(Event, frozen=True):
    """The words of a dictation are known, and handed over.

    Attributes:
        text: the words, in one line.
        typed: True if they were typed into the window with the focus; False if they are in the
            clipboard.
    """

    text: str
    typed: bool


class Asked(Event, frozen=True):
    """The question's words are known, and the question goes to the backend.

    Attributes:
        question: the question's words.
        source: how the question was given.
        files: paths of the files that the question is about.
        sure: False if the recogniser may have misheard the question.
        app: the name of the backend that is asked.
        profile: the name of its profile, "" for the default one.
        goes_on: the id of an answer that an earlier process of ours has begun, and that goes on;
            "" for a new one.
    """

    question: str
    source: Source
    files: tuple[str, ...] = ()
    sure: bool = True
    app: str = ""
    profile: str = ""
    goes_on: str = ""


class Uploading(Event, frozen=True):
    """A file that belongs to the question is being sent; told only where that takes a while.

    Attributes:
        name: the file's name.
        sent_bytes: how much of it was sent; all of it in the file's last event.
        size_bytes: how large it is.
    """

    name: str
    sent_bytes: int
    size_bytes: int

    @property
    def told(self) -> str:
        """The sentence that people read."""
        share = 100 * self.sent_bytes // max(1, self.size_bytes)
        return _("Sending {name}: {share} %", name=self.name, share=share)


class Queued(Event, frozen=True):
    """The server is busy: it has the question, and has not begun to answer.

    Attributes:
        told: the sentence that people read.
    """

    told: ClassVar[str] = N_("The server is busy. Your question waits for its turn.")


class Working(Event, frozen=True):
    """No words have come for a while, and the app works on the answer.

    Attributes:
        step: the name of the step that runs, "" if it is not known.
    """

    step: str = ""

    @property
    def told(self) -> str:
        """The sentence that people read."""
        return _("Still working: {step}.", step=self.step) if self.step else _("Still working.")


class ConversationGone(Event, frozen=True):
    """The server no longer has the conversation; the question is asked in a new one.

    Attributes:
        told: the sentence that people read.
    """

    told: ClassVar[str] = N_("The server no longer has the conversation. A new one begins.")


class Lost(Event, frozen=True):
    """The connection was lost in the middle of the answer, and the rest is looked for.

    Attributes:
        told: the sentence that people read.
    """

    told: ClassVar[str] = N_("The connection was lost. The rest of the answer is looked for.")


class FormButton(msgspec.Struct, frozen=True):
    """A button of a form. The `title` is for people."""

    id: str
    title: str


class FormField(msgspec.Struct, frozen=True):
    """A field of a form. Its `name` is the app's.

    Attributes:
        name: names the field in `Fill.items`.
        kind: whether it is a text, one of `options`, a file, or several.
        value: the text, or the option, that it has so far.
        options: the options of a choice.
    """

    name: str
    kind: Literal["text", "choice", "file", "files"]
    value: str = ""
    options: tuple[str, ...] = ()


class Form(Event, frozen=True):
    """The app asks the user: the answer goes on once this is answered, by a command `Fill`.

    It comes again while something is still wanted, with other words in `ask`.

    Attributes:
        title: the name of the app's step that asks.
        text: what is asked, in Markdown.
        ask: what can be answered now.
        buttons: the buttons.
        token: the form's name on the server.
        fields: the fields; a text may be left as it is, the others are needed.
        expires: when it can no longer be answered, in seconds since the epoch; 0 for never.
    """

    title: str
    text: str
    ask: str
    buttons: tuple[FormButton, ...]
    token: str = ""
    fields: tuple[FormField, ...] = ()
    expires: int = 0


class FormFilled(Event, frozen=True):
    """The form is answered, and the app goes on.

    Attributes:
        said: the text of the button that was chosen.
    """

    said: str


class Begun(Event, frozen=True):
    """The server has begun the answer, and names it; its words may come much later.

    Attributes:
        message_id: the answer's id on the server.
        conversation_id: the conversation's id on the server.
    """

    message_id: str
    conversation_id: str


class Text(Event, frozen=True):
    """The next piece of the answer."""

    delta: str


class Replaced(Event, frozen=True):
    """The server replaces all text so far (moderation)."""

    text: str


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a document that the answer uses.

    Attributes:
        document: the document's name.
        collection: the name of the knowledge base that has the document.
        content: the piece itself.
    """

    document: str
    collection: str = ""
    content: str = ""


class Answered(Event, frozen=True):
    """The answer's text has ended.

    Attributes:
        text: the whole text.
        message_id: the answer's id on the server.
        conversation_id: the conversation's id on the server.
        complete: False if the answer was stopped, broke off, or has neither words nor files.
        sources: what the answer cites.
        files: the addresses of the files that the answer brings, as the server names them.
    """

    text: str
    message_id: str
    conversation_id: str
    complete: bool
    sources: tuple[Citation, ...] = ()
    files: tuple[str, ...] = ()


class Announced(Event, frozen=True):
    """The assistant speaks without a question, for example because a timer ran out.

    Attributes:
        text: the text.
        rings: whether the text is spoken until the user stops it; the event then comes each time.
        asks_consent: whether it asks if something may be sent.
        of_pause: whether it tells that the answer is paused.
    """

    text: str
    rings: bool = False
    asks_consent: bool = False
    of_pause: bool = False


class Unheeded(Event, frozen=True):
    """An alarm rang to its end, and nobody stopped it."""

    text: str


class Speaking(Event, frozen=True):
    """The first sound of the answer is on its way to the speaker."""


class Paused(Event, frozen=True):
    """The listener has paused the answer.

    Attributes:
        told: the sentence that people read who have paused it by voice.
    """

    told: ClassVar[str] = N_('Say "go on" to hear the rest.')


class Resumed(Event, frozen=True):
    """The paused answer continues."""


class Spoken(Event, frozen=True):
    """Speech has ended.

    Attributes:
        seconds: seconds of speech that were played.
        complete: True if every word of the answer was spoken, or skipped by the listener.
        stream_s: seconds of speech that came within the answer's stream.
        text_to_audio_s: seconds of speech that were requested sentence by sentence.
        local_s: seconds spoken by a voice of this machine because the server did not speak.
        problem: why words are missing; "" if no words are missing, or the listener ended the
            speech early.
    """

    seconds: float
    complete: bool
    stream_s: float
    text_to_audio_s: float
    local_s: float = 0.0
    problem: str = ""


class Suggested(Event, frozen=True):
    """The server suggests the next questions."""

    questions: tuple[str, ...]


class Failed(Event, frozen=True):
    """The turn failed; programs read the code, people read the title and the hint.

    Attributes:
        title: says what happened.
        hint: says what the user can do.
        code: the `code` of a class in `errors.py`.
        recording: the name of the recording that can be tried again, "" without a recording.
        question: the words of the question, spoken or typed; "" if they are not known.
    """

    title: str
    hint: str
    code: str
    recording: str = ""
    question: str = ""


class Idle(Event, frozen=True):
    """The turn is over. `Idle` is always the last event of a turn."""


AnyEvent = (
    Listening
    | HeardSoFar
    | Transcribing
    | Commanded
    | Dictating
    | Dictated
    | Asked
    | Uploading
    | Queued
    | Working
    | ConversationGone
    | Lost
    | Form
    | FormFilled
    | Begun
    | Text
    | Replaced
    | Answered
    | Announced
    | Unheeded
    | Speaking
    | Paused
    | Resumed
    | Spoken
    | Suggested
    | Failed
    | Idle
)

Handler = Callable[[AnyEvent], None]
"""Takes one event on the asyncio thread, and returns at once."""


class Subscriber(Protocol):
    """Follows the events of all turns.

    The daemon has one list of subscribers, gives every event to each of them, and keeps their `run`
    running beside the assistant. A subscriber without background work inherits `run` from here.
    """

    @abstractmethod
    def handle(self, event: AnyEvent) -> None:
        """Take one event; returns at once."""

    async def run(self) -> None:
        """Do the subscriber's background work until cancelled; this default does nothing."""
        return  # mypy takes a method without a statement for an abstract one


_PHASES: dict[type[Event], Phase] = {
    Listening: "listening",
    Transcribing: "thinking",
    Commanded: "idle",
    Dictated: "idle",
    Asked: "thinking",
    FormFilled: "thinking",
    Announced: "thinking",
    Speaking: "speaking",
    Paused: "paused",
    Resumed: "speaking",
    Spoken: "idle",  # suggestions may still arrive, but the user sees and hears nothing of this
    Failed: "error",
}


class Phases(Subscriber):
    """Derives the phase from events; no code sets the phase directly.

    The phase is that of the newest turn that is not over. An error stays visible until the next
    turn begins; a recording without words, a text that cannot be used, or a microphone that the
    user has switched off, is not an error.
    """

    def __init__(self) -> None:
        self._of_turns: dict[int, Phase] = {}
        self._at_rest: Phase = "idle"
        self._ringing = 0  # the number of the turn of the last alarm

    def handle(self, event: AnyEvent) -> None:
        """Take one event; returns at once."""
        before = self._of_turns.pop(event.turn, "idle")
        match event:
            case Idle():
                self._at_rest = "error" if before == "error" else "idle"
            case Announced(rings=True):
                self._ringing = event.turn
                self._of_turns[event.turn] = "speaking"
            case Spoken() if event.turn == self._ringing:  # it is said again after a pause
                self._of_turns[event.turn] = "speaking"
            case Failed(code="nothing_heard" | "input" | "microphone_off"):
                self._of_turns[event.turn] = before
            case _:
                self._of_turns[event.turn] = _PHASES.get(type(event), before)

    @property
    def now(self) -> Phase:
        """The phase after all events so far."""
        return self._of_turns[max(self._of_turns)] if self._of_turns else self._at_rest
