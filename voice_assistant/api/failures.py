"""Answers that are none, told to people. Decided by `code` and status, never by the text.

(One exception: servers say "too many requests" as 400 `invalid_param`, as they say anything else.)
"""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
import msgspec

from voice_assistant.api import endpoints
from voice_assistant.api.models import Json
from voice_assistant.api.refusals import (
    BY_CODE,
    BY_ENDPOINT,
    BY_STATUS,
    RATE_LIMITED,
    SERVER_LOG,
    WAIT,
    WRONG_URL,
    Message,
)
from voice_assistant.api.wire import decode
from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    MissingEndpoint,
    ModelFailed,
    NotFound,
    RateLimited,
    Rejected,
    ServerBug,
    TimedOut,
    TooLarge,
    Unreachable,
)

if TYPE_CHECKING:
    from voice_assistant.api.endpoints import Endpoint
    from voice_assistant.api.events import StreamError


class ErrorBody(msgspec.Struct, frozen=True):
    """The body of a refusal.

    `{"code", "message", "status"}`; `{"code", "message", "params"}` where an argument is at fault;
    `{"message", "code": "unknown"}` where the server failed.
    """

    code: str
    message: Json = ""


def refusal(endpoint: Endpoint, response: httpx.Response) -> BackendError:
    """What a response says whose status is no success; its body has been read."""
    status = response.status_code
    try:
        body = decode(response.content, ErrorBody)
    except msgspec.DecodeError:
        return _without_code(endpoint, response)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return _missing(endpoint, response)
    if _is_concurrency_limit(status, body):
        told: Message | None = RATE_LIMITED
    else:
        told = BY_ENDPOINT.get((endpoint, body.code)) or BY_CODE.get(body.code)
    told = told or BY_STATUS.get(status)
    if told is None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = Message(ServerBug, f"The server failed ({status})", SERVER_LOG)
    if told is None:
        told = Message(Rejected, f"The server refused the request: {_said(body.message)}")
    return _raiseable(told, status, body.code, response.headers.get("Retry-After"))


def stream_failure(error: StreamError) -> BackendError:
    """What an `error` event, or a failed workflow, says."""
    told = BY_CODE.get(error.code)
    if told is None or told.kind in (Rejected, NotFound):
        told = Message(
            ModelFailed,
            "The model failed" + (f": {_said(error.message)}" if error.message else ""),
            "Ask again. If it stays so, the app's owner has to look at the server's log.",
        )
    return _raiseable(told, error.status, error.code, None)


def nonsense(endpoint: Endpoint, response: httpx.Response) -> BackendError:
    """What a success says that is not what it should be; its body has been read."""
    status = response.status_code
    media = response.headers.get("Content-Type", "")
    if "html" in media:
        return ServerBug("A web page answered instead of the API", WRONG_URL, status=status)
    if endpoint is endpoints.TEXT_TO_AUDIO and "json" in media:  # `null`: an unknown message
        return NotFound("The server has nothing to speak", "The answer is gone.", status=status)
    return ServerBug("The server's answer makes no sense", SERVER_LOG, status=status)


def cut_off(size: int) -> TooLarge:
    """What it means when a server that is well closes the connection during an upload, twice."""
    return TooLarge(
        f"The server breaks off while {size / 1e6:.0f} MB are sent: too much for it, probably",
        "Send something smaller, or have the server's limit raised.",
    )


def no_sound() -> ServerBug:
    """Speech without a single byte: what the provider's failure may look like."""
    return ServerBug("The server sent no sound", SERVER_LOG)


def connection_failure(error: httpx.RequestError, *, host: str) -> BackendError:
    """What went wrong below HTTP."""
    match error:
        case httpx.ConnectError() if _is_about_certificate(error):
            return Unreachable(
                f"The certificate of {host} is not trusted",
                "Is it the right server? The file of an authority of your own goes into the "
                "environment variable SSL_CERT_FILE.",
            )
        case httpx.ConnectTimeout() | httpx.ConnectError():
            return Unreachable(
                f"No connection to {host}",
                "Is the server running? Check the network and the server's address.",
            )
        case httpx.TimeoutException():
            return TimedOut(f"{host} does not answer", WAIT)
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Unreachable(f"Nothing can be sent to {host}", "Check the server's address.")
        case _:
            return Unreachable(f"The connection to {host} broke", WAIT)


def lost(cause: Exception | None = None) -> BrokenStream:
    """An answer whose connection closed before its end; raised later, so the cause is given."""
    broken = BrokenStream("The answer broke off: the connection was lost", "Ask again.")
    broken.__cause__ = cause
    return broken


def silent(*, began: bool, waited_s: float, cause: Exception) -> BrokenStream:
    """An answer that does not go on, or never began."""
    broken = BrokenStream(
        f"The answer broke off: nothing came for {waited_s:.0f} seconds", "Ask again."
    )
    if not began:
        broken = BrokenStream(
            f"The server took the question and said nothing for {waited_s:.0f} seconds",
            "Ask again; if the conversation is an old one, begin a new one.",
        )
    broken.__cause__ = cause
    return broken


def _without_code(endpoint: Endpoint, response: httpx.Response) -> BackendError:
    status = response.status_code
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return _missing(endpoint, response)
    if response.is_redirect:
        where = response.headers.get("Location", "elsewhere").partition("?")[0]
        return ServerBug(
            f"The server's address redirects to {where}",
            "Use the address it redirects to, and end it in /v1.",
            status=status,
        )
    told = BY_STATUS.get(status) or Message(
        ServerBug,
        f"The server failed ({status})",
        SERVER_LOG if status >= HTTPStatus.INTERNAL_SERVER_ERROR else WRONG_URL,
    )
    return _raiseable(told, status, "", response.headers.get("Retry-After"))


def _missing(endpoint: Endpoint, response: httpx.Response) -> BackendError:
    """404 or 405 for the route: an older server, ids that are none, or no Dify at all."""
    status = response.status_code
    version = response.headers.get("X-Version", "")
    if endpoint.since or status == HTTPStatus.METHOD_NOT_ALLOWED:
        server = f"This server ({version})" if version else "This server"
        since = f"It came with Dify {endpoint.since} or so." if endpoint.since else WRONG_URL
        return MissingEndpoint(f"{server} has no {endpoint.purpose}", since, status=status)
    if version and "{" in endpoint.path:
        return NotFound("The server does not know it: that is no id of this server", status=status)
    return MissingEndpoint("There is no Dify API at this address", WRONG_URL, status=status)


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _is_concurrency_limit(status: int, body: ErrorBody) -> bool:
    return (
        status == HTTPStatus.BAD_REQUEST
        and body.code == "invalid_param"
        and str(body.message).lower().startswith("too many requests")
    )


def _said(message: Json, limit: int = 200) -> str:
    """A server's own words on one line, less what newer ones add for developers."""
    lines = [line.partition(" [type=")[0].strip() for line in str(message).splitlines()]
    said = ": ".join(line for line in lines if line and "errors.pydantic.dev" not in line)
    return said.rstrip(".") if len(said) <= limit else f"{said[: limit - 1]}…"


def _raiseable(told: Message, status: int, code: str, retry_after: str | None) -> BackendError:
    if told.kind is RateLimited:
        seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
        return RateLimited(
            told.title, told.hint, status=status, server_code=code, retry_after_s=seconds
        )
    return told.kind(told.title, told.hint, status=status, server_code=code)
