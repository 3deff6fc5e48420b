"""What the embedded backend and its assistant tell each other, beside Dify's API.

The backend tells unasked: timers, and words while they are spoken. The assistant tells what it has
heard itself.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import httpx
import httpx_sse
import msgspec

from voice_assistant.api.failures.breakdowns import own_gone
from voice_assistant.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voice_assistant.api.models import Transcript

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


class HeardSoFar(msgspec.Struct, frozen=True, tag_field="event", tag="heard_so_far"):
    """The words of a recording that is still spoken."""

    text: str


async def alerts(url: str, token: str) -> AsyncGenerator[Alert | WaitingTimers, None]:
    """Yield the announcements of the server at `url`, and its timers whenever these change.

    Raises:
        Unreachable: the server cannot be reached (any more).
    """
    async with aclosing(_events(f"{url}/alerts", token)) as coming:
        async for data in coming:
            yield msgspec.json.decode(data, type=Alert | WaitingTimers)


async def words_so_far(url: str, token: str, user: str) -> AsyncGenerator[str, None]:
    """Yield the words of the user's recordings while these are spoken, without an end.

    Raises:
        Unreachable: the server cannot be reached (any more).
    """
    address = httpx.URL(f"{url}/audio-to-text/so-far", params={"user": user})
    async with aclosing(_events(str(address), token)) as coming:
        async for data in coming:
            yield msgspec.json.decode(data, type=HeardSoFar).text


async def tell_heard(url: str, token: str, transcript: Transcript) -> None:
    """Tell the server what was heard here: its answer to that reads back unsure words, and numbers.

    Raises:
        Unreachable: the server is not there (any more).
    """
    try:
        async with _client(url, token) as client:
            response = await client.post(
                f"{url}/audio-to-text/heard",
                content=msgspec.json.encode(transcript),
                headers={"Content-Type": "application/json"},
            )
            response.raise_for_status()
    except httpx.HTTPError as error:
        raise own_gone(Unreachable) from error


async def _events(address: str, token: str) -> AsyncGenerator[str, None]:
    """Yield the data of each event that the server sends.

    Raises:
        Unreachable: the server cannot be reached (any more).
    """
    try:
        async with (
            _client(address, token) as client,
            httpx_sse.aconnect_sse(client, "GET", address) as source,
        ):
            source.response.raise_for_status()
            async for event in source.aiter_sse():
                if event.data:
                    yield event.data
    except (httpx.HTTPError, httpx_sse.SSEError) as error:
        raise own_gone(Unreachable) from error


async def acknowledge(url: str, token: str, alert_id: str) -> None:
    """Tell the server that an alert was told to its end: it sends that one no more.

    Raises:
        Unreachable: the server is not there (any more).
    """
    try:
        async with _client(url, token) as client:
            response = await client.delete(f"{url}/alerts/{alert_id}")
            response.raise_for_status()
    except httpx.HTTPError as error:
        raise own_gone(Unreachable) from error


def _client(url: str, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        headers={"Authorization": f"Bearer {token}"},
        timeout=httpx.Timeout(SILENCE_S),
        trust_env=False,
        verify=url.startswith("https:"),  # else SSLKEYLOGFILE would be looked at
    )
