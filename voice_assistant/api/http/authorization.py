"""Adds the API key to requests, and reads the key again when the server refuses it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    RenewKey = Callable[[], Awaitable[str | None]]
    """Returns the current key; None if the key cannot be read."""


class KeyAuthorization(httpx.Auth):
    """Adds the key to every request; after a refusal reads the key again and repeats the request.

    The key of a server is often changed while programs run. A request whose body was sent while it
    was made cannot be repeated: the request fails, and the next request has the new key.

    Args:
        key: the first key.
        renew: reads the key again; None if the key cannot change.

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
        """Send `request`; after a 401, send it again if there is another key."""
        used = self.key
        request.headers["Authorization"] = f"Bearer {used}"
        response = yield request
        if response.status_code != HTTPStatus.UNAUTHORIZED or not await self._renewed(used):
            return
        if isinstance(request.stream, httpx.ByteStream):
            request.headers["Authorization"] = f"Bearer {self.key}"
            yield request

    async def _renewed(self, used: str) -> bool:
        """Read the key again; return whether it differs from `used`."""
        async with self._renewing:  # requests that are refused together read the key once
            if self.key == used and self._renew:
                self.key = await self._renew() or used
        return self.key != used
