"""The API key on its way to the server, and what happens when the server refuses it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    RenewKey = Callable[[], Awaitable[str | None]]
    """Returns the key as it is now; None if it cannot be told."""


class KeyAuthorization(httpx.Auth):
    """Puts the key into every request; a refused one is read anew, and the request sent again.

    The key of a server is often changed while programs run. A request whose body was sent while it
    was made cannot be sent again: it fails, and the next one has the new key.

    Args:
        key: the key at first.
        renew: reads it anew; None where it cannot change.

    Attributes:
        key: the key in use. No text form of this object shows it.
    """

    def __init__(self, key: str, renew: RenewKey | None = None) -> None:
        self.key = key
        self._renew = renew
        self._renewing = asyncio.Lock()

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send `request`; after a 401 and with another key, once more."""
        used = self.key
        request.headers["Authorization"] = f"Bearer {used}"
        response = yield request
        if response.status_code != HTTPStatus.UNAUTHORIZED or not await self._renewed(used):
            return
        if isinstance(request.stream, httpx.ByteStream):
            request.headers["Authorization"] = f"Bearer {self.key}"
            yield request

    async def _renewed(self, used: str) -> bool:
        """Whether there is another key than `used`."""
        async with self._renewing:  # requests that are refused together need one new key
            if self.key == used and self._renew:
                self.key = await self._renew() or used
        return self.key != used
