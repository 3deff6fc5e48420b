"""Receives announcements of the embedded backend, such as timers. Not a part of Dify's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import httpx_sse
import msgspec

from voice_assistant.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

SILENCE_S = 30.0
"""Seconds without a byte after which the connection counts as lost: the server pings every 10 s."""


class Alert(msgspec.Struct, frozen=True):
    """One announcement.

    Attributes:
        text: the text to speak.
    """

    text: str


async def alerts(url: str, token: str) -> AsyncGenerator[Alert, None]:
    """Yield the announcements of the server at `url`.

    Raises:
        Unreachable: the server cannot be reached (any more).
    """
    headers = {"Authorization": f"Bearer {token}"}
    timeout = httpx.Timeout(SILENCE_S)
    try:
        async with (
            httpx.AsyncClient(
                headers=headers,
                timeout=timeout,
                trust_env=False,
                verify=url.startswith("https:"),  # with True, SSLKEYLOGFILE would be read
            ) as client,
            httpx_sse.aconnect_sse(client, "GET", f"{url}/alerts") as source,
        ):
            source.response.raise_for_status()
            async for event in source.aiter_sse():
                if event.data:
                    yield msgspec.json.decode(event.data, type=Alert)
    except (httpx.HTTPError, httpx_sse.SSEError) as error:
        raise Unreachable("The embedded backend is not heard any more") from error
