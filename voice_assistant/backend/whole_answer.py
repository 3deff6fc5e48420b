"""Follows an answer to its end, also where its connection breaks in the middle, or a form waits."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from voice_assistant.backend.rest_of_answer import AWAY, RestOfAnswer
from voice_assistant.errors import BrokenStream, ConversationOver, MissingEndpoint, NotFound
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
    from voice_assistant.api.models import Form, FormValue
    from voice_assistant.api.stream.events import AnyStreamEvent
    from voice_assistant.backend.lost_stream import LostStream
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)


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
        self._form: Form | None = None  # at which the first stream has ended
        self._rest: RestOfAnswer | None = None
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
        return self._rest.text if self._rest else self._stream.text

    @property
    def queued(self) -> bool:
        """Whether the server is busy, and has not begun with the question."""
        return self._stream.queued

    @property
    def stopped(self) -> bool:
        """Whether `stop` ended the answer."""
        return self._stream.stopped or bool(self._rest and self._rest.stopped)

    @property
    def damaged(self) -> bool:
        """Whether pieces of the text are missing."""
        return self._stream.damaged and not self._picked_up

    @property
    def complete(self) -> bool:
        """Whether the answer is complete."""
        return self._stream.complete or (self._picked_up and not self.stopped)

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
        return self._rest.form if self._rest else self._form

    async def fill_in(self, action: str, values: Mapping[str, FormValue]) -> None:
        """Fill in the `form`; the iteration then goes on with the answer.

        The run is followed before it goes on, so that none of its text is missed.

        Args:
            action: the id of the button.
            values: the values of the fields, by name.

        Raises:
            BackendError: the server does not take it; `form` is still there.
        """
        form, run_id = self.form, self._stream.run_id
        assert form  # noqa: S101  (the caller has read it)
        self._rest = rest = self._rest or RestOfAnswer(self._stream, self._backend, form)
        rest.filled_in.append(form.form_id)
        run: ChatStream | None = None
        try:
            run = await self._resources.enter_async_context(
                self._backend.follow_run(run_id, filled_in=tuple(rest.filled_in))
            )
        except (NotFound, MissingEndpoint, *AWAY) as error:
            log.info("the run is not followed yet: %s", error.title)
        try:
            await self._backend.fill_in_form(form.form_token, action, values)
        except BaseException:
            rest.filled_in.remove(form.form_id)
            await self._resources.aclose()
            raise
        rest.form = None
        self._events = self._after_form(rest, run)

    @property
    def _picked_up(self) -> bool:
        """Whether all of the rest was found."""
        return bool(self._rest and self._rest.over)

    async def _after_form(
        self, rest: RestOfAnswer, run: ChatStream | None
    ) -> AsyncGenerator[AnyStreamEvent, None]:
        broken = BrokenStream(_("The answer broke off: the connection was lost"), _("Ask again."))
        if run:
            try:
                async for event in rest.pass_on(run, from_here=True):
                    yield event
            except BrokenStream as error:
                broken = error
                log.info("the connection is lost after a form: looking for the rest")
                self._broke_off()
            finally:
                await self._resources.aclose()
        async for event in rest.pick_up(broken):
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
        self._rest = RestOfAnswer(self._stream, self._backend)
        async for event in self._rest.pick_up(broken):
            yield event
