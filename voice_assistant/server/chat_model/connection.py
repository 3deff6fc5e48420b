"""Sends requests to a chat model's server, and turns its failures into errors for people."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from contextlib import aclosing
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

import httpx
import msgspec

from voice_assistant.api.http.body import pieces, read
from voice_assistant.api.http.http_client import http_client
from voice_assistant.api.http.proxies import proxy_for
from voice_assistant.api.wire import decode
from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    NotFound,
    RateLimited,
    Rejected,
    ServerBug,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voice_assistant.server.chat_model.access import Access
    from voice_assistant.server.chat_model.completion import Completion

log = logging.getLogger(__name__)

CONNECT_S = 5.0
FIRST_S = 120.0
"""Seconds until an answer begins: a server on this machine may load the model first."""

SILENCE_S = 60.0
"""Seconds between two pieces of an answer."""

LIST_S = 5.0
"""Seconds for a list of models."""

MOST_ERROR_BYTES = 1 << 16
MOST_LIST_BYTES = 1 << 22
MOST_ANSWER_BYTES = 1 << 24
MOST_TEXT_LETTERS = 50_000
"""An answer of this length takes an hour to be read aloud: the model repeats itself."""


class Connection:
    """The connection to the server of one chat model; an async context manager.

    Args:
        access: the address and the key.
        first_s: the most seconds until an answer begins.
        silence_s: the most seconds between two pieces of an answer.

    Raises:
        ConfigError: (by `async with`) the environment's proxy or certificates cannot be used.
    """

    def __init__(
        self, access: Access, *, first_s: float = FIRST_S, silence_s: float = SILENCE_S
    ) -> None:
        self._access = access
        self._first_s = first_s
        self._silence_s = silence_s
        self._client: httpx.AsyncClient | None = None

    @property
    def host(self) -> str:
        """Return the server's name and port, for messages."""
        return httpx.URL(self._access.url).netloc.decode()

    def name_model(self, model: str) -> None:
        """Ask this model from now on."""
        self._access = msgspec.structs.replace(self._access, model=model)

    async def __aenter__(self) -> Self:
        """Return the connection; it opens with the first request."""
        url = httpx.URL(self._access.url.rstrip("/") + "/")
        key = self._access.key
        self._client = http_client(
            url,
            proxy_for(url),
            self._first_s,
            connect_s=CONNECT_S,
            headers={"Authorization": f"Bearer {key}"} if key else None,
            base_url=url,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        if self._client:
            await self._client.aclose()

    async def get(self, path: str, kind: type[Any], body: Any = None) -> Any:
        """Return a JSON value of the server.

        Args:
            path: relative to the base address; "/api/show" is relative to the server.
            kind: the value's type.
            body: what to POST; None for a GET.

        Raises:
            BackendError: the server cannot be reached, refuses, or sends something else.
        """
        assert self._client  # noqa: S101  (in the context)
        url = httpx.URL(self._access.url).join(path) if path.startswith("/") else path
        request = self._client.build_request(
            "GET" if body is None else "POST", url, json=body, timeout=LIST_S
        )
        async with self._response(request, LIST_S) as response:
            content, _ = await read(response, MOST_LIST_BYTES)
        try:
            return decode(content, kind)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise ServerBug(f"{self.host} is no server of a chat model") from error

    async def complete(
        self, body: dict[str, Any], completion: Completion
    ) -> AsyncGenerator[str, None]:
        """Ask the model, and yield the pieces of its answer; the end closes the connection.

        Args:
            body: the request without the model's name.
            completion: reads the response; it has the calls of tools afterwards.

        Raises:
            BackendError: the server cannot be reached, refuses, fails, or breaks off.
        """
        assert self._client  # noqa: S101  (in the context)
        request = self._client.build_request(
            "POST",
            "chat/completions",
            json={"model": self._access.model, "stream": True, **body},
            timeout=httpx.Timeout(self._silence_s, connect=CONNECT_S),
        )
        letters = 0
        async with self._response(request, self._first_s) as response:
            if "json" in response.headers.get("Content-Type", ""):
                content, _ = await read(response, MOST_ANSWER_BYTES)
                yield completion.whole(content)
                return
            async with aclosing(pieces(response)) as chunks:
                async for chunk in chunks:
                    if text := completion.feed(chunk):
                        letters += len(text)
                        yield text
                    if completion.finished or letters > MOST_TEXT_LETTERS:
                        return
            if text := completion.close():
                yield text
        if not completion.finished:
            raise BrokenStream("The chat model broke off", "Ask again.")

    @contextlib.asynccontextmanager
    async def _response(
        self, request: httpx.Request, first_s: float
    ) -> AsyncGenerator[httpx.Response, None]:
        """Send a request; the end of the context closes the response."""
        assert self._client  # noqa: S101  (in the context)
        request.extensions["timeout"]["read"] = max(request.extensions["timeout"]["read"], first_s)
        try:
            async with asyncio.timeout(first_s + CONNECT_S):
                response = await self._client.send(request, stream=True)
            try:
                if not response.is_success:
                    raise await self._refusal(response)
                yield response
            finally:
                await response.aclose()
        except httpx.ConnectError as error:
            hint = f"Is its server at {self.host} running?"
            raise Unreachable("The chat model cannot be reached", hint) from error
        except (httpx.TimeoutException, TimeoutError) as error:
            hint = "Wait a moment and ask again."
            raise TimedOut("The chat model does not answer", hint) from error
        except httpx.RequestError as error:
            raise BrokenStream("The chat model broke off", "Ask again.") from error

    async def _refusal(self, response: httpx.Response) -> BackendError:
        """Return the error for a response without success; the server's own words go to the log."""
        async with asyncio.timeout(LIST_S):
            content, _ = await read(response, MOST_ERROR_BYTES)
        words = printable(content.decode(errors="replace"))[:500]
        key = self._access.key
        log.info(
            "a chat model refused (%d): %s",
            response.status_code,
            words.replace(key, "***") if key else words,
        )
        return _error(response.status_code, self._access.model)


def _error(status: int, model: str) -> BackendError:
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return Unauthorized(
                "The chat model does not accept the key",
                "Set it with `voice-assistant config set-key --chat-model`.",
                status=status,
            )
        case HTTPStatus.NOT_FOUND:
            hint = "Look at chat_model.model."
            return NotFound(f"There is no chat model named {model}", hint, status=status)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(
                "The chat model has too much to do",
                "Wait a moment and ask again.",
                status=status,
            )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        hint = "Its own log may say why."
        return ServerBug("The chat model failed", hint, status=status)
    return Rejected("The chat model refused the question", "Ask again.", status=status)
