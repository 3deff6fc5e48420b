"""Fetches a file that an answer brings, by the address that the server names."""

from __future__ import annotations

import asyncio
import mimetypes
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

import httpx

from voice_assistant.api.failures.breakdowns import Way, connection_failure
from voice_assistant.api.failures.failures import too_much
from voice_assistant.api.http.http_client import http_client
from voice_assistant.api.http.proxies import proxy_for
from voice_assistant.errors import NotFound, Rejected
from voice_assistant.system.plain_files import told
from voice_assistant.system.private_files import opener
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

SILENCE_S = 30.0
MOST_BYTES = 100_000_000
"""The most bytes of one file: a film that is larger is better watched where it is."""

MOST_REDIRECTS = 5


async def fetch(address: str, server: str, place: Callable[[str], Path]) -> Path:
    """Fetch a file, and return where it is.

    The key is not sent: such addresses are signed, and may belong to another server. An answer may
    name any address; one that is not HTTPS is only fetched from the app's own server.

    Args:
        address: the file's address, also one without a server.
        server: the address of the app.
        place: returns where a file goes whose name is like this one.

    Raises:
        BackendError: the address is not fetched from, or the file does not come.
        ConfigError: the environment's proxy or certificates cannot be used.
        StorageError: the disk refuses.
    """
    url = _checked(address, server, server)
    for _redirect in range(MOST_REDIRECTS):
        proxy = proxy_for(url)
        try:
            async with (
                http_client(url, proxy, SILENCE_S) as client,
                client.stream("GET", url) as response,
            ):
                if not response.has_redirect_location:
                    return await _kept(response, place)
                url = _checked(response.headers["Location"], str(url), server)
        except httpx.RequestError as error:
            way = Way(url.netloc.decode(), "", proxy.name if proxy else "")
            raise connection_failure(error, way) from error
    raise Rejected(_("{host} redirects again and again", host=url.host))


def is_of(address: str, server: str) -> bool:
    """Return whether an address, also one without a server, is at the server of an app."""
    try:
        return httpx.URL(server).join(address).host == httpx.URL(server).host
    except (httpx.InvalidURL, UnicodeError):
        return False


async def _kept(response: httpx.Response, place: Callable[[str], Path]) -> Path:
    if not response.is_success:
        raise NotFound(_("The server does not have the file any more"), status=response.status_code)
    name = PurePosixPath(response.url.path).name
    if "." not in name:
        mime = response.headers.get("Content-Type", "").partition(";")[0].strip()
        name = f"{name or 'file'}{mimetypes.guess_extension(mime) or ''}"
    file = place(name)
    try:
        with told(_("{file} cannot be written", file=file)), await _opened(file) as written:
            async for data in _limited(response):
                written.write(data)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file


async def _opened(file: Path) -> BinaryIO:
    return await asyncio.to_thread(lambda: open(file, "wb", opener=opener))


async def _limited(response: httpx.Response) -> AsyncIterator[bytes]:
    size = 0
    async for data in response.aiter_bytes():
        size += len(data)
        if size > MOST_BYTES:
            raise too_much(MOST_BYTES, _("The file"))
        yield data


def _checked(address: str, base: str, server: str) -> httpx.URL:
    """Return the whole address.

    Raises:
        Rejected: it is not fetched from.
    """
    try:
        url = httpx.URL(base).join(address)
        own = httpx.URL(server).host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Rejected(_("The answer names a file at no address")) from error
    if not url.host or not (url.scheme == "https" or (url.scheme == "http" and url.host == own)):
        raise Rejected(_("The answer names a file at an address that is not fetched from"))
    return url
