"""Answers that are none, told to people. Decided by `code` and status, never by the text.

(One exception: servers say "too many requests" as 400 `invalid_param`, as they say anything else.)
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import httpx
import msgspec

from voice_assistant.api import endpoints
from voice_assistant.api.models import Json
from voice_assistant.api.wire import decode
from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    Forbidden,
    MissingEndpoint,
    ModelFailed,
    NotConfigured,
    NotFound,
    QuotaExceeded,
    RateLimited,
    Rejected,
    ServerBug,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unreachable,
    UnsupportedAudio,
)

if TYPE_CHECKING:
    from voice_assistant.api.endpoints import Endpoint
    from voice_assistant.api.events import StreamError

WRONG_URL = "The address is probably wrong: does it end in /v1?"


class _Told(NamedTuple):
    kind: type[BackendError]
    title: str
    hint: str = ""


_WAIT = "Wait a moment and ask again."
_ASK_OWNER = "The app's owner has to set this up on the server."
_SERVER_LOG = "The reason is in the server's log."

UNAUTHORIZED = _Told(
    Unauthorized,
    "The server does not accept the API key",
    "Set the right one with `voice-assistant config set-key`.",
)
RATE_LIMITED = _Told(RateLimited, "The server has too many requests at once", _WAIT)
NO_SPEECH_TO_TEXT = _Told(
    NotConfigured, "Speech to text is switched off in this app, or cannot be used", _ASK_OWNER
)
NO_TEXT_TO_SPEECH = _Told(
    NotConfigured, "Text to speech is switched off in this app, or cannot be used", _ASK_OWNER
)

BY_CODE = {
    "unauthorized": UNAUTHORIZED,
    "forbidden": _Told(
        Forbidden, "The server does not allow this", "Is the app's API switched on?"
    ),
    "not_found": _Told(NotFound, "The server does not know it", "It may have been deleted."),
    "conversation_not_exists": _Told(
        NotFound, "The conversation does not exist", "It may have been deleted: begin a new one."
    ),
    "app_unavailable": _Told(NotConfigured, "The app is not ready for use", _ASK_OWNER),
    "provider_not_initialize": _Told(
        NotConfigured, "The app has no working model", "Its model provider lacks a valid key."
    ),
    "provider_quota_exceeded": _Told(
        QuotaExceeded, "The model provider's quota is used up", "Its owner has to extend it."
    ),
    "model_currently_not_support": _Told(
        NotConfigured, "The app's model cannot be used now", _ASK_OWNER
    ),
    "completion_request_error": _Told(
        ModelFailed, "The model provider refused the request", "Try again, or say it differently."
    ),
    "provider_not_support_speech_to_text": NO_SPEECH_TO_TEXT,
    "no_audio_uploaded": _Told(Rejected, "The server received no audio"),
    "audio_too_large": _Told(
        TooLarge, "The recording is too large for the server", "Record a shorter question."
    ),
    "unsupported_audio_type": _Told(
        UnsupportedAudio, "The server does not take this kind of audio", "WAV and MP3 work."
    ),
    "no_file_uploaded": _Told(Rejected, "The server received no file"),
    "too_many_files": _Told(Rejected, "The server takes one file at a time"),
    "filename_not_exists_error": _Told(Rejected, "The server does not take a file without a name"),
    "file_too_large": _Told(TooLarge, "The file is too large for the server"),
    "unsupported_file_type": _Told(UnsupportedAudio, "The server does not take this kind of file"),
    "unsupported_preview": _Told(Rejected, "The server cannot preview this file"),
    "unsupported_estimate": _Told(Rejected, "The server cannot estimate this file"),
    "s3_connection_failed": _Told(ServerBug, "The server cannot reach its file store", _SERVER_LOG),
    "s3_permission_denied": _Told(
        ServerBug, "The server may not write to its file store", _SERVER_LOG
    ),
    "s3_file_too_large": _Told(TooLarge, "The file is too large for the server's file store"),
    "too_many_requests": RATE_LIMITED,
    "rate_limit_error": RATE_LIMITED,
    "workflow_paused": _Told(
        ModelFailed,
        "The app waits for a person to fill in a form",
        "That cannot be done by voice: use the app's web page.",
    ),
}
"""By the `code` of the answer's body."""

BY_STATUS = {
    401: UNAUTHORIZED,
    403: BY_CODE["forbidden"],
    404: BY_CODE["not_found"],
    413: BY_CODE["file_too_large"],
    415: BY_CODE["unsupported_file_type"],
    429: RATE_LIMITED,
    502: _Told(ServerBug, "The server behind the address does not answer", _WAIT),
    503: _Told(ServerBug, "The server is overloaded or restarting", _WAIT),
    504: _Told(ServerBug, "The server behind the address did not answer in time", _WAIT),
}
"""By the status, where the code says nothing."""

BY_ENDPOINT = {
    (endpoints.AUDIO_TO_TEXT, "invalid_param"): NO_SPEECH_TO_TEXT,
    (endpoints.AUDIO_TO_TEXT, "app_unavailable"): NO_SPEECH_TO_TEXT,
    (endpoints.AUDIO_TO_TEXT, "completion_request_error"): _Told(
        Rejected,
        "The speech provider could not use the recording",
        "Was the microphone working? Try again.",
    ),
    (endpoints.TEXT_TO_AUDIO, "invalid_param"): NO_TEXT_TO_SPEECH,
    (endpoints.TEXT_TO_AUDIO, "app_unavailable"): NO_TEXT_TO_SPEECH,
    (endpoints.TEXT_TO_AUDIO, "completion_request_error"): _Told(
        Rejected, "The speech provider could not speak the text"
    ),
    (endpoints.SUGGESTED, "bad_request"): _Told(
        NotConfigured, "Suggested questions are switched off in this app", _ASK_OWNER
    ),
}
"""Where a code means something special: switched-off features are ordinary refusals by code."""


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
        told: _Told | None = RATE_LIMITED
    else:
        told = BY_ENDPOINT.get((endpoint, body.code)) or BY_CODE.get(body.code)
    told = told or BY_STATUS.get(status)
    if told is None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = _Told(ServerBug, f"The server failed ({status})", _SERVER_LOG)
    if told is None:
        told = _Told(Rejected, f"The server refused the request: {_said(body.message)}")
    return _raiseable(told, status, body.code, response.headers.get("Retry-After"))


def stream_failure(error: StreamError) -> BackendError:
    """What an `error` event, or a failed workflow, says."""
    told = BY_CODE.get(error.code)
    if told is None or told.kind in (Rejected, NotFound):
        told = _Told(
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
    return ServerBug("The server's answer makes no sense", _SERVER_LOG, status=status)


def cut_off(size: int) -> TooLarge:
    """What it means when a server that is well closes the connection during an upload, twice."""
    return TooLarge(
        f"The server breaks off while {size / 1e6:.0f} MB are sent: too much for it, probably",
        "Send something smaller, or have the server's limit raised.",
    )


def no_sound() -> ServerBug:
    """Speech without a single byte: what the provider's failure may look like."""
    return ServerBug("The server sent no sound", _SERVER_LOG)


def connection_failure(error: httpx.RequestError, *, host: str) -> BackendError:
    """What went wrong below HTTP."""
    match error:
        case httpx.ConnectTimeout() | httpx.ConnectError():
            return Unreachable(
                f"No connection to {host}", "Check the network and the server's address."
            )
        case httpx.TimeoutException():
            return TimedOut(f"{host} does not answer", _WAIT)
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return Unreachable(f"Nothing can be sent to {host}", "Check the server's address.")
        case _:
            return Unreachable(f"The connection to {host} broke", _WAIT)


def lost() -> BrokenStream:
    """An answer whose connection closed before its end."""
    return BrokenStream("The answer broke off: the connection was lost", "Ask again.")


def silent(*, began: bool, waited_s: float) -> BrokenStream:
    """An answer that does not go on, or never began."""
    if began:
        return BrokenStream(
            f"The answer broke off: nothing came for {waited_s:.0f} seconds", "Ask again."
        )
    return BrokenStream(
        f"The server took the question and said nothing for {waited_s:.0f} seconds",
        "Ask again; if the conversation is an old one, begin a new one.",
    )


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
    told = BY_STATUS.get(status) or _Told(
        ServerBug,
        f"The server failed ({status})",
        _SERVER_LOG if status >= HTTPStatus.INTERNAL_SERVER_ERROR else WRONG_URL,
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


def _raiseable(told: _Told, status: int, code: str, retry_after: str | None) -> BackendError:
    if told.kind is RateLimited:
        seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
        return RateLimited(
            told.title, told.hint, status=status, server_code=code, retry_after_s=seconds
        )
    return told.kind(told.title, told.hint, status=status, server_code=code)
