"""HTTP to one server: the connections, the key, what is tried again, and errors for people."""

from __future__ import annotations

import asyncio
import logging
import random
import struct
from contextlib import ExitStack, aclosing, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import httpx
import msgspec
from socksio import SOCKSError

from voice_assistant import __version__
from voice_assistant.api import failures
from voice_assistant.api.body import pieces, read
from voice_assistant.api.certificates import tls
from voice_assistant.api.endpoints import CHAT, PARAMETERS, Endpoint
from voice_assistant.api.failures import Way
from voice_assistant.api.models import Result
from voice_assistant.api.multipart import Form
from voice_assistant.api.proxies import is_loopback, proxy_for
from voice_assistant.api.wire import decode
from voice_assistant.errors import ConfigError
from voice_assistant.system.suspend import NAP_S, asleep_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from voice_assistant.api.models import Upload
    from voice_assistant.api.multipart import Content
    from voice_assistant.errors import BackendError

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECT_S = 10.0
ANSWER_S = 30.0
"""Seconds a server may take for an ordinary request."""

PROVIDER_S = 120.0
"""The same where a model works first: speech, whole answers, suggestions."""

MOST_ANSWER_BYTES = 10_000_000
"""Of an answer in JSON. A page of 100 messages with their sources has about 1 MB."""

MOST_ERROR_BYTES = 2**16
"""Of a refusal; the rest is not read. Real ones have less than 10 KB."""

MOST_SPEECH_BYTES = 100_000_000
"""Of one request for speech: half an hour of the costliest kind that is usual (WAV, 24 kHz)."""

LEAST_SPEECH_BYTES_S = 500
"""What comes more slowly for longer than `PROVIDER_S` is no speech: codecs need 750 and more."""

_PATIENT = (CHAT, PARAMETERS)  # are waited for as long as `backend.silence_s`
_BROKEN = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)
_SURELY_TAKEN = 1_000_000  # bytes; the lowest limit that is usual (nginx)
_GATEWAY = frozenset({502, 503, 504})
_PAUSE_S = (0.1, 0.4)
_KEEP_ALIVE_S = 60.0  # a connection the server has closed meanwhile is noticed before it is used
_SHORTEST_KEY = 6  # what is shorter is masked nowhere: it would be found in ordinary words
_LAST_PORT = 2**16 - 1
_LONGEST_VERSION = 40


class Transport:
    """The connections to one server.

    Args:
        url: the base URL, which ends in `/v1`.
        api_key: the app's key; in no log, error or repr.
        asleep_s: tells how long the machine has slept.

    Attributes:
        server_version: what the last response called itself (`X-Version`), "" until then.

    Raises:
        ConfigError: the address, the key, or what the environment says of proxies or certificates
            cannot be used.
    """

    def __init__(self, url: str, api_key: str, asleep_s: Callable[[], float] = asleep_s) -> None:
        base = _base_url(url)
        self.server_version = ""
        host = base.netloc.decode()
        if is_unprotected(url):
            log.warning("the key and all words travel unprotected to %s: use https", host)
        key = _key(api_key)
        proxy = proxy_for(base)
        self._way = Way(host, str(base), proxy.name if proxy else "")

        def open_client() -> httpx.AsyncClient:
            return httpx.AsyncClient(
                base_url=base,
                headers={
                    "Authorization": f"Bearer {key}",
                    "User-Agent": f"voice-assistant/{__version__}",
                    "Accept-Encoding": "identity",  # compression holds events back
                },
                # Reading the certificates takes 17 ms.
                verify=tls() if base.scheme == "https" else False,
                timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
                limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE_S),
                proxy=proxy.url if proxy else None,
                trust_env=False,  # `api.proxies` and `api.certificates` read it
                event_hooks={"response": [self._note_version]},
            )

        def mask(text: bytes) -> bytes:
            return text.replace(key.encode(), b"***") if len(key) >= _SHORTEST_KEY else text

        self._mask = mask
        self._open_client = open_client
        self._asleep_s = asleep_s
        self._slept_s = asleep_s()
        self._clients = [self._prepared()]

    def _prepared(self) -> httpx.AsyncClient:
        """New connections; whatever httpx or ssl find wrong with the environment is for people."""
        try:
            return self._open_client()
        except ConfigError:
            raise
        except Exception as error:
            raise ConfigError(
                f"The way to {self._way.host} cannot be prepared ({type(error).__name__})",
                "The environment probably holds what cannot be used: look at HTTPS_PROXY, "
                "ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
            ) from error

    def masked(self, text: str) -> str:
        """Returns a server's words without the key, should the server have sent it back."""
        return self._mask(text.encode(errors="replace")).decode()

    def _client(self) -> httpx.AsyncClient:
        """The connections; after a sleep others, for nobody may be at the far end of the old ones.

        Those stay open for what is perhaps still read from them.
        """
        slept_s = self._asleep_s()
        if slept_s - self._slept_s > NAP_S:
            self._clients.append(self._prepared())
        self._slept_s = slept_s
        return self._clients[-1]

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients:
            await client.aclose()

    async def call(
        self,
        endpoint: Endpoint,
        kind: type[T],
        *,
        ids: Mapping[str, str] | None = None,
        params: Mapping[str, str | int | bool | None] | None = None,
        body: msgspec.Struct | None = None,
        answer_s: float = ANSWER_S,
    ) -> T:
        """Ask once (what only reads: twice, should it go wrong), and read the answer.

        Raises:
            BackendError: whatever went wrong.
        """
        request = self._request(endpoint, ids=ids, params=params, body=body, answer_s=answer_s)
        response = await self._send(endpoint, request, _in_all_s(answer_s))
        return self._read(endpoint, response, kind)

    async def upload(
        self,
        endpoint: Endpoint,
        kind: type[T],
        upload: Upload,
        user: str,
        *,
        answer_s: float = PROVIDER_S,
    ) -> T:
        """Send a file, and read the answer, which may take `answer_s` from the file's end on.

        A server that refuses early (401, 413) may close while there is still something to send,
        and its answer is lost with the connection. So after a break a small question is asked,
        which a bad key fails too; then all is sent once more, with its length.

        Raises:
            BackendError: whatever went wrong.
            InputError: the file cannot be read.
        """
        form = Form(upload, user)
        try:
            response = await self._post(endpoint, form, answer_s, whole=False)
        except _BROKEN as error:
            log.info("an upload broke off (%s): asking why", type(error).__name__)
            await self.call(PARAMETERS, object)
            response = await self._post_again(endpoint, form, answer_s)
        except httpx.RequestError as error:
            raise self._failure(endpoint, error) from error
        if response.status_code == HTTPStatus.LENGTH_REQUIRED and form.is_live:
            response = await self._post_again(endpoint, form, answer_s)
        return self._read(endpoint, response, kind)

    @asynccontextmanager
    async def stream(
        self, endpoint: Endpoint, question: msgspec.Struct, *, media: str, answer_s: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Ask, and read the answer while it comes; leaving the context ends the connection.

        Args:
            endpoint: what to ask.
            question: what is sent with it.
            media: what the answer's Content-Type has to hold.
            answer_s: seconds until the answer begins, and between its pieces.

        Raises:
            BackendError: there is no answer, a refusal, or one of another kind; the connection
                broke while it was read.
        """
        request = self._request(endpoint, body=question, answer_s=answer_s)
        try:
            response = await self._begun(request, _in_all_s(answer_s))
            try:
                if not response.is_success or media not in response.headers.get("Content-Type", ""):
                    raise await self._refused(endpoint, response, min(answer_s, ANSWER_S))
                async with aclosing(pieces(response)) as chunks:
                    yield chunks
            finally:
                await response.aclose()
        except httpx.RequestError as error:
            raise self._failure(endpoint, error) from error

    def _request(
        self,
        endpoint: Endpoint,
        *,
        ids: Mapping[str, str] | None = None,
        params: Mapping[str, str | int | bool | None] | None = None,
        body: msgspec.Struct | None = None,
        answer_s: float = ANSWER_S,
    ) -> httpx.Request:
        given = {key: value for key, value in (params or {}).items() if value not in (None, "")}
        return self._client().build_request(
            endpoint.method,
            endpoint.url(**(ids or {})),
            params=given or None,
            content=None if body is None else msgspec.json.encode(body),
            headers=None if body is None else {"Content-Type": "application/json"},
            timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
        )

    async def _send(
        self, endpoint: Endpoint, request: httpx.Request, limit_s: float
    ) -> httpx.Response:
        if request.method == "GET":
            try:
                response = await self._exchange(request, limit_s)
                if response.status_code not in _GATEWAY:
                    return response
            except httpx.TimeoutException as error:
                raise self._failure(endpoint, error) from error
            except httpx.RequestError as error:
                log.debug("asking again: %s", type(error).__name__)
            await asyncio.sleep(random.uniform(*_PAUSE_S))  # noqa: S311 - no secret
        try:
            return await self._exchange(request, limit_s)
        except httpx.RequestError as error:
            raise self._failure(endpoint, error) from error

    async def _exchange(
        self, request: httpx.Request, limit_s: float, content: Content | None = None
    ) -> httpx.Response:
        """The whole response, its body up to a limit.

        httpx limits each wait for bytes alone: headers or a body that come one byte at a time, or
        `100 Continue` again and again, would be waited for without end.

        Args:
            request: what to send.
            limit_s: seconds for all of it.
            content: what is sent with it, which may take any time: the limit counts from its end.
        """
        try:
            async with asyncio.timeout(None if content else limit_s) as limit:
                if content:
                    clock = asyncio.get_running_loop().time
                    content.when_sent(lambda: limit.reschedule(clock() + limit_s))
                response = await self._dispatch(request)
                try:
                    return await self._whole(response)
                finally:
                    await response.aclose()
        except TimeoutError as error:
            raise httpx.ReadTimeout("the answer does not end", request=request) from error

    async def _begun(self, request: httpx.Request, limit_s: float) -> httpx.Response:
        """The response as soon as its headers are there; the caller closes it."""
        try:
            async with asyncio.timeout(limit_s):
                return await self._dispatch(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the headers do not end", request=request) from error

    async def _dispatch(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._client().send(request, stream=True)
        except (UnicodeError, OverflowError) as error:
            raise httpx.UnsupportedProtocol("no name of a host", request=request) from error
        except (SOCKSError, AssertionError, LookupError, ValueError, struct.error) as error:
            # httpcore expects a SOCKS proxy to speak SOCKS, and asserts it.
            raise httpx.ProxyError("it does not speak SOCKS", request=request) from error

    async def _whole(self, response: httpx.Response) -> httpx.Response:
        """The same with its body read, unpacked, and the key masked.

        Raises:
            ServerBug: a success is too large.
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

    async def _refused(
        self, endpoint: Endpoint, response: httpx.Response, limit_s: float
    ) -> BackendError:
        """What a response says that is no success, or of a kind that was not asked for."""
        try:
            async with asyncio.timeout(limit_s):
                whole = await self._whole(response)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the refusal does not end") from error
        say = failures.nonsense if whole.is_success else failures.refusal
        return say(endpoint, whole, self._way)

    def _failure(self, endpoint: Endpoint, error: httpx.RequestError) -> BackendError:
        return failures.connection_failure(error, self._way, patience=endpoint in _PATIENT)

    def _read(self, endpoint: Endpoint, response: httpx.Response, kind: type[T]) -> T:
        if not response.is_success:
            raise failures.refusal(endpoint, response, self._way)
        content = response.content
        if not content and (response.status_code == HTTPStatus.NO_CONTENT or kind is Result):
            content = b"{}"  # as newer servers confirm a deletion
        try:
            return decode(content, kind)
        except msgspec.DecodeError as error:
            raise failures.nonsense(endpoint, response, self._way) from error

    async def _post(
        self, endpoint: Endpoint, form: Form, answer_s: float, *, whole: bool
    ) -> httpx.Response:
        with ExitStack() as files:
            content = await form.opened(files, whole=whole)
            headers = {"Content-Type": form.content_type}
            if content.length is not None:
                headers["Content-Length"] = str(content.length)
            request = self._client().build_request(
                "POST",
                endpoint.url(),
                content=content,
                headers=headers,
                timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
            )
            async with aclosing(content):
                return await self._exchange(request, _in_all_s(answer_s), content)

    async def _post_again(self, endpoint: Endpoint, form: Form, answer_s: float) -> httpx.Response:
        try:
            return await self._post(endpoint, form, answer_s, whole=True)
        except httpx.RequestError as error:
            if isinstance(error, _BROKEN) and form.size > _SURELY_TAKEN:
                raise failures.cut_off(form.size) from error
            raise self._failure(endpoint, error) from error

    async def _note_version(self, response: httpx.Response) -> None:
        if version := response.headers.get("X-Version"):
            self.server_version = failures.plain(version, _LONGEST_VERSION)


def is_unprotected(url: str) -> bool:
    """Whether everybody on the way can read along: plain HTTP that leaves this machine.

    Raises:
        ConfigError: it is no address.
    """
    base = _base_url(url)
    return base.scheme == "http" and not is_loopback(base.host)


def _in_all_s(answer_s: float) -> float:
    """Seconds for a whole exchange in which each wait for bytes may take `answer_s`."""
    return answer_s + min(answer_s, CONNECT_S)


def _base_url(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise ConfigError(f"{url!r} is no address", "Copy it from the app's API page.") from error
    if base.userinfo:
        raise ConfigError(
            f"The address of {base.host} holds a user name or a password",
            "They would be sent in place of the API key: leave them out.",
        )
    if base.scheme not in ("http", "https") or not base.host:
        raise ConfigError(f"{url!r} is no address of a server", "It begins with https://.")
    if base.port is not None and not 0 < base.port <= _LAST_PORT:
        raise ConfigError(
            f"{url!r} names port {base.port}", f"Ports go from 1 to {_LAST_PORT}: correct the URL."
        )
    return base


def _key(api_key: str) -> str:
    """The key without blanks around it; httpx would name it in its error about a bad one."""
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(
            "The API key is empty or holds characters that no key has",
            "Set it again with `voice-assistant config set-key`.",
        )
    return key
