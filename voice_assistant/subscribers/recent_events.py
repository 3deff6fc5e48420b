"""Keeps the events of the last turns, for who comes in the middle of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.events import Subscriber

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.events import AnyEvent

MOST_TURNS = 5


class RecentEvents(Subscriber):
    """A `Subscriber` that keeps the events of the last turns."""

    def __init__(self) -> None:
        self._turns: dict[int, list[AnyEvent]] = {}

    def handle(self, event: AnyEvent) -> None:
        """Take one event; returns at once."""
        kept = self._turns.setdefault(event.turn, [])
        if len(self._turns) > MOST_TURNS:
            del self._turns[min(self._turns)]
        kept.append(event)

    def __iter__(self) -> Iterator[AnyEvent]:
        """Yield the events turn by turn, each in its order."""
        for number in sorted(self._turns):
            yield from self._turns[number]
