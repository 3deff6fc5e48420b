"""The notification of an alarm: it stays while the alarm rings, and if nobody heeded it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.commands import Snooze, Stop
from voice_assistant.ports import ALARM
from voice_assistant.subscribers.buttons import Button
from voice_assistant.system import local_form
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.subscribers.notices import Notices


def ways_to_end() -> tuple[Button, ...]:
    """Return the buttons of an alarm that rings."""
    return Button(_("Stop"), Stop()), Button(_("Snooze"), Snooze())


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
                self._notices.offer(ALARM, text, _("The talk key stops it, too."), *ways_to_end())
            case events.Unheeded(text=text):
                self._ringing = 0
                self._notices.offer(
                    ALARM, text, _("Missed at {time}.", time=local_form.clock(time.time()))
                )
            case events.Idle(turn=self._ringing):
                self._ringing = 0
                self._notices.close(ALARM)
            case _:
                pass
