"""Limits the number of connections whose client has not shown the token yet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

MOST_STRANGERS = 64
"""More than any client opens at once before its first request has arrived."""


class Strangers:
    """Keeps the connections of strangers, and closes the oldest when there are too many.

    Any user of the machine can connect to its ports. Without a limit, connections that never send a
    whole request use up the descriptors of the process, and the server's owner gets no connection.
    """

    def __init__(self) -> None:
        self._strangers: dict[object, asyncio.Transport] = {}

    def come(self, client: object, transport: asyncio.Transport) -> None:
        """Count a new connection from the address `client`; close the oldest of too many."""
        self._strangers[client] = transport
        if len(self._strangers) > MOST_STRANGERS:
            oldest = next(iter(self._strangers))
            self._strangers.pop(oldest).abort()

    def admit(self, client: object) -> None:
        """Keep the connection of `client`: the client has shown the token."""
        self._strangers.pop(client, None)

    def leave(self, client: object) -> None:
        """Forget `client`: the connection is closed."""
        self._strangers.pop(client, None)

    @property
    def protocol(self) -> Any:
        """The factory of uvicorn's protocol for the connections that are counted here."""
        return partial(_Protocol, self)


class _Protocol(H11Protocol):
    def __init__(self, strangers: Strangers, **options: Any) -> None:
        super().__init__(**options)
        self._strangers = strangers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._strangers.come(self.client, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._strangers.leave(self.client)
        super().connection_lost(exc)
