"""An answer while it is written: events from a connection, and when to stop waiting for more."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

import httpx
from msgspec import structs

from voice_assistant.api import breakdowns, failures
from voice_assistant.api.answer import Answer
from voice_assistant.api.liveness import Liveness
from voice_assistant.api.stream import NodeFinished, StreamParser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.api.events import AnyStreamEvent, NodeRun
    from voice_assistant.errors import BackendError

PINGS_ONLY = 12
"""How many times `silence_s` a server may do nothing but ping (300 s, as long as 1.14.0 holds a
question that it has refused without a word; a slow model that is still thinking needs less)."""


LONGEST_S = 3600.0
"""How long one answer is followed. Servers end a run themselves, after 20 minutes by default."""


class ChatStream:
    """The events of one answer, until the turn's end as the events tell it.

    Iterating ends when the answer is complete or was stopped. The attributes follow the events
    that were handed out.

    Args:
        chunks: the body of the response.
        silence_s: seconds without a byte after which the answer counts as broken; servers ping
            every 10 s.
        masked: takes secrets out of a server's words.

    Attributes:
        given_up: the server may still be at work on an answer that nobody waits for any more.

    Raises:
        BackendError: (while iterating) the model failed, the server is silent or the connection
            was lost.
    """

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        silence_s: float,
        masked: Callable[[str], str] = str,
    ) -> None:
        self.given_up = False
        self._chunks = chunks
        self._silence_s = silence_s
        self._masked = masked
        self._liveness = Liveness()
        self._failed_step: NodeRun | None = None
        self._parser = StreamParser()
        self._answer = Answer()
        self._events: deque[AnyStreamEvent] = deque()
        self._waited_s = 0.0  # since the last sign of life; a slow reader's time does not count
        self._all_waited_s = 0.0
        self._began = False
        self._broken: BackendError | None = None  # no more bytes will come

    @property
    def task_id(self) -> str:
        """What `stop` takes; "" until the first event."""
        return self._answer.task_id

    @property
    def message_id(self) -> str:
        """The answer's id; "" until the first event."""
        return self._answer.message_id

    @property
    def conversation_id(self) -> str:
        """The conversation's id; "" until the first event."""
        return self._answer.conversation_id

    @property
    def text(self) -> str:
        """The text so far, replacements applied."""
        return self._answer.text

    @property
    def stopped(self) -> bool:
        """The answer was ended by `stop`."""
        return self._answer.stopped

    @property
    def damaged(self) -> bool:
        """Pieces of the text came in events that could not be read, or not wholly."""
        return bool(self._parser.damaged)

    @property
    def complete(self) -> bool:
        """The answer is whole."""
        return self._answer.complete

    def __aiter__(self) -> Self:
        """The events, once."""
        return self

    async def __anext__(self) -> AnyStreamEvent:
        """The next event."""
        while not self._answer.over:
            if self._events:
                event = self._events.popleft()
                self._answer.feed(event)
                if isinstance(event, NodeFinished) and event.data.status == "failed":
                    self._failed_step = event.data
                return event
            if self._broken is None:
                await self._read()
            elif not self._answer.give_up():
                raise self._broken
        if self._answer.error is not None:
            error = self._answer.error
            error = structs.replace(error, message=self._masked(error.message))
            raise failures.stream_failure(error, self._failed_step)
        raise StopAsyncIteration

    async def _read(self) -> None:
        """Wait for some bytes, as long as it makes sense."""
        patience_s = self._answer.grace_s or PINGS_ONLY * self._silence_s
        limit_s = min(self._silence_s, patience_s - self._waited_s)
        clock = asyncio.get_running_loop().time
        begin = clock()
        try:
            async with asyncio.timeout(limit_s):
                chunk = await anext(self._chunks)
        except (TimeoutError, httpx.ReadTimeout) as error:
            self._give_up(
                breakdowns.silent(began=self._began, waited_s=self._waited_s + limit_s, cause=error)
            )
            return
        except StopAsyncIteration:
            self._events.extend(self._parser.close())
            self._broken = breakdowns.lost()
            return
        except httpx.RequestError as error:
            self._broken = breakdowns.lost(error)
            return
        waited_s = clock() - begin
        self._all_waited_s += waited_s
        alive = self._liveness.feed(chunk)
        if self._liveness.too_much:
            self._give_up(breakdowns.endless(self._liveness.too_much))
            return
        if self._all_waited_s > LONGEST_S:
            self._give_up(breakdowns.endless(f"it takes more than {LONGEST_S / 60:.0f} minutes"))
            return
        self._events.extend(self._parser.feed(chunk))
        if alive:
            self._began = True
            self._waited_s = 0.0
        else:
            self._waited_s += waited_s

    def _give_up(self, why: BackendError) -> None:
        self.given_up = True
        self._broken = why
