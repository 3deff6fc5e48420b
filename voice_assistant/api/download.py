"""Downloads a published file: checked, and taken up again where it broke off."""

from __future__ import annotations

import asyncio
import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import httpx

from voice_assistant.api.failures.breakdowns import Way, connection_failure
from voice_assistant.api.http.http_client import http_client
from voice_assistant.api.http.proxies import is_loopback, proxy_for
from voice_assistant.errors import BackendError, ConfigError, InputError, Rejected
from voice_assistant.system.plain_files import told
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SILENCE_S = 30.0
"""Seconds without a byte after which a download has broken off."""

MOST_REDIRECTS = 5
TRIES = 4
"""How often a download that broke off is taken up again at once."""


class Published(NamedTuple):
    """A file as it was published.

    Attributes:
        url: where it is; HTTPS, unless it is on this machine.
        size: its size in bytes.
        sha256: its hash, in hexadecimal digits.
    """

    url: str
    size: int
    sha256: str


async def download(
    published: Published, part: Path, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Download a file to `part`; what is there already is not fetched again.

    Args:
        published: the file.
        part: where the bytes go; if the download fails, they stay for the next try.
        progress: is told how many bytes are there.

    Raises:
        BackendError: the server does not deliver.
        ConfigError: the address, or the environment's proxy or certificates cannot be used.
        InputError: what came is not the published file; it was deleted.
        StorageError: the disk refuses.
    """
    url = _address(published.url)
    proxy = proxy_for(url)
    way = Way(url.netloc.decode(), "", proxy.name if proxy else "")
    async with http_client(url, proxy, SILENCE_S) as client:
        for left in reversed(range(TRIES)):
            before = _size(part)
            try:
                await _fetch(client, url, published, part, progress)
                break
            except httpx.RequestError as error:
                if not left or _size(part) == before:
                    raise connection_failure(error, way) from error
    await asyncio.to_thread(_check, published, part)


async def _fetch(
    client: httpx.AsyncClient,
    url: httpx.URL,
    published: Published,
    part: Path,
    progress: Callable[[int], None],
) -> None:
    """Fetch what is missing."""
    have = _size(part)
    if have >= published.size:
        return
    headers = {"Range": f"bytes={have}-"} if have else {}
    for _redirect in range(MOST_REDIRECTS):
        async with client.stream("GET", url, headers=headers) as response:
            if response.has_redirect_location:
                url = _address(str(url.join(response.headers["Location"])))
                continue
            await _keep(response, have, published, part, progress)
            return
    raise Rejected(_("{host} redirects again and again", host=url.host), _("Try another mirror."))


async def _keep(
    response: httpx.Response,
    have: int,
    published: Published,
    part: Path,
    progress: Callable[[int], None],
) -> None:
    """Write a response behind the bytes that are there, unless it begins at the first byte."""
    goes_on = response.status_code == HTTPStatus.PARTIAL_CONTENT and response.headers.get(
        "Content-Range", ""
    ).startswith(f"bytes {have}-")
    if not goes_on and response.status_code != HTTPStatus.OK:
        raise Rejected(
            _(
                "{host} does not deliver the file (status {status_code})",
                host=response.url.host,
                status_code=response.status_code,
            ),
            _("Try again later, or another mirror."),
            status=response.status_code,
        )
    size = have if goes_on else 0
    with (
        told(_("{part} cannot be written", part=part)),
        part.open("ab" if goes_on else "wb") as file,
    ):
        async for data in response.aiter_raw():
            size += len(data)
            file.write(data)
            if size > published.size:
                break  # the hash will tell
            progress(size)


def _check(published: Published, part: Path) -> None:
    with told(_("{part} cannot be read", part=part)), part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if _size(part) < published.size:
        raise BackendError(
            _("The download broke off"), _("Run the command again: it goes on from there.")
        )
    if found != published.sha256:
        part.unlink(missing_ok=True)
        raise InputError(
            _("What was downloaded is not the file that was published"),
            _("Nothing of it is kept. Try again, or another mirror."),
        )


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _address(text: str) -> httpx.URL:
    """Return an address that is safe to download from.

    Raises:
        ConfigError: it is not.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ConfigError(
            _("{text!r} is no address", text=text), _("It begins with https://.")
        ) from error
    if not url.host or not (
        url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))
    ):
        raise ConfigError(
            _("Nothing is downloaded from {text!r}", text=text),
            _("Its address begins with https://."),
        )
    return url
