"""Tells how far a file is sent, where that takes a while."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from voice_assistant import events

if TYPE_CHECKING:
    from collections.abc import Callable

TOLD_S = 1.0
"""Seconds until an upload is told, and between two events of it."""


class UploadProgress:
    """Turns the progress of uploads into events.

    Args:
        handle: called with each event `Uploading`.
        now_s: returns the time in seconds.
    """

    def __init__(self, handle: events.Handler, now_s: Callable[[], float] = time.monotonic) -> None:
        self._handle = handle
        self._now_s = now_s
        self._due_s = now_s() + TOLD_S
        self._told = False

    def sent(self, name: str, sent_bytes: int, size_bytes: int) -> None:
        """Take how much of a file was sent."""
        over = sent_bytes == size_bytes
        if self._now_s() >= self._due_s or (over and self._told):
            self._due_s, self._told = self._now_s() + TOLD_S, not over
            self._handle(events.Uploading(name=name, sent_bytes=sent_bytes, size_bytes=size_bytes))
