"""Has a key that the backend refused, or that is of a wrong app, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.errors import Unauthorized, WrongApp

if TYPE_CHECKING:
    from voice_assistant.backend.link import Link


_CODES = frozenset({Unauthorized.code, WrongApp.code})


class RefusedKey(events.Subscriber):
    """A `Subscriber` that makes the link forget a key that cannot be used.

    The user may correct the key while the assistant runs.

    Args:
        link: the link to the backend, which keeps the key.
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        if isinstance(event, events.Failed) and event.code in _CODES:
            self._link.forget()
