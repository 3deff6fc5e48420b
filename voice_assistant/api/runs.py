"""The client's methods for runs of the app's workflow."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from voice_assistant.api import endpoints
from voice_assistant.api.models import LoggedRun, Run, RunPage
from voice_assistant.api.stream.chat_stream import ChatStream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from voice_assistant.api.http.transport import Transport


class Runs:
    """The runs of the app's workflow; `Client.runs`. Newer servers only.

    Every method raises `errors.BackendError`.
    """

    def __init__(self, transport: Transport, user: str, silence_s: float) -> None:
        self._transport = transport
        self._user = user
        self._silence_s = silence_s

    @asynccontextmanager
    async def follow(
        self, run_id: str, *, filled_in: Sequence[str] = ()
    ) -> AsyncIterator[ChatStream]:
        """Follow a run of the user, also one that another connection began.

        The server sends the steps so far, then the events from now on; the text before is not sent
        again. A finished run has one event, `WorkflowFinished`.

        Args:
            run_id: the run.
            filled_in: ids of forms that are filled in, or about to be: the run does not end there.

        Raises:
            NotFound: the user has no such run.
        """
        async with self._transport.stream(
            endpoints.RUN_EVENTS,
            None,
            ids={"run_id": run_id},
            params={
                "user": self._user,
                "include_state_snapshot": "true",
                "continue_on_pause": "true" if filled_in else None,
            },
            media="text/event-stream",
            answer_s=self._silence_s,
        ) as chunks:
            yield ChatStream(
                chunks,
                self._silence_s,
                self._transport.masked,
                way=self._transport.way,
                filled_in=filled_in,
            )

    async def get(self, run_id: str) -> Run:
        """Return the state of a run."""
        return await self._transport.call(endpoints.RUN, Run, ids={"run_id": run_id})

    async def list(self, *, page: int = 1, limit: int = 20) -> RunPage:
        """Return a page of the app's log. `page` counts from 1, `limit` goes from 1 to 100."""
        return await self._transport.call(
            endpoints.RUNS, RunPage, params={"page": page, "limit": limit}
        )

    async def iter(self) -> AsyncIterator[LoggedRun]:
        """Yield all runs in the app's log, the latest first."""
        number = 1
        while True:
            page = await self.list(page=number, limit=100)
            for run in page.data:
                yield run
            if not page.has_more or not page.data:
                return
            number += 1
