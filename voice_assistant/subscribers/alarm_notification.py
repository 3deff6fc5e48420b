"""The notification of an alarm: it stays while the alarm rings, and if nobody heeded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.commands import Snooze, Stop
from voice_assistant.ports import ALARM
from voice_assistant.subscribers.notification import Choice
from voice_assistant.system import local_time

if TYPE_CHECKING:
    from voice_assistant.subscribers.notices import Notices

STOP = (Choice("Stop", Stop()), Choice("Snooze", Snooze()))


class AlarmNotification(events.Subscriber):
    """A `Subscriber` that shows the alarm that rings, and how to stop it.

    Args:
        notices: shows it.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._ringing = 0  # the number of the alarm's turn, 0 while none rings

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Announced(turn=turn, text=text, rings=True) if turn != self._ringing:
                self._ringing = turn
                self._notices.offer(ALARM, text, "The talk key stops it, too.", *STOP)
            case events.Unheeded(text=text):
                self._ringing = 0
                self._notices.offer(ALARM, text, f"Missed at {local_time.now():%H:%M}.")
            case events.Idle(turn=self._ringing):
                self._ringing = 0
                self._notices.close(ALARM)
            case _:
                pass
