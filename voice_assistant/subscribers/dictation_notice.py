"""The notification of a dictation that could not be typed: it is in the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.desktop import typist
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.subscribers.notices import Notices

DICTATION = "dictation"


class DictationNotice(events.Subscriber):
    """A `Subscriber` that says where the words of a dictation are, unless they were typed.

    Args:
        notices: shows it.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        if isinstance(event, events.Dictated) and not event.typed:
            where = _("Your dictation is in the clipboard: it cannot be typed into this window.")
            if typist.lacks_wtype():
                where += " " + _("It may be once the package wtype is installed.")
            self._notices.offer(DICTATION, _("Paste it with Ctrl+V"), where)
