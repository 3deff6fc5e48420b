"""Detects a microphone stream that spins, was moved to another device, or records the speaker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.errors import MicrophoneError, MicrophoneReplaced
from voice_assistant.sound import sound_server
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.sound.line import Line
    from voice_assistant.sound.sound_server import Node

SPINNING = 0.3
"""The share of a core from which an audio thread counts as spinning; 0.01 is usual."""


class Watchdog:
    """Looks at one open microphone now and then.

    Args:
        line: the open microphone.
        device: a part of the name of the device in the settings, "" for the system's choice.
        every_s: seconds from the end of one look to the next; a look costs 5 ms of CPU.

    Attributes:
        has_looked: whether the first look is over.
    """

    def __init__(self, line: Line, device: str, every_s: float) -> None:
        self._line = line
        self._device = device
        self._every_s = every_s
        self.has_looked = False
        self._loop = asyncio.get_running_loop()
        self._looked_at: float | None = None
        self._due_at = 0.0
        self._cpu_s = 0.0

    @property
    def due(self) -> bool:
        """Return whether it is time for a look."""
        return self._loop.time() >= self._due_at

    async def look(self) -> MicrophoneError | None:
        """Return why another line would work better; None if none would, or it is too early.

        Raises:
            MicrophoneError: the line delivers sound that is not a microphone's.
        """
        if not self.due:
            return None
        now, before = self._loop.time(), self._looked_at
        cpu_s, self._cpu_s, self._looked_at = self._cpu_s, self._line.cpu_s, now
        self._due_at = now + self._every_s
        if before is not None and cpu_s and self._cpu_s - cpu_s > SPINNING * (now - before):
            return MicrophoneError(
                _("The microphone uses up the processor"),
                _("It is opened again; you need not do anything."),
            )
        known = await asyncio.to_thread(sound_server.recorded, self._line.label)
        self._due_at = self._loop.time() + self._every_s
        self.has_looked = True
        if known is None:  # only reopening shows whether the device in the settings is back
            return None if before is None else self._line.instead
        return self._strayed(*known)

    def _strayed(self, source: Node, microphones: list[Node]) -> MicrophoneError | None:
        """Return the problem of a stream that the sound server has moved to another source.

        The server does this when the source is lost, and does not move the stream back.
        """
        if source.monitor:
            raise MicrophoneError(
                _("There is no microphone: the system offers what the speaker plays instead"),
                _("Connect one, or choose one in the sound settings."),
            )
        self._line.instead = None
        if not source.bears(self._device):
            self._line.instead = MicrophoneReplaced(
                _('There is no microphone "{wanted}"', wanted=self._device),
                _('"{description}" is used until it is there.', description=source.description),
            )
            if any(node.bears(self._device) for node in microphones):
                return MicrophoneError(_('The microphone "{device}" is back', device=self._device))
        return None
