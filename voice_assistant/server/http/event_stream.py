"""A response that is a stream of server-sent events."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    from voice_assistant.api.stream.events import StreamEvent

    Emit = Callable[[StreamEvent | dict[str, Any]], Awaitable[None]]
    """Sends one event; waits while the client is slow."""

PING_S = 10.0
PING = b"event: ping\n\n"
"""The ping of real servers: an event without data, which clients do not report."""


class _Over(Exception):
    """The stream has ended, or the client has closed the connection."""


class EventStream(Response):
    """Sends the events of `produce` until it returns, the client disconnects or the server closes.

    A disconnect and the closing server cancel `produce`. A ping comes first, and then every
    `ping_s` seconds.

    Args:
        produce: makes the events; its argument is a function that sends one event.
        closing: set when the server wants to end.
        ping_s: seconds between two pings.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        produce: Callable[[Emit], Awaitable[None]],
        closing: asyncio.Event,
        ping_s: float = PING_S,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-cache"})
        del self.headers["content-length"]  # the length is not known yet
        self._ping_s = ping_s
        self._produce = produce
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer a request with the stream."""

        async def write(block: bytes) -> None:
            await send({"type": "http.response.body", "body": block, "more_body": True})

        async def emit(event: StreamEvent | dict[str, str]) -> None:
            await write(b"data: " + msgspec.json.encode(event) + b"\n\n")

        await send(
            {"type": "http.response.start", "status": 200, "headers": self.raw_headers},
        )
        await write(PING)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_ping(write, self._ping_s))
                group.create_task(_gone(receive))
                group.create_task(_closed(self._closing))
                await self._produce(emit)
                raise _Over  # noqa: TRY301  (ends the other three)
        except* _Over:
            pass  # the first of the four tasks to end has ended the stream
        await send({"type": "http.response.body", "body": b""})


async def _ping(write: Callable[[bytes], Awaitable[None]], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await write(PING)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    raise _Over


async def _closed(closing: asyncio.Event) -> None:
    await closing.wait()
    raise _Over
