"""A turn as the page shows it, and how events change it."""

from __future__ import annotations

from typing import Literal

import msgspec

from voice_assistant import events
from voice_assistant.companion.markdown import rendered
from voice_assistant.errors import sentences
from voice_assistant.settings.titles import in_titles
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

ADDRESSES = ("http://", "https://", "/")
"""How the addresses of an answer's files begin; some servers leave out their own."""


class ShownForm(msgspec.Struct, kw_only=True):
    """A form with which the app asks. Attributes: see `events.Form`; the text is HTML."""

    title: str
    html: str
    ask: str
    buttons: tuple[events.FormButton, ...]
    fields: tuple[events.FormField, ...]
    expires: int


class ShownTurn(msgspec.Struct, kw_only=True):
    """A turn as the page shows it.

    Attributes:
        number: the turn's number.
        question: the question's words; "" for an announcement, and while they are not known.
        text: the answer so far, as the server wrote it.
        html: the text, or its beginning while it grows, as HTML.
        state: how far the turn is; what was said is "dropped" if it became no question.
        note: what went wrong, or what the user waits for; "" for nothing.
        suggestions: the follow-up questions.
        sources: what the answer cites.
        files: the addresses of files that the answer brings.
        message_id: the answer's id on the server, "" while it has none.
        form: the form that waits for the user.
        recording: the name of the recording that is kept until it is answered, "" without one.
        offers: what the announcement waits for: "alarm" to be stopped, "consent" to be given.
    """

    number: int
    question: str = ""
    text: str = ""
    html: str = ""
    state: Literal[
        "listening", "thinking", "answering", "complete", "incomplete", "failed", "dropped"
    ]
    note: str = ""
    suggestions: tuple[str, ...] = ()
    sources: tuple[events.Citation, ...] = ()
    files: tuple[str, ...] = ()
    form: ShownForm | None = None
    message_id: str = ""
    recording: str = ""
    offers: Literal["", "alarm", "consent"] = ""


def apply(  # noqa: C901, PLR0912  (a case for each event)
    turn: ShownTurn, event: events.AnyEvent
) -> bool:
    """Change `turn` by an event; return whether the page shows the turn."""
    match event:
        case events.Listening():
            turn.state = "listening"
            return False
        case events.HeardSoFar(text=text):
            turn.question, turn.state = printable(text), "listening"
        case events.Idle() if turn.state == "listening" and turn.question:
            turn.state = "dropped"
        case events.Asked(question=question):
            turn.question, turn.state = printable(question), "thinking"
        case events.Commanded(words=words, reply=reply):
            turn.question, turn.text, turn.state = printable(words), reply, "complete"
        case events.Queued() | events.Lost():
            turn.note = _(event.told)
        case events.Working():
            turn.note = event.told
        case events.Form():
            turn.form, turn.note = _shown_form(event), ""
        case events.FormFilled():
            turn.form = None
        case events.Begun(message_id=message_id):
            turn.message_id = message_id
        case events.Text(delta=delta):
            turn.text, turn.state, turn.note = turn.text + delta, "answering", ""
            turn.form = None
        case events.Replaced(text=text):
            turn.text = text
        case events.Answered():
            _complete(turn, event)
        case events.Announced(text=text):
            turn.text, turn.state = text, "complete"
            turn.offers = "consent" if event.asks_consent else "alarm" if event.rings else ""
        case events.Idle() if turn.offers == "alarm":
            turn.offers = ""
        case events.Spoken(problem=problem) if problem:
            turn.note = _("Not all of it could be spoken: {problem}.", problem=problem)
        case events.Suggested(questions=questions):
            turn.suggestions = tuple(map(printable, questions[:3]))
        case events.Failed():
            _fail(turn, event)
        case _:
            return bool(turn.question or turn.text or turn.note)
    return True


def _complete(turn: ShownTurn, event: events.Answered) -> None:
    turn.text, turn.state = event.text, "complete" if event.complete else "incomplete"
    turn.sources = tuple(map(printable_source, event.sources))
    turn.files, turn.message_id = tuple(filter(is_address, event.files)), event.message_id
    turn.form = None


def _fail(turn: ShownTurn, event: events.Failed) -> None:
    turn.question = turn.question or printable(event.question)
    turn.note = printable(in_titles(sentences(event.title, event.hint)))
    turn.state, turn.recording, turn.form = "failed", event.recording, None


def _shown_form(form: events.Form) -> ShownForm:
    return ShownForm(
        title=printable(form.title),
        html=rendered(form.text),
        ask=printable(form.ask),
        buttons=tuple(
            events.FormButton(one.id, printable(one.title or one.id)) for one in form.buttons
        ),
        fields=form.fields,
        expires=form.expires,
    )


def is_address(file: str) -> bool:
    """Return whether an answer's file has an address that can be asked for it."""
    return file.startswith(ADDRESSES)


def printable_source(source: events.Citation) -> events.Citation:
    """Return a source as people may see it."""
    return events.Citation(
        document=printable(source.document),
        collection=printable(source.collection),
        content=printable(source.content),
    )
