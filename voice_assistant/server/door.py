"""How many connections may stay of those who have not shown the token yet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

MOST_STRANGERS = 64
"""More than any client opens at once before its first request has arrived."""


class Door:
    """Lets strangers wait, and turns the one away who waits longest when too many do.

    Any user of the machine can connect to a port of it. Without a limit, connections that never
    send a whole request use up the descriptors of the process, and its owner is served no more.
    """

    def __init__(self) -> None:
        self._strangers: dict[object, asyncio.Transport] = {}

    def come(self, client: object, transport: asyncio.Transport) -> None:
        """Somebody has connected; `client` is their address."""
        self._strangers[client] = transport
        if len(self._strangers) > MOST_STRANGERS:
            oldest = next(iter(self._strangers))
            self._strangers.pop(oldest).abort()

    def admit(self, client: object) -> None:
        """They have shown the token: their connection stays."""
        self._strangers.pop(client, None)

    def leave(self, client: object) -> None:
        """They have gone."""
        self._strangers.pop(client, None)

    @property
    def protocol(self) -> Any:
        """Makes uvicorn's protocol for connections through this door."""
        return partial(_Protocol, self)


class _Protocol(H11Protocol):
    def __init__(self, door: Door, **options: Any) -> None:
        super().__init__(**options)
        self._door = door

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._door.come(self.client, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.leave(self.client)
        super().connection_lost(exc)
