"""Says how to talk after a tap of the talk key that brought no words: a few times, then never."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.errors import StorageError
from voice_assistant.system.plain_files import read
from voice_assistant.system.private_files import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

TIMES = 3
"""After so many hints the user knows, and taps for another reason."""


class TapHint(events.Subscriber):
    """A `Subscriber` that explains the talk key.

    Args:
        hint: shows how to talk.
        file: holds how many hints were shown, also after a restart.
    """

    def __init__(self, hint: Callable[[], None], file: Path) -> None:
        self._hint = hint
        self._file = file
        self._shown = _count(file)
        self._tapped = False
        self._turn = 0  # the number of the turn that listens, or has listened last

    def tapped(self) -> None:
        """Note that the talk key was tapped, not held."""
        self._tapped = True

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Listening(by_itself=False):
                self._turn = event.turn
            case events.Asked() | events.Commanded():
                self._tapped = False
            case events.Idle(turn=self._turn) if self._tapped:
                self._tapped = False
                self._say()
            case _:
                pass

    def _say(self) -> None:
        if self._shown >= TIMES:
            return
        self._shown += 1
        try:
            replace(self._file, str(self._shown).encode())
        except (OSError, StorageError) as error:
            log.warning("%s: a restart will not know the hint: %s", self._file, error)
        self._hint()


def _count(file: Path) -> int:
    try:
        return int(read(file))
    except (OSError, ValueError):
        return 0
