"""The rest of an answer whose connection was lost, or which a form has interrupted.

The server goes on with an answer whose connection was lost. Newer servers let a client follow the
workflow's run again; they send what comes from then on, and the text that came in between is only
in the message. Older servers have the complete answer in the message, some time later.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from voice_assistant.api.stream.events import (
    AgentMessage,
    Message,
    MessageEnd,
    MessageReplace,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
)
from voice_assistant.backend import known_text
from voice_assistant.errors import (
    BrokenStream,
    MissingEndpoint,
    NotFound,
    RateLimited,
    ServerBug,
    TimedOut,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import Form
    from voice_assistant.api.stream.events import AnyStreamEvent
    from voice_assistant.backend.lost_stream import LostStream
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

AWAY_S = 60.0
"""Seconds for which a server is tried that cannot be reached: it may be starting again."""

UNWRITTEN_S = 30.0
"""Seconds for which a message without an answer is looked at; 0.15.3 may never have the answer."""

OWN_UNWRITTEN_S = 3.0
"""The same for the embedded backend: what it had not written when it ended, it never writes."""

LOOK_AGAIN_S = 1.0
AWAY = (Unreachable, TimedOut, ServerBug, BrokenStream, RateLimited)
"""The errors after which a server is tried again."""


class RestOfAnswer:
    """Finds and passes on what is missing of one answer.

    Args:
        stream: the first events of the answer: its text so far, and its ids.
        backend: the server.
        form: the form that has interrupted the answer; None after a lost connection.

    Attributes:
        text: the text so far, with replacements.
        form: the form with which the app asks a person; None while it does not.
        filled_in: ids of the forms that were filled in.
        over: whether the answer has come to its end.
    """

    def __init__(
        self, stream: ChatStream | LostStream, backend: Backend, form: Form | None = None
    ) -> None:
        self.text = stream.text
        self.form = form
        self.filled_in: list[str] = []
        self.over = False
        self._stream = stream
        self._backend = backend
        self._run: ChatStream | None = None
        self._most = 0  # events of one attempt to follow the run
        self._until = 0.0

    @property
    def stopped(self) -> bool:
        """Whether `stop` ended the answer."""
        return bool(self._run and self._run.stopped)

    @property
    def _unwritten_s(self) -> float:
        """Seconds for which a message without an answer is looked at, once the server is there."""
        own = self._backend.server_version.startswith("embedded-")
        return OWN_UNWRITTEN_S if own else UNWRITTEN_S

    async def pick_up(self, broken: BrokenStream) -> AsyncGenerator[AnyStreamEvent, None]:
        """Yield the rest of the answer, in as many attempts as it takes.

        Args:
            broken: the error of the lost connection.

        Raises:
            BackendError: the answer failed, or `broken`.
        """
        clock = asyncio.get_running_loop().time
        self._until, followable = clock() + AWAY_S, bool(self._stream.run_id)
        while not (self.over or self.form):
            try:
                if followable:
                    async for event in self._follow():
                        yield event
                else:
                    written = await self._written()
                    self._until = min(self._until, clock() + self._unwritten_s)
                    async for event in self._complete(written):
                        yield event
            except (NotFound, MissingEndpoint) as error:
                if not followable:
                    raise broken from error
                log.info("the run cannot be followed: %s", error.title)
                followable = False
                continue
            except AWAY as error:
                log.info("not picked up yet: %s", error.title)
            if not (self.over or self.form) and clock() > self._until:
                raise broken
            if not (self.over or self.form):
                await asyncio.sleep(LOOK_AGAIN_S)

    async def pass_on(  # noqa: C901, PLR0912  (a case for each event)
        self, run: ChatStream, *, from_here: bool
    ) -> AsyncGenerator[AnyStreamEvent, None]:
        """Pass on the events of a run; its text as soon as its place in the answer is known.

        Args:
            run: the events.
            from_here: the text of the run follows on the text so far.
        """
        came = ""
        last: list[AnyStreamEvent] = []
        self._run = run
        async for event in run:
            match event:
                case Message(answer=delta) | AgentMessage(answer=delta):
                    came += delta
                    if rest := delta if from_here else known_text.sent_again(self.text, came):
                        yield self._add(rest)
                case MessageReplace(answer=text):
                    self.text = came = text
                    yield event
                case TtsMessage() | TtsMessageEnd():
                    pass  # speech of unknown words
                case MessageEnd() | WorkflowFinished():
                    last.append(event)
                case _:
                    yield event
        if form := run.form:
            self.form = form
            return
        if not (self.stopped or (from_here and came)):
            whole = await self._written() or known_text.text_of_run(last)
            if from_here and known_text.rest(self.text, whole) is None:
                whole = self.text + whole  # the message has only what follows the form
            async for event in self._complete(whole):
                yield event
        if self.over or self.stopped or from_here:
            self._end()
            for event in last:
                yield event

    async def _follow(self) -> AsyncGenerator[AnyStreamEvent, None]:
        """Follow the run once more; what comes beyond the attempts before prolongs the patience."""
        filled_in = tuple(self.filled_in)
        async with self._backend.follow_run(self._stream.run_id, filled_in=filled_in) as run:
            came = 0  # a run that is followed again tells of the same events again
            async for event in self.pass_on(run, from_here=False):
                came += 1
                if came > self._most:
                    self._most = came
                    self._until = asyncio.get_running_loop().time() + AWAY_S
                yield event

    async def _complete(self, whole: str) -> AsyncGenerator[AnyStreamEvent, None]:
        """Yield what is missing of the complete text; nothing if it is not known yet."""
        if not whole:
            return
        if (rest := known_text.rest(self.text, whole)) is None:
            self.text = whole
            yield MessageReplace(answer=whole)
        elif rest:
            yield self._add(rest)
        self._end()

    async def _written(self) -> str:
        """Return the text of the message; "" while it is not there."""
        found = await self._backend.find_message(
            conversation_id=self._stream.conversation_id, message_id=self._stream.message_id
        )
        return found.answer if found else ""

    def _add(self, rest: str) -> Message:
        self.text += rest
        return Message(answer=rest)

    def _end(self) -> None:
        self.over = True
        self._stream.given_up = False  # it has ended, and need not be stopped
