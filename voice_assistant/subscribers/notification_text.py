"""The words and buttons of the turn's notification, while they grow and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.subscribers.buttons import Button

WAITING = "…"
"""Stands for words that are to come."""


@dataclass
class NotificationText:
    """What the notification shows.

    Attributes:
        title: the title.
        body: the text below it.
        passing: stands above the text until there is more of it.
        note: stands above the text until another question is asked.
        buttons: the buttons.
        extras: groups of further buttons, for which there may be no room.
        failed: whether it tells that nothing was answered, or not all.
    """

    title: str = ""
    body: str = ""
    passing: str = ""
    note: str = ""
    buttons: tuple[Button, ...] = ()
    extras: tuple[tuple[Button, ...], ...] = ()
    failed: bool = False

    @property
    def text(self) -> str:
        """All that stands below the title."""
        return self.passing + self.note + self.body

    @property
    def waits(self) -> bool:
        """Whether nothing has come yet."""
        return self.body in {"", WAITING}

    @property
    def came(self) -> str:
        """Return the text that has come, without the sign that more follows."""
        return self.body.removesuffix(WAITING).removeprefix(_(events.Queued.told))

    def begin(self, title: str, body: str, *buttons: Button) -> None:
        """Show something new."""
        self.note = ""
        self.put(title, body)
        self.buttons = buttons

    def put(self, title: str, body: str) -> None:
        """Show another title and text; what is noted above the text stays."""
        self.title, self.body, self.passing = title, body, ""
        self.buttons, self.extras, self.failed = (), (), False

    def grow(self, delta: str) -> None:
        """Show the next piece of the answer's text; the connection is there again."""
        self.note = self.note.replace(f"{_(events.Lost.told)}\n\n", "")
        self.put(self.title, f"{self.came}{delta}{WAITING}")
