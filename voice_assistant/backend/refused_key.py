"""Has a key that the backend refused, or that is of a wrong app, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.errors import Unauthorized, WrongApp

if TYPE_CHECKING:
    from collections.abc import Callable


_CODES = frozenset({Unauthorized.code, WrongApp.code})


class RefusedKey(events.Subscriber):
    """A `Subscriber` that has keys forgotten after one could not be used.

    The user may correct the key while the assistant runs.

    Args:
        forget: forgets the keys; the next question reads its key again.
    """

    def __init__(self, forget: Callable[[], None]) -> None:
        self._forget = forget

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        if isinstance(event, events.Failed) and event.code in _CODES:
            self._forget()
