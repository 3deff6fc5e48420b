"""Knows whether a voice has paused the answer, and reminds the user of that.

A pause that nobody has wished for (a noise was taken for the word) leaves somebody who sees no
screen in silence, who cannot know that the answer would go on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.commands import Announce
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

REMIND_S = 12.0
"""Seconds of a pause in which nobody speaks before it is told."""


class PausedByVoice(events.Subscriber):
    """A `Subscriber` that knows whether the answer is paused because a voice said so."""

    def __init__(self) -> None:
        self._said = False
        self._phases = events.Phases()

    @property
    def now(self) -> bool:
        """Return whether the answer is paused by voice."""
        return self._said and self._phases.now == "paused"

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._phases.handle(event)
        match event:
            case events.Commanded(pauses=pauses):
                self._said = pauses
            case events.Resumed() | events.Asked():
                self._said = False
            case _:
                pass


class PauseReminder(events.Subscriber):
    """A `Subscriber` that says once, after a while, that the answer is paused.

    Args:
        post: gets the announcement.
        after_s: seconds of the pause in which nobody speaks before that.
    """

    def __init__(self, post: Callable[[Announce], None], after_s: float = REMIND_S) -> None:
        self._post = post
        self._after_s = after_s
        self._paused = PausedByVoice()
        self._told = False
        self._due = asyncio.Event()
        self._changed = asyncio.Event()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._paused.handle(event)
        if isinstance(event, events.Paused):
            self._told = False
        if self._paused.now and not self._told:
            self._due.set()
        else:
            self._due.clear()
        self._changed.set()

    async def run(self) -> None:
        """Remind the user of each pause by voice, until cancelled."""
        while True:
            await self._due.wait()
            self._changed.clear()
            try:
                async with asyncio.timeout(self._after_s):
                    await self._changed.wait()
            except TimeoutError:
                self._told = True
                self._due.clear()
                text = " ".join((_("The answer is paused."), _(events.Paused.told)))
                self._post(Announce(text=text, of_pause=True))
