"""Knows the last conversations of the record, so that an older one can be continued."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.errors import AssistantError
from voice_assistant.history.store import Store
from voice_assistant.system.local_form import moment
from voice_assistant.system.plain_files import is_missing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

log = logging.getLogger(__name__)

MOST = 10  # more would not be found again in a menu


class RecentConversations(events.Subscriber):
    """A `Subscriber` that reads the record after each turn, in a thread.

    Args:
        file: the record's file.
        app: returns the name of the backend whose conversations count.
        recorded: waits until what was said is in the record.

    Attributes:
        found: the conversations, the latest first: ids, with the first question of each; where
            several began with the same one, with the time.
    """

    def __init__(
        self, file: Path, app: Callable[[], str], recorded: Callable[[], Awaitable[None]]
    ) -> None:
        self.found: tuple[tuple[str, str], ...] = ()
        self._file = file
        self._app = app
        self._recorded = recorded
        self._due = asyncio.Event()
        self._due.set()
        self._followers: list[Callable[[], None]] = []

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever `found` has changed."""
        self._followers.append(follower)

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        if isinstance(event, events.Idle):
            self._due.set()

    def look_again(self) -> None:
        """Read the record soon: another app may be in use."""
        self._due.set()

    async def run(self) -> None:
        """Read the record after each turn, until cancelled."""
        while True:
            await self._due.wait()
            self._due.clear()
            await self._recorded()
            try:
                found = await asyncio.to_thread(self._read, self._app())
            except AssistantError as error:
                log.info("the last conversations are not known: %s", error.title)
                continue
            if found != self.found:
                self.found = found
                for follower in self._followers:
                    follower()

    def _read(self, app: str) -> tuple[tuple[str, str], ...]:
        if is_missing(self._file):
            return ()
        with Store(self._file) as store:
            found = store.last_conversations(app, MOST)
        times = Counter(question for _id, question, _asked_s in found)
        return tuple(
            (one, question if times[question] == 1 else f"{moment(asked_s)}: {question}")
            for one, question, asked_s in found
        )
