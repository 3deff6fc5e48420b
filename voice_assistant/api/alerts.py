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


class Alert(msgspec.Struct, frozen=True, tag_field="event", tag="alert"):
    """One announcement.

    Attributes:
        id: for `acknowledge`.
        text: the text to speak.
        rings: whether the text is for a user who waits for it now; what is late is told once.
    """

    id: str
    text: str
    rings: bool = True


class WaitingTimer(msgspec.Struct, frozen=True):
    """A timer, alarm or reminder that has not rung yet.

    Attributes:
        text: the text that it will speak.
        due: when, in seconds since the epoch.
    """

    text: str
    due: float


class WaitingTimers(msgspec.Struct, frozen=True, tag_field="event", tag="timers"):
    """All timers that have not rung yet, the next one first."""

    timers: tuple[WaitingTimer, ...]


async def alerts(url: str, token: str) -> AsyncGenerator[Alert | WaitingTimers, None]:
    """Yield the announcements of the server at `url`, and its timers whenever these change.

    Raises:
        Unreachable: the server cannot be reached (any more).
    """
    try:
        async with (
            _client(url, token) as client,
            httpx_sse.aconnect_sse(client, "GET", f"{url}/alerts") as source,
        ):
            source.response.raise_for_status()
            async for event in source.aiter_sse():
                if event.data:
                    yield msgspec.json.decode(event.data, type=Alert | WaitingTimers)
    except (httpx.HTTPError, httpx_sse.SSEError) as error:
        raise Unreachable("The embedded backend is not heard any more") from error


async def acknowledge(url: str, token: str, alert_id: str) -> None:
    """An alert was told to its end: the server need not tell it again.

    Raises:
        Unreachable: the server is not there (any more).
    """
    try:
        async with _client(url, token) as client:
            response = await client.delete(f"{url}/alerts/{alert_id}")
            response.raise_for_status()
    except httpx.HTTPError as error:
        raise Unreachable("The embedded backend is not heard any more") from error


def _client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(SILENCE_S),
        trust_env=False,
        verify=url.startswith("https:"),  # else SSLKEYLOGFILE would be looked at
    )
