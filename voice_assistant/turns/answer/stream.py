"""Reads an answer's stream so that a cancelled reader keeps the pending read.

The stream can then still be stopped and drained.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from voice_assistant.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.api.stream.events import (
        AnyStreamEvent,
    )
    from voice_assistant.backend.whole_answer import WholeAnswer
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

HANG_UP_S = 3.0
"""Seconds in which an interrupted answer is stopped and drained, out of the user's sight."""


class AnswerStream:
    """Iterates over the events of a stream; a cancelled reader can still hang up.

    Args:
        stream: the answer's stream.
    """

    def __init__(self, stream: WholeAnswer) -> None:
        self.stream = stream
        self._events = aiter(stream)
        self._awaited: asyncio.Future[AnyStreamEvent | None] | None = None

    def __aiter__(self) -> AsyncIterator[AnyStreamEvent]:
        """Return this object."""
        return self

    async def __anext__(self) -> AnyStreamEvent:
        """Return the next event.

        Raises:
            BackendError: the answer failed.
        """
        if event := await self._next():
            return event
        raise StopAsyncIteration

    async def hang_up(self, backend: Backend) -> None:
        """Stop an interrupted answer, and let the server send the stream's end.

        An older server that sees only a closed connection loses the partial answer; one that is
        told to stop keeps it (measured on 0.15.3).
        """
        if self._awaited is None:
            return  # the stream has ended
        unread = self._awaited.done()  # an event came at the very moment of the interruption
        try:
            async with asyncio.timeout(HANG_UP_S):
                while unread or not self.stream.task_id:  # the first event names the task
                    if not await self._next():
                        return
                    unread = False
                await backend.stop(self.stream.task_id)
                async for _ in self:
                    pass
        except (BackendError, TimeoutError) as error:
            log.info("the server did not confirm the stop: %r", error)

    async def cancel_read(self) -> None:
        """Cancel the pending read."""
        if self._awaited and not self._awaited.done():
            self._awaited.cancel()
            await asyncio.wait([self._awaited])

    async def _next(self) -> AnyStreamEvent | None:
        if self._awaited is None:
            self._awaited = asyncio.ensure_future(anext(self._events, None))
        event = await asyncio.shield(self._awaited)  # the read goes on if we are cancelled
        self._awaited = None
        return event
