"""Follows an answer while it is written: yields its events, and decides when to stop waiting."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Self

import httpx
from msgspec import structs

from voice_assistant.api.failures import breakdowns, failures
from voice_assistant.api.failures.breakdowns import NO_WAY, Way
from voice_assistant.api.stream.answer import Answer
from voice_assistant.api.stream.events import (
    NodeFinished,
)
from voice_assistant.api.stream.liveness import Liveness
from voice_assistant.api.stream.parser import (
    StreamParser,
)
from voice_assistant.api.stream.patience import Patience
from voice_assistant.api.stream.sleep_watch import SleepWatch
from voice_assistant.system.suspend import asleep_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from voice_assistant.api.models import Form
    from voice_assistant.api.stream.events import AnyStreamEvent, NodeRun
    from voice_assistant.errors import BackendError


class ChatStream:
    """An iterator over the events of one answer.

    The iterator ends when the answer is complete or was stopped. The attributes reflect the events
    that the iterator has returned.

    Args:
        chunks: the body of the response.
        silence_s: seconds without a byte after which the answer counts as broken; servers ping
            every 10 s.
        masked: removes secrets from a server's words.
        way: how the server is reached, for messages.
        queue_s: seconds without a byte in which a question that the server has confirmed by a ping
            may wait for its turn; 0.0 for a question that the server may have refused: newer
            servers refuse by a ping and silence, too.
        filled_in: ids of forms that are filled in, see `Answer`.
        asleep_s: returns how long the machine has slept: a connection seldom outlives that.

    Attributes:
        given_up: True if the client stopped waiting and the server may still work on the answer.
        cut_off: True if the connection was lost after the answer had begun: the server may still
            finish it.

    Raises:
        BackendError: (while iterating) the model failed, the server is silent or the connection
            was lost.
    """

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        silence_s: float,
        masked: Callable[[str], str] = str,
        *,
        way: Way = NO_WAY,
        queue_s: float = 0.0,
        filled_in: Sequence[str] = (),
        asleep_s: Callable[[], float] = asleep_s,
    ) -> None:
        self.given_up = False
        self.cut_off = False
        self._patience = Patience(silence_s, queue_s, way)
        self._way = way
        self._sleep = SleepWatch(asleep_s)
        self._chunks = chunks
        self._masked = masked
        self._liveness = Liveness()
        self._failed_step: NodeRun | None = None
        self._parser = StreamParser()
        self._answer = Answer(filled_in)
        self._events: deque[AnyStreamEvent] = deque()
        self._broken: BackendError | None = None  # set when no more bytes will come

    @property
    def task_id(self) -> str:
        """The id for `stop`; "" until the first event."""
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
    def run_id(self) -> str:
        """The id of the workflow's run; "" until it begins, and in apps without a workflow."""
        return self._answer.run_id

    @property
    def form(self) -> Form | None:
        """The form with which the workflow asks a person, and at which the iterator has ended."""
        return self._answer.form

    @property
    def queued(self) -> bool:
        """Whether the server has the question and has not begun with it: it is busy."""
        return self._patience.queued

    @property
    def text(self) -> str:
        """The text so far, with replacements."""
        return self._answer.text

    @property
    def stopped(self) -> bool:
        """Whether `stop` ended the answer."""
        return self._answer.stopped

    @property
    def damaged(self) -> bool:
        """Whether pieces of the text are missing because their events could not be read."""
        return bool(self._parser.damaged)

    @property
    def complete(self) -> bool:
        """Whether the answer is complete."""
        return self._answer.complete

    def __aiter__(self) -> Self:
        """Return the iterator itself: the events can be read once."""
        return self

    async def __anext__(self) -> AnyStreamEvent:
        """Return the next event."""
        while not self._answer.over:
            if self._events:
                event = self._events.popleft()
                event = self._answer.feed(event)
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
        """Wait for the next bytes, at most as long as more events are expected."""
        limit_s = self._patience.limit_s(self._answer.grace_s)
        clock = asyncio.get_running_loop().time
        begin = clock()
        try:
            async with asyncio.timeout(limit_s) as limit:
                with self._sleep.over(limit):
                    chunk = await anext(self._chunks)
        except (TimeoutError, httpx.ReadTimeout) as error:
            if self._sleep.slept:
                self._lose(None)
            else:
                self.cut_off = bool(self.message_id)
                self._give_up(self._patience.spent(limit_s, error))
        except StopAsyncIteration:
            self._events.extend(self._parser.close())
            self._lose(None)
        except httpx.RequestError as error:
            self._events.extend(self._parser.close())
            self._lose(error)
        else:
            self._take(chunk, clock() - begin)

    def _take(self, chunk: bytes, waited_s: float) -> None:
        """Take the next bytes, unless there are too many, or the answer takes too long."""
        alive = self._liveness.feed(chunk)
        late = self._patience.came(waited_s, alive=alive)
        if self._liveness.too_much:
            self._give_up(breakdowns.endless(self._liveness.too_much))
        elif late:
            self._give_up(late)
        else:
            self._events.extend(self._parser.feed(chunk))

    def _lose(self, cause: Exception | None) -> None:
        self.cut_off = bool(self.message_id)
        self._broken = breakdowns.lost(cause, self._way)

    def _give_up(self, why: BackendError) -> None:
        self.given_up = True
        self._broken = why
