"""Shows a part the current phase, as the daemon does."""

from __future__ import annotations

from voice_assistant import events


class Following(events.Subscriber):
    def __init__(self, listener) -> None:
        self._listener = listener
        self._phases = events.Phases()
        listener.look(self._phases.now)

    def handle(self, event: events.AnyEvent) -> None:
        self._phases.handle(event)
        self._listener.look(self._phases.now)
