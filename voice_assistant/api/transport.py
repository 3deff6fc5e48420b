"""HTTP to one server: the connections, the key, what is tried again, and errors for people."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import random
from contextlib import aclosing, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar, cast

import httpx
import msgspec

from voice_assistant import __version__
from voice_assistant.api import failures
from voice_assistant.api.authorization import KeyAuthorization
from voice_assistant.api.endpoints import PARAMETERS, Endpoint
from voice_assistant.api.multipart import Form
from voice_assistant.api.wire import decode
from voice_assistant.errors import ConfigError
from voice_assistant.system.suspend import NAP_S, asleep_s

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Mapping

    from voice_assistant.api.authorization import RenewKey
    from voice_assistant.api.models import Upload

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECT_S = 10.0
ANSWER_S = 30.0
"""Seconds a server may take for an ordinary request."""

PROVIDER_S = 120.0
"""The same where a model works first: speech, whole answers, suggestions."""

_BROKEN = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)
_SURELY_TAKEN = 1_000_000  # bytes; the lowest limit that is usual (nginx)
_GATEWAY = frozenset({502, 503, 504})
_PAUSE_S = (0.1, 0.4)
_KEEP_ALIVE_S = 60.0  # a connection the server has closed meanwhile is noticed before it is used


class Transport:
    """The connections to one server.

    Args:
        url: the base URL, which ends in `/v1`.
        api_key: the app's key; in no log, error or repr.
        asleep_s: tells how long the machine has slept.
        renew_key: reads the key anew when the server refuses it.

    Attributes:
        authorization: holds the key in use.
        server_version: what the last response called itself (`X-Version`), "" until then.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        asleep_s: Callable[[], float] = asleep_s,
        renew_key: RenewKey | None = None,
    ) -> None:
        base = _base_url(url)
        self.server_version = ""
        self._host = base.netloc.decode()
        if is_unprotected(url):
            log.warning("the key and all words travel unprotected to %s: use https", self._host)
        self.authorization = KeyAuthorization(_key(api_key), renew_key)

        def open_client() -> httpx.AsyncClient:
            return httpx.AsyncClient(
                base_url=base,
                auth=self.authorization,
                headers={"User-Agent": f"voice-assistant/{__version__}"},
                verify=base.scheme == "https",  # reading the certificates takes 17 ms
                timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
                limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE_S),
                # A proxy of the environment is for other hosts than this one.
                mounts={f"all://{self._host}": None} if _is_loopback(base.host) else None,
                event_hooks={"response": [self._note_version]},
            )

        self._open_client = open_client
        self._asleep_s = asleep_s
        self._slept_s = asleep_s()
        self._clients = [self._open_client()]

    def _client(self) -> httpx.AsyncClient:
        """The connections; after a sleep others, for nobody may be at the far end of the old ones.

        Those stay open for what is perhaps still read from them.
        """
        slept_s = self._asleep_s()
        if slept_s - self._slept_s > NAP_S:
            self._clients.append(self._open_client())
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
        return _read(endpoint, await self._send(request), kind)

    async def upload(self, endpoint: Endpoint, kind: type[T], upload: Upload, user: str) -> T:
        """Send a file.

        A server that refuses early (401, 413) may close while there is still something to send,
        and its answer is lost with the connection. So after a break a small question is asked,
        which a bad key fails too; then all is sent once more, with its length.

        Raises:
            BackendError: whatever went wrong.
            InputError: the file cannot be read.
        """
        form = Form(upload, user)
        key = self.authorization.key
        try:
            response = await self._post(endpoint, form)
        except _BROKEN as error:
            log.info("an upload broke off (%s): asking why", type(error).__name__)
            await self.call(PARAMETERS, object)
            response = await self._post_again(endpoint, form)
        except httpx.RequestError as error:
            raise failures.connection_failure(error, host=self._host) from error
        if response.status_code == HTTPStatus.LENGTH_REQUIRED and form.is_live:
            response = await self._post_again(endpoint, form)
        renewed = form.is_live and self.authorization.key != key  # what is whole was sent again
        if response.status_code == HTTPStatus.UNAUTHORIZED and renewed:
            response = await self._post_again(endpoint, form)
        return _read(endpoint, response, kind)

    @asynccontextmanager
    async def stream(
        self, endpoint: Endpoint, body: msgspec.Struct, *, media: str, answer_s: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Ask, and read the answer while it comes; leaving the context ends the connection.

        Args:
            endpoint: what to ask.
            body: the question.
            media: what the answer's Content-Type has to hold.
            answer_s: seconds until the answer begins, and between its pieces.

        Raises:
            BackendError: there is no answer, a refusal, or one of another kind; the connection
                broke while it was read.
        """
        request = self._request(endpoint, body=body, answer_s=answer_s)
        request.headers["Accept-Encoding"] = "identity"  # compression holds events back
        try:
            response = await self._client().send(request, stream=True)
            try:
                if not response.is_success:
                    await response.aread()
                    raise failures.refusal(endpoint, response)
                if media not in response.headers.get("Content-Type", ""):
                    await response.aread()
                    raise failures.nonsense(endpoint, response)
                chunks = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
                async with aclosing(chunks):
                    yield chunks
            finally:
                await response.aclose()
        except httpx.RequestError as error:
            raise failures.connection_failure(error, host=self._host) from error

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

    async def _send(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            try:
                response = await self._client().send(request)
                if response.status_code not in _GATEWAY:
                    return response
            except httpx.TimeoutException as error:
                raise failures.connection_failure(error, host=self._host) from error
            except httpx.RequestError as error:
                log.debug("asking again: %s", type(error).__name__)
            await asyncio.sleep(random.uniform(*_PAUSE_S))  # noqa: S311 - no secret
        try:
            return await self._client().send(request)
        except httpx.RequestError as error:
            raise failures.connection_failure(error, host=self._host) from error

    async def _post(self, endpoint: Endpoint, form: Form) -> httpx.Response:
        if not form.is_live:
            return await self._post_content(endpoint, form, await form.whole())
        async with aclosing(form.live()) as pieces:
            return await self._post_content(endpoint, form, pieces)

    async def _post_again(self, endpoint: Endpoint, form: Form) -> httpx.Response:
        content = await form.whole()
        try:
            return await self._post_content(endpoint, form, content)
        except httpx.RequestError as error:
            if isinstance(error, _BROKEN) and len(content) > _SURELY_TAKEN:
                raise failures.cut_off(len(content)) from error
            raise failures.connection_failure(error, host=self._host) from error

    async def _post_content(
        self, endpoint: Endpoint, form: Form, content: bytes | AsyncIterable[bytes]
    ) -> httpx.Response:
        return await self._client().post(
            endpoint.url(),
            content=content,
            headers={"Content-Type": form.content_type},
            timeout=httpx.Timeout(PROVIDER_S, connect=CONNECT_S),
        )

    async def _note_version(self, response: httpx.Response) -> None:
        self.server_version = response.headers.get("X-Version", self.server_version)


def is_unprotected(url: str) -> bool:
    """Whether everybody on the way can read along: plain HTTP that leaves this machine.

    Raises:
        ConfigError: it is no address.
    """
    base = _base_url(url)
    return base.scheme == "http" and not _is_loopback(base.host)


def _read(endpoint: Endpoint, response: httpx.Response, kind: type[T]) -> T:
    if not response.is_success:
        raise failures.refusal(endpoint, response)
    try:
        return decode(response.content or b"{}", kind)  # 204 has no body
    except msgspec.DecodeError as error:
        raise failures.nonsense(endpoint, response) from error


def _base_url(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise ConfigError(f"{url!r} is no address", "Copy it from the app's API page.") from error
    if base.scheme not in ("http", "https") or not base.host:
        raise ConfigError(f"{url!r} is no address of a server", "It begins with https://.")
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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
