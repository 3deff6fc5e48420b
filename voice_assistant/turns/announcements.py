"""The announcements that wait for the floor."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant import events
from voice_assistant.turns.alarm import Alarm
from voice_assistant.turns.announcement import Announcement, Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.commands import Announce
    from voice_assistant.turns.services import TurnServices


class _Due(NamedTuple):
    """A text that is to be announced.

    Attributes:
        text: the text.
        rings: whether the text is told again and again, until the user stops that.
        asks_consent: whether the text asks if something may be sent.
        of_pause: whether the text tells that the answer is paused.
        listener: called with `Idle` when the text was told; None if nobody wants to know.
    """

    text: str
    rings: bool
    asks_consent: bool
    of_pause: bool
    listener: events.Handler | None


class Announcements:
    """Remembers each announcement until it was told to its end, or the user stopped it.

    Args:
        services: what the turns work with.
        due: called when an announcement waits.

    Attributes:
        silencing: the user ends what speaks, and wants no announcement to its end.
    """

    def __init__(self, services: TurnServices, due: Callable[[], None]) -> None:
        self.silencing = False
        self._services = services
        self._is_due = due
        self._waiting: deque[_Due] = deque()

    def __bool__(self) -> bool:
        """Return whether an announcement waits."""
        return bool(self._waiting)

    def remember(self, command: Announce, listener: events.Handler | None) -> None:
        """Announce a text as soon as the floor is free."""
        rings = command.rings and self._services.settings.alarms.ring_s > 0
        asks, of_pause = command.asks_consent, command.of_pause
        self._remember(_Due(command.text, rings, asks, of_pause, listener))

    def ask_no_consent(self) -> None:
        """Forget what asks for consent: that was given, or refused."""
        self._waiting = deque(due for due in self._waiting if not due.asks_consent)

    def next_turn(self) -> Callable[[events.Handler, int], Announcement]:
        """Return what makes the turn of the next announcement.

        An announcement is told again if anything but a stop interrupts it.
        """
        due = self._waiting.popleft()

        def over(ending: Ending) -> None:
            if ending is Ending.SNOOZED:
                snooze_s = self._services.settings.alarms.snooze_s
                asyncio.get_running_loop().call_later(snooze_s, self._remember, due)
            elif ending is Ending.INTERRUPTED and not self.silencing:
                self._waiting.appendleft(due)
            elif due.listener:
                due.listener(events.Idle())

        if due.rings:
            return partial(Alarm, self._services, text=due.text, over=over)
        return partial(
            Announcement,
            self._services,
            text=due.text,
            asks_consent=due.asks_consent,
            of_pause=due.of_pause,
            over=over,
        )

    def _remember(self, due: _Due) -> None:
        self._waiting.append(due)
        self._is_due()
