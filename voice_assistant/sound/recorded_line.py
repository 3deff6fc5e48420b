"""The line that a recording takes its sound from, and the looks at how good it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.errors import MicrophoneError
    from voice_assistant.sound.line import Line
    from voice_assistant.sound.watchdog import Watchdog


class RecordedLine:
    """An open microphone, from which a recording takes its sound until `let_go`.

    Args:
        line: the open microphone, or one that is about to be opened.
        watchdog: looks at the line.
        own: the line serves this recording alone, and is closed with it.
        notify: called on the asyncio thread after each block, and after each look.
    """

    def __init__(
        self, line: Line, watchdog: Watchdog, notify: Callable[[], None], *, own: bool
    ) -> None:
        self.line = line
        self.own = own
        self._watchdog = watchdog
        self._notify = notify
        self._looking: asyncio.Task[MicrophoneError | None] | None = None
        line.listener = notify

    async def look(self) -> MicrophoneError | None:
        """Return why another line would be better, once a look has found that out.

        A look begins whenever it is due, and recording goes on meanwhile: the sound server may take
        its time. Only the first look at a line is waited for.

        Raises:
            MicrophoneError: the line does not deliver a microphone's sound.
        """
        if self._looking is None and self._watchdog.due:
            self._looking = asyncio.create_task(self._watchdog.look())
            self._looking.add_done_callback(self._note_look)
            if not self._watchdog.has_looked:
                await asyncio.wait([self._looking])
        if self._looking is None or not self._looking.done():
            return None
        looking, self._looking = self._looking, None
        return looking.result()

    def _note_look(self, looking: asyncio.Task[MicrophoneError | None]) -> None:
        """Go on with what was seen; its error is read even if the recording is over."""
        if not looking.cancelled():
            looking.exception()
            self._notify()

    def let_go(self) -> None:
        """Take no more sound from the line."""
        if self._looking:
            self._looking.cancel()
            self._looking = None
        self.line.listener = None
        if self.own:
            self.line.close()
