"""Sends requests to one server, repeats some after a failure, and raises errors for people."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import re
from contextlib import ExitStack, aclosing, asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import httpx
import msgspec

from voice_assistant.api.endpoints import CHAT, PARAMETERS, Endpoint
from voice_assistant.api.failures import breakdowns, failures
from voice_assistant.api.http.body import pieces
from voice_assistant.api.http.connections import ANSWER_S, Connections
from voice_assistant.api.http.http_client import CONNECT_S
from voice_assistant.api.http.multipart import Form
from voice_assistant.api.models import Result
from voice_assistant.api.wire import decode_body
from voice_assistant.system.suspend import asleep_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from voice_assistant.api.failures.breakdowns import Way
    from voice_assistant.api.http.authorization import KeyAuthorization, RenewKey
    from voice_assistant.api.models import Upload
    from voice_assistant.errors import BackendError

log = logging.getLogger(__name__)

T = TypeVar("T")

PROVIDER_S = 120.0
"""Seconds a server may take if a model works first: speech, complete answers, suggestions."""

MOST_SPEECH_BYTES = 100_000_000
"""The most bytes of one speech: half an hour of the largest usual format (WAV, 24 kHz)."""

_PATIENT = (CHAT, PARAMETERS)  # `backend.silence_s` limits the wait for these
_BROKEN = (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError)
_SURELY_TAKEN = 1_000_000  # bytes; the lowest usual limit of servers (nginx)
_GATEWAY = frozenset({502, 503, 504})
_PAUSE_S = (0.1, 0.4)


class Transport:
    """Asks one server, and reads its answers.

    Args:
        url: the base URL, which ends in `/v1`.
        api_key: the app's key; no log, error or repr shows the key.
        asleep_s: returns how long the machine has slept.
        renew_key: reads the key again when the server refuses it.
        own: whether the server is the embedded backend.

    Raises:
        ConfigError: see `Connections`.
    """

    def __init__(
        self,
        url: str,
        api_key: str,
        asleep_s: Callable[[], float] = asleep_s,
        renew_key: RenewKey | None = None,
        *,
        own: bool = False,
    ) -> None:
        self._connections = Connections(url, api_key, asleep_s, renew_key, own=own)

    @property
    def server_version(self) -> str:
        """The version that the server named last, "" before the first response."""
        return self._connections.server_version

    @property
    def server_ahead_s(self) -> float | None:
        """Seconds that the server's clock is ahead of ours; None if the server does not say."""
        return self._connections.server_ahead_s

    @property
    def authorization(self) -> KeyAuthorization:
        """The authorization with the key in use."""
        return self._connections.authorization

    @property
    def way(self) -> Way:
        """How the server is reached, for messages."""
        return self._connections.way

    def masked(self, text: str) -> str:
        """Return a server's words without the key, in case the server sent the key back."""
        return self._connections.masked(text)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._connections.aclose()

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
        """Send a request, and return the response's value; a failed GET is sent a second time.

        Raises:
            BackendError: the server cannot be reached, failed or refused.
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
        bytes_per_s: float = math.inf,
    ) -> T:
        """Send a file, and return the response's value.

        The response may take `answer_s` from the end of the file, and a second more for each
        `bytes_per_s` of a file that was complete before it was sent. A server that refuses early
        (401, 413) may close the connection during the upload, and then its response is lost. So
        after a break a small request is sent, which fails too if the key is bad; then the whole
        file is sent again, with its length.

        Raises:
            BackendError: the server cannot be reached, failed or refused.
            InputError: the file cannot be read.
        """
        form = Form(upload, user)
        key = self.authorization.key

        def limit_s(size: int) -> float:
            return answer_s + size / bytes_per_s

        try:
            response = await self._post(endpoint, form, limit_s, whole=False)
        except _BROKEN as error:
            log.info("an upload broke off (%s): asking why", type(error).__name__)
            await self.call(PARAMETERS, object)
            response = await self._post_again(endpoint, form, limit_s)
        except httpx.RequestError as error:
            raise self._failure(endpoint, error) from error
        if response.status_code == HTTPStatus.LENGTH_REQUIRED and form.is_live:
            response = await self._post_again(endpoint, form, limit_s)
        renewed = self.authorization.key != key
        if response.status_code == HTTPStatus.UNAUTHORIZED and renewed:
            response = await self._post_again(endpoint, form, limit_s)
        return self._read(endpoint, response, kind)

    @asynccontextmanager
    async def stream(
        self,
        endpoint: Endpoint,
        question: msgspec.Struct | None,
        *,
        ids: Mapping[str, str] | None = None,
        params: Mapping[str, str | int | bool | None] | None = None,
        media: str,
        answer_s: float,
        between_s: float = 0.0,
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Send a request, and read the response while it arrives.

        The end of the context closes the connection.

        Args:
            endpoint: the endpoint.
            question: the body of the request, if any.
            ids: the ids in the endpoint's path.
            params: the query of the request.
            media: a pattern that the response's Content-Type must have.
            answer_s: the most seconds until the response begins, and between its pieces.
            between_s: the most seconds between its pieces, where that is more.

        Raises:
            BackendError: the server does not answer, refuses, or sends another Content-Type; or
                the connection broke during the reading.
        """
        most_s = max(answer_s, between_s)
        request = self._request(endpoint, ids=ids, params=params, body=question, answer_s=most_s)
        try:
            response = await self._connections.begun(request, _in_all_s(answer_s))
            try:
                sent = response.headers.get("Content-Type", "").lower()
                if not response.is_success or not re.search(media, sent):
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
        return self._connections.client().build_request(
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
                response = await self._connections.exchange(request, limit_s)
                if response.status_code not in _GATEWAY:
                    return response
            except httpx.TimeoutException as error:
                raise self._failure(endpoint, error) from error
            except httpx.RequestError as error:
                log.debug("asking again: %s", type(error).__name__)
            await asyncio.sleep(random.uniform(*_PAUSE_S))  # noqa: S311 - no secret
        try:
            return await self._connections.exchange(request, limit_s)
        except httpx.RequestError as error:
            raise self._failure(endpoint, error) from error

    async def _refused(
        self, endpoint: Endpoint, response: httpx.Response, limit_s: float
    ) -> BackendError:
        """Return the error for a response without success, or with the wrong Content-Type."""
        try:
            async with asyncio.timeout(limit_s):
                whole = await self._connections.whole(response)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the refusal does not end") from error
        say = failures.refusal if failures.is_refusal(whole) else failures.nonsense
        return say(endpoint, whole, self.way)

    def _failure(self, endpoint: Endpoint, error: httpx.RequestError) -> BackendError:
        return breakdowns.connection_failure(error, self.way, patience=endpoint in _PATIENT)

    def _read(self, endpoint: Endpoint, response: httpx.Response, kind: type[T]) -> T:
        if failures.is_refusal(response):
            raise failures.refusal(endpoint, response, self.way)
        content = response.content
        if not content and kind is Result:
            content = b"{}"  # as newer servers confirm a deletion
        try:
            return decode_body(content, kind)
        except msgspec.DecodeError as error:
            raise failures.nonsense(endpoint, response, self.way) from error

    async def _post(
        self, endpoint: Endpoint, form: Form, limit_s: Callable[[int], float], *, whole: bool
    ) -> httpx.Response:
        with ExitStack() as files:
            content = await form.opened(files, whole=whole)
            headers = {"Content-Type": form.content_type}
            if content.length is not None:
                headers["Content-Length"] = str(content.length)
            answer_s = limit_s(content.length or 0)
            request = self._connections.client().build_request(
                "POST",
                endpoint.url(),
                content=content,
                headers=headers,
                timeout=httpx.Timeout(answer_s, connect=CONNECT_S),
            )
            async with aclosing(content):
                return await self._connections.exchange(request, _in_all_s(answer_s), content)

    async def _post_again(
        self, endpoint: Endpoint, form: Form, limit_s: Callable[[int], float]
    ) -> httpx.Response:
        try:
            return await self._post(endpoint, form, limit_s, whole=True)
        except httpx.RequestError as error:
            if isinstance(error, _BROKEN) and form.size > _SURELY_TAKEN:
                raise breakdowns.cut_off(form.size, self.way) from error
            raise self._failure(endpoint, error) from error


def _in_all_s(answer_s: float) -> float:
    """Return the seconds for a whole exchange in which each wait for bytes may take `answer_s`."""
    return answer_s + min(answer_s, CONNECT_S)
