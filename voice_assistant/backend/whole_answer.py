"""Follows an answer to its end, also where its connection breaks in the middle.

The server goes on with an answer whose connection was lost. Newer servers let a client follow the
workflow's run again; they send what comes from then on, and the text that came in between is only
in the message. Older servers have the complete answer in the message, some time later.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from voice_assistant.api.events import (
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
    ConversationOver,
    MissingEndpoint,
    NotFound,
    RateLimited,
    ServerBug,
    TimedOut,
    Unreachable,
)
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        AsyncIterator,
        Awaitable,
        Callable,
        Mapping,
    )

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.events import AnyStreamEvent
    from voice_assistant.api.models import Form, FormValue
    from voice_assistant.backend.lost_stream import LostStream
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

AWAY_S = 60.0
"""Seconds for which a server is tried that cannot be reached: it may be starting again."""

UNWRITTEN_S = 30.0
"""Seconds for which a message without an answer is looked at; 0.15.3 may never have the answer."""

LOOK_AGAIN_S = 1.0
_AWAY = (Unreachable, TimedOut, ServerBug, BrokenStream, RateLimited)


class WholeAnswer:
    """An iterator over the events of one answer, to the answer's end.

    After a break the text goes on where it was; the stream's audio does not.

    Args:
        stream: the stream of the question.
        backend: the server.
        broke_off: called when the connection is lost, and the rest is looked for.
        anew: asks the question once more, in a new conversation; called if the server has closed
            the conversation and answers nothing.

    Attributes:
        complete: whether the answer is complete.
        stopped: whether `stop` ended the answer.

    Raises:
        BackendError: (while iterating) the answer failed, or its rest cannot be found.
    """

    def __init__(
        self,
        stream: ChatStream | LostStream,
        backend: Backend,
        broke_off: Callable[[], None] = lambda: None,
        anew: Callable[[], Awaitable[ChatStream]] | None = None,
    ) -> None:
        self._stream = stream
        self._backend = backend
        self._broke_off = broke_off
        self._anew = anew
        self._rest = ""
        self._picked_up: ChatStream | None = None
        self._over = False
        self._form: Form | None = None
        self._filled_in: list[str] = []
        self._resources = AsyncExitStack()
        self._events = self._all()

    @property
    def task_id(self) -> str:
        """The id for `stop`; "" until the first event."""
        return self._stream.task_id

    @property
    def message_id(self) -> str:
        """The answer's id; "" until the first event."""
        return self._stream.message_id

    @property
    def conversation_id(self) -> str:
        """The conversation's id; "" until the first event."""
        return self._stream.conversation_id

    @property
    def run_id(self) -> str:
        """The id of the workflow's run; "" until it begins, and in apps without a workflow."""
        return self._stream.run_id

    @property
    def text(self) -> str:
        """The text so far, with replacements."""
        return self._rest or self._stream.text

    @property
    def queued(self) -> bool:
        """Whether the server is busy, and has not begun with the question."""
        return self._stream.queued

    @property
    def stopped(self) -> bool:
        """Whether `stop` ended the answer."""
        return self._stream.stopped or bool(self._picked_up and self._picked_up.stopped)

    @property
    def damaged(self) -> bool:
        """Whether pieces of the text are missing."""
        return self._stream.damaged and not self._over

    @property
    def complete(self) -> bool:
        """Whether the answer is complete."""
        return self._stream.complete or (self._over and not self.stopped)

    def __aiter__(self) -> AsyncIterator[AnyStreamEvent]:
        """Return this object."""
        return self

    async def __anext__(self) -> AnyStreamEvent:
        """Return the next event."""
        return await anext(self._events)

    async def aclose(self) -> None:
        """Close the connections of the iteration."""
        await self._events.aclose()
        await self._resources.aclose()

    @property
    def form(self) -> Form | None:
        """The form with which the app asks a person, and at which the iteration has ended."""
        return self._form

    async def fill_in(self, action: str, values: Mapping[str, FormValue]) -> None:
        """Fill in the `form`; the iteration then goes on with the answer.

        The run is followed before it goes on, so that none of its text is missed.

        Args:
            action: the id of the button.
            values: the values of the fields, by name.

        Raises:
            BackendError: the server does not take it; `form` is still there.
        """
        form, run_id = self._form, self._stream.run_id
        assert form  # noqa: S101  (the caller has read it)
        self._filled_in.append(form.form_id)
        run: ChatStream | None = None
        try:
            run = await self._resources.enter_async_context(
                self._backend.follow_run(run_id, filled_in=tuple(self._filled_in))
            )
        except (NotFound, MissingEndpoint, *_AWAY) as error:
            log.info("the run is not followed yet: %s", error.title)
        try:
            await self._backend.fill_in_form(form.form_token, action, values)
        except BaseException:
            self._filled_in.remove(form.form_id)
            await self._resources.aclose()
            raise
        self._form = None
        self._events = self._after_form(run)

    async def _after_form(self, run: ChatStream | None) -> AsyncGenerator[AnyStreamEvent, None]:
        broken = BrokenStream(_("The answer broke off: the connection was lost"), _("Ask again."))
        if run:
            try:
                async for event in self._pass_on(run, from_here=True):
                    yield event
            except BrokenStream as error:
                broken = error
                log.info("the connection is lost after a form: looking for the rest")
                self._broke_off()
            finally:
                await self._resources.aclose()
        async for event in self._pick_up(broken):
            yield event

    async def _all(self) -> AsyncGenerator[AnyStreamEvent, None]:
        try:
            async for event in self._stream:
                yield event
        except ConversationOver:
            if self._stream.text or self._anew is None:
                raise
            log.info("the server has closed the conversation: the question begins a new one")
            self._stream, self._anew = await self._anew(), None
            async for event in self._all():
                yield event
            return
        except BrokenStream as error:
            if not self._stream.cut_off:
                raise
            broken = error
        else:
            self._form = self._stream.form
            return
        log.info("the connection is lost in the middle of an answer: looking for the rest")
        self._broke_off()
        async for event in self._pick_up(broken):
            yield event

    async def _pick_up(self, broken: BrokenStream) -> AsyncGenerator[AnyStreamEvent, None]:
        """Yield the rest of the answer, in as many attempts as it takes.

        Raises:
            BackendError: the answer failed, or `broken`.
        """
        clock = asyncio.get_running_loop().time
        until, followable = clock() + AWAY_S, bool(self._stream.run_id)
        while not (self._over or self._form):
            try:
                if followable:
                    async for event in self._follow():
                        until = clock() + AWAY_S
                        yield event
                else:
                    until = min(until, clock() + UNWRITTEN_S)
                    async for event in self._complete(await self._written()):
                        yield event
            except (NotFound, MissingEndpoint) as error:
                if not followable:
                    raise broken from error
                log.info("the run cannot be followed: %s", error.title)
                followable = False
                continue
            except _AWAY as error:
                log.info("not picked up yet: %s", error.title)
            if not (self._over or self._form) and clock() > until:
                raise broken
            if not (self._over or self._form):
                await asyncio.sleep(LOOK_AGAIN_S)

    async def _follow(self) -> AsyncGenerator[AnyStreamEvent, None]:
        """Follow the run once more."""
        filled_in = tuple(self._filled_in)
        async with self._backend.follow_run(self._stream.run_id, filled_in=filled_in) as run:
            async for event in self._pass_on(run, from_here=False):
                yield event

    async def _pass_on(  # noqa: C901, PLR0912  (a case for each event)
        self, run: ChatStream, *, from_here: bool
    ) -> AsyncGenerator[AnyStreamEvent, None]:
        """Pass on the events of a run; its text as soon as its place in the answer is known.

        Args:
            run: the events.
            from_here: the text of the run follows on the text so far.
        """
        came = ""
        last: list[AnyStreamEvent] = []
        self._picked_up = run
        async for event in run:
            match event:
                case Message(answer=delta) | AgentMessage(answer=delta):
                    came += delta
                    if rest := delta if from_here else known_text.sent_again(self.text, came):
                        yield self._add(rest)
                case MessageReplace(answer=text):
                    self._rest = came = text
                    yield event
                case TtsMessage() | TtsMessageEnd():
                    pass  # speech of unknown words
                case MessageEnd() | WorkflowFinished():
                    last.append(event)
                case _:
                    yield event
        if form := run.form:
            self._form = form
            return
        if not (self.stopped or (from_here and came)):
            whole = await self._written() or known_text.text_of_run(last)
            if from_here and known_text.rest(self.text, whole) is None:
                whole = self.text + whole  # the message has only what follows the form
            async for event in self._complete(whole):
                yield event
        if self._over or self.stopped or from_here:
            self._end()
            for event in last:
                yield event

    async def _complete(self, whole: str) -> AsyncGenerator[AnyStreamEvent, None]:
        """Yield what is missing of the complete text; nothing if it is not known yet."""
        if not whole:
            return
        if (rest := known_text.rest(self.text, whole)) is None:
            self._rest = whole
            yield MessageReplace(answer=whole)
        elif rest:
            yield self._add(rest)
        self._end()

    async def _written(self) -> str:
        """Return the text of the message; "" while it is not there."""
        found = await self._backend.find_message(
            conversation_id=self.conversation_id, message_id=self.message_id
        )
        return found.answer if found else ""

    def _add(self, rest: str) -> Message:
        self._rest = self.text + rest
        return Message(answer=rest)

    def _end(self) -> None:
        self._over = True
        self._stream.given_up = False  # it has ended, and need not be stopped
