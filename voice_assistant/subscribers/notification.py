"""The one notification: question, answer so far, and what could be asked next as buttons."""

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
    """A button: what it says, and what a click on it posts."""

    label: str
    command: AnyCommand


def again(recording: str) -> Choice:
    """The button that tries a recording again."""
    return Choice("Try again", Retry(recording=recording))


class TurnNotification:
    """A subscriber of events that keeps the notification up to date.

    Args:
        notifier: shows it.
    """

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._changed = asyncio.Event()
        self._title = ""
        self._note = ""
        self._body = ""
        self._choices: tuple[Choice, ...] = ()
        self._answering = 0  # the turn whose answer is shown and not over

    def tell(self, event: events.AnyEvent) -> None:  # noqa: C901  (a case for each event)
        """Take one event; returns at once."""
        beside = self._answering not in {0, event.turn}  # an answer that goes on afterwards
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
            case events.Failed(title=title, hint=hint, recording=recording):
                self._begin(title, hint, *((again(recording),) if recording else ()))
            case _:
                pass

    def say(self, title: str, body: str, *choices: Choice) -> None:
        """Show something that is no part of a turn: an offer, or what is missing.

        What has no buttons replaces neither an answer that grows nor buttons that nobody has
        clicked yet: it stands above them.
        """
        if choices or not (self._choices or self._body.endswith("…")):
            self._begin(title, body, *choices)
        elif title != self._title:
            self._add(f"{title}. {body}")

    async def run(self) -> None:
        """Show what has changed, until cancelled."""
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
        """Put it above what is shown."""
        self._note = f"{note}\n\n"
        self._changed.set()

    def _put(self, title: str, body: str) -> None:
        self._title, self._body = title, body
        self._choices = ()
        self._changed.set()
