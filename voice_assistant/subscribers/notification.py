"""The one notification: question, answer so far, and follow-up questions as buttons."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant import events
from voice_assistant.commands import AnyCommand, Ask, Retry
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from voice_assistant.ports import Notifier

MOST_BUTTONS = 3
NOT_SPOKEN = "Not all of it could be spoken"
UPDATE_S = 0.3
"""A notification that changes more often only flickers."""


class Choice(NamedTuple):
    """A button: its label, and the command that a click posts."""

    label: str
    command: AnyCommand


def again(recording: str, *, question: str = "") -> Choice:
    """The button that tries a recording again, or asks its words again where they are known."""
    return Choice("Ask again" if question else "Try again", Retry(recording=recording))


class TurnNotification:
    """A `Subscriber` that keeps the notification up to date.

    Args:
        notifier: shows the notification.
    """

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._changed = asyncio.Event()
        self._title = ""
        self._note = ""
        self._body = ""
        self._choices: tuple[Choice, ...] = ()
        self._answering = 0  # the number of the turn whose answer is shown and not over

    def handle(self, event: events.AnyEvent) -> None:  # noqa: C901  (a case for each event)
        """Take one event; returns at once."""
        beside = self._answering not in {0, event.turn}  # the answer shown goes on after this turn
        match event:
            case events.Asked(question=question, turn=turn):
                self._answering = turn
                self._begin(question, "…")
            case events.Announced(text=text) if beside:
                self._add(text)
            case events.Failed(title=title, hint=hint) if beside:
                self._add(f"{title}. {hint}")
            case events.Idle() if not beside:
                self._answering = 0
            case events.Text(delta=delta):
                self._put(self._title, self._body.removesuffix("…") + delta + "…")
            case events.Replaced(text=text) | events.Answered(text=text):
                self._put(self._title, text)
            case events.Announced(text=text):
                self._begin(text, "")
            case events.Spoken(problem=problem) if problem:
                self._put(self._title, f"{self._body}\n\n({NOT_SPOKEN}: {problem}.)".lstrip())
            case events.Suggested(questions=questions):
                self._choices = tuple(
                    Choice(question, Ask(text=question, source="suggestion"))
                    for question in map(printable, questions[:MOST_BUTTONS])
                )
                self._changed.set()
            case events.Failed(title=title, hint=hint, recording=name, question=question):
                self._begin(title, hint, *((again(name, question=question),) if name else ()))
            case _:
                pass

    def offer(self, title: str, body: str, choice: Choice) -> None:
        """Show something that is no part of a turn, with a button."""
        self._begin(title, body, choice)

    def warn(self, title: str, hint: str) -> None:
        """Show that something is missing; a `ports.Warn`.

        A warning replaces neither an answer whose turn goes on nor buttons that nobody has clicked
        yet: it stands above them.
        """
        if not (self._choices or self._answering):
            self._begin(title, hint)
        elif title != self._title:
            self._add(f"{title}. {hint}")

    async def run(self) -> None:
        """Show every change, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._notifier.show(self._title, self._note + self._body, self._choices)
            await asyncio.sleep(UPDATE_S)

    def _begin(self, title: str, body: str, *choices: Choice) -> None:
        self._note = ""
        self._put(title, body)
        self._choices = choices

    def _add(self, note: str) -> None:
        """Put `note` above the text that is shown."""
        self._note = f"{note}\n\n"
        self._changed.set()

    def _put(self, title: str, body: str) -> None:
        self._title, self._body = title, body
        self._choices = ()
        self._changed.set()
