"""Opens the connections to one server, and reads responses up to a limit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx
from socksio import SOCKSError

from voice_assistant.api.failures import failures
from voice_assistant.api.failures.breakdowns import Way
from voice_assistant.api.http.authorization import KeyAuthorization
from voice_assistant.api.http.body import read
from voice_assistant.api.http.http_client import http_client
from voice_assistant.api.http.proxies import is_loopback, proxy_for
from voice_assistant.errors import ConfigError
from voice_assistant.system.suspend import NAP_S
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.api.http.authorization import RenewKey
    from voice_assistant.api.http.multipart import Content

log = logging.getLogger(__name__)

ANSWER_S = 30.0
"""Seconds a server may take for an ordinary request."""

MOST_ANSWER_BYTES = 10_000_000
"""The most bytes of a JSON response. A page of 100 messages with their sources has about 1 MB."""

MOST_ERROR_BYTES = 2**16
"""The most bytes that are read of a refusal. Real refusals have less than 10 KB."""

_KEEP_ALIVE_S = 60.0  # a connection the server has closed meanwhile is noticed before it is used
_SHORTEST_KEY = 6  # a shorter key is not masked: it would be found in ordinary words
_LAST_PORT = 2**16 - 1
_LONGEST_VERSION = 40


class Connections:
    """The connections to one server.

    Args:
        url: the base URL, which ends in `/v1`.
        api_key: the app's key; no log, error or repr shows the key.
        asleep_s: returns how long the machine has slept.
        renew_key: reads the key again when the server refuses it.
        own: whether the server is the embedded backend.

    Attributes:
        authorization: holds the key in use.
        server_version: the version in the last response (`X-Version`), "" before.
        server_ahead_s: how far the server's clock was ahead of ours then; None if it does not say.
        way: how the server is reached, for messages.

    Raises:
        ConfigError: the address, the key, or the environment's proxy or certificates cannot be
            used.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        asleep_s: Callable[[], float],
        renew_key: RenewKey | None = None,
        *,
        own: bool = False,
    ) -> None:
        base = _base_url(url)
        self.server_version = ""
        self.server_ahead_s: float | None = None
        host = base.netloc.decode()
        if is_unprotected(url):
            log.warning("the key and all words travel unprotected to %s: use https", host)
        self.authorization = KeyAuthorization(_key(api_key), renew_key)
        proxy = proxy_for(base)
        self.way = Way(host, str(base), proxy.name if proxy else "", own)

        def open_client() -> httpx.AsyncClient:
            return http_client(
                base,
                proxy,
                ANSWER_S,
                base_url=base,
                auth=self.authorization,
                limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE_S),
                event_hooks={"response": [self._note_headers]},
            )

        self._open_client = open_client
        self._asleep_s = asleep_s
        self._slept_s = asleep_s()
        self._clients = [self._prepared()]

    def _prepared(self) -> httpx.AsyncClient:
        """Return new connections; errors of httpx or ssl about the environment become sentences."""
        try:
            return self._open_client()
        except ConfigError:
            raise
        except Exception as error:
            raise ConfigError(
                _(
                    "The way to {host} cannot be prepared ({name})",
                    host=self.way.host,
                    name=type(error).__name__,
                ),
                _(
                    "An environment variable probably has a wrong value: check HTTPS_PROXY, "
                    "ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR."
                ),
            ) from error

    def masked(self, text: str) -> str:
        """Return a server's words without the key, in case the server sent the key back."""
        return self._mask(text.encode(errors="replace")).decode()

    def client(self) -> httpx.AsyncClient:
        """Return the connections; new ones after the machine slept, for the old ones may be dead.

        The old connections stay open, because a response may still be read from them.
        """
        slept_s = self._asleep_s()
        if slept_s - self._slept_s > NAP_S:
            self._clients.append(self._prepared())
        self._slept_s = slept_s
        return self._clients[-1]

    def _mask(self, text: bytes) -> bytes:
        key = self.authorization.key
        return text.replace(key.encode(), b"***") if len(key) >= _SHORTEST_KEY else text

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients:
            await client.aclose()

    async def exchange(
        self, request: httpx.Request, limit_s: float, content: Content | None = None
    ) -> httpx.Response:
        """Send a request, and return the complete response, with its body up to a limit.

        httpx limits only each single wait for bytes: headers or a body that come one byte at a
        time, or `100 Continue` again and again, would take forever.

        Args:
            request: the request.
            limit_s: seconds for the whole exchange.
            content: the body of the request, if any; it may take any time, and the limit counts
                from its end.
        """
        try:
            async with asyncio.timeout(None if content else limit_s) as limit:
                if content:
                    clock = asyncio.get_running_loop().time
                    content.when_sent(lambda: limit.reschedule(clock() + limit_s))
                response = await self._dispatch(request)
                try:
                    return await self.whole(response)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise httpx.ReadTimeout("the answer does not end", request=request) from error

    async def begun(self, request: httpx.Request, limit_s: float) -> httpx.Response:
        """Return the response as soon as its headers are there; the caller closes it."""
        try:
            async with asyncio.timeout(limit_s):
                return await self._dispatch(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the headers do not end", request=request) from error

    async def _dispatch(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self.client().send(request, stream=True)
        except (UnicodeError, OverflowError) as error:
            raise httpx.UnsupportedProtocol("no name of a host", request=request) from error
        except (SOCKSError, AssertionError, LookupError, ValueError, struct.error) as error:
            # httpcore expects a SOCKS proxy to speak SOCKS, and asserts it.
            raise httpx.ProxyError("it does not speak SOCKS", request=request) from error

    async def whole(self, response: httpx.Response) -> httpx.Response:
        """Return the response with its body read, unpacked, and the key masked.

        Raises:
            ServerBug: the body of a success is too large.
        """
        limit = MOST_ANSWER_BYTES if response.is_success else MOST_ERROR_BYTES
        content, over = await read(response, limit)
        if over and response.is_success:
            raise failures.too_much(limit)
        kept = {
            name: response.headers[name]
            for name in ("Content-Type", "Location", "Retry-After", "X-Version")
            if name in response.headers
        }
        return httpx.Response(
            response.status_code,
            headers=kept,
            content=self._mask(content),
            request=response.request,
        )

    async def _note_headers(self, response: httpx.Response) -> None:
        if version := response.headers.get("X-Version"):
            self.server_version = failures.plain(version, _LONGEST_VERSION)
        with contextlib.suppress(ValueError):  # no date, or none that can be read
            told = parsedate_to_datetime(response.headers.get("Date", ""))
            self.server_ahead_s = told.timestamp() - time.time()


def is_unprotected(url: str) -> bool:
    """Return whether others can read the traffic: plain HTTP that leaves this machine.

    Raises:
        ConfigError: `url` is not an address.
    """
    base = _base_url(url)
    return base.scheme == "http" and not is_loopback(base.host)


def _base_url(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.strip())
        host = base.host
    except (httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: `idna`'s, of the host
        raise ConfigError(
            _("{url!r} is no address", url=url),
            _("Copy it from the page of the app's API in Dify."),
        ) from error
    if base.userinfo:
        raise ConfigError(
            _("The address of {host} holds a user name or a password", host=host),
            _("They would be sent in place of the app's key: leave them out."),
        )
    if base.scheme not in ("http", "https") or not host:
        raise ConfigError(
            _("{url!r} is no address of a server", url=url), _("It begins with https://.")
        )
    if base.port is not None and not 0 < base.port <= _LAST_PORT:
        raise ConfigError(
            _("{url!r} names port {port}", url=url, port=base.port),
            _("Ports go from 1 to {last}: correct the URL.", last=_LAST_PORT),
        )
    return base


def _key(api_key: str) -> str:
    """Return the key without blanks around it.

    A bad key is refused here, because the error of httpx would show the key.
    """
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(
            _("The app's key is empty or holds characters that no key has"),
            _("Set it again with `voice-assistant config set-key`."),
        )
    return key
