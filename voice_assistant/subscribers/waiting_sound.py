"""Plays a soft sound again and again while the user waits for an answer to a spoken question."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events

if TYPE_CHECKING:
    from collections.abc import Callable


class WaitingSound(events.Subscriber):
    """A `Subscriber` that tells by ear that the assistant still works on the answer.

    Args:
        play: plays the sound.
        after_s: seconds without a word before each sound; 0.0: no sound.
    """

    def __init__(self, play: Callable[[], None], after_s: float) -> None:
        self._play = play
        self._after_s = after_s
        self._turn = 0  # the number of the turn that is waited for
        self._waits = asyncio.Event()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Transcribing() | events.Asked(source="voice" | "suggestion"):
                self._turn = event.turn
                self._waits.set()
            case events.Listening():
                self._waits.clear()
            case (
                events.Text(delta="")
                | events.Asked()
                | events.Begun()
                | events.Queued()
                | events.Working()
            ):
                pass
            case _ if event.turn == self._turn:
                self._waits.clear()
            case _:
                pass

    async def run(self) -> None:
        """Play while an answer is waited for, until cancelled."""
        while self._after_s:
            await self._waits.wait()
            turn = self._turn
            await asyncio.sleep(self._after_s)
            if self._waits.is_set() and self._turn == turn:
                self._play()
