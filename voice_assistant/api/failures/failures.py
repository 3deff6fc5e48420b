"""Turns error responses into errors with a title and a hint.

The `code` and the status decide, never the text. (One exception: servers send "too many requests"
as 400 `invalid_param`, like many other refusals.)
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.api import endpoints
from voice_assistant.api.failures import refusals, server_words
from voice_assistant.api.failures.breakdowns import NO_WAY, Way, proxy_wants_a_name
from voice_assistant.api.failures.refusals import (
    BY_CODE,
    BY_ENDPOINT,
    BY_STATUS,
    OWN_LOG,
    RATE_LIMITED,
    SERVER_LOG,
    Message,
    by_reason,
)
from voice_assistant.api.models import Json
from voice_assistant.api.wire import decode_body
from voice_assistant.errors import (
    BackendError,
    ConversationOver,
    MissingEndpoint,
    ModelFailed,
    NotFound,
    RateLimited,
    Rejected,
    ServerBug,
    TooLarge,
    Unauthorized,
)
from voice_assistant.translation import _

if TYPE_CHECKING:
    import httpx

    from voice_assistant.api.endpoints import Endpoint
    from voice_assistant.api.stream.events import NodeRun, StreamError

log = logging.getLogger(__name__)

_LONGEST_WAIT_S = 24 * 3600.0
_LOGGED = 4000  # characters of a server's own words
_MODEL_STEPS = frozenset({"", "llm", "agent", "question-classifier", "parameter-extractor"})
_SIZE = re.compile(r"\d+(?:\.\d+)? ?(?:[KMG]i?B|bytes)\b", re.IGNORECASE)
"""A limit in a server's words. Those of 0.15.3 and 1.14.0 name none."""

_BEHIND = frozenset({502, 503, 504})


class ErrorBody(msgspec.Struct, frozen=True):
    """The body of a refusal.

    `{"code", "message", "status"}`; `{"code", "message", "params"}` for a wrong argument;
    `{"message", "code": "unknown"}` if the server failed.
    """

    code: str
    message: Json = ""
    status: Json = None


class _AnyBody(msgspec.Struct, frozen=True):
    """A body that may be a refusal; some gateways have numbers as codes, or an `error` object."""

    code: str | int = ""
    message: Json = None
    error: Json = None


def is_refusal(response: httpx.Response) -> bool:
    """Return whether a response refuses: gateways send refusals with status 200, too."""
    if not response.is_success:
        return True
    try:
        body = decode_body(response.content, _AnyBody)
    except msgspec.DecodeError:
        return False
    failed = body.code if isinstance(body.code, str) else body.code >= HTTPStatus.BAD_REQUEST
    said = body.message if failed else body.error if isinstance(body.error, dict) else None
    return bool(server_words.sentence(said))


def refusal(endpoint: Endpoint, response: httpx.Response, way: Way = NO_WAY) -> BackendError:
    """Return the error for a response that refuses; its body has been read."""
    log.info(
        "%s %s: %d: %.*r",
        endpoint.method,
        endpoint.path,
        response.status_code,
        _LOGGED,
        response.text,
    )
    error = _refusal(endpoint, response, way)
    return _own_failed(endpoint, error) if way.own else error


def _own_failed(endpoint: Endpoint, error: BackendError) -> BackendError:
    """Return the error in words for the embedded backend, which has no address and no server's log.

    It fails by a bug; and whatever took its port while it was started anew has no such API, or
    another key.
    """
    missing = isinstance(error, MissingEndpoint) and endpoint.number in endpoints.OWN
    if not (missing or isinstance(error, ServerBug | Unauthorized)):
        return error
    return type(error)(
        _("The program on this machine that answers has failed"),
        _(OWN_LOG),
        status=error.status,
        server_code=error.server_code,
    )


def _refusal(endpoint: Endpoint, response: httpx.Response, way: Way) -> BackendError:
    status = response.status_code
    try:
        body = decode_body(response.content, ErrorBody)
    except msgspec.DecodeError:
        return _without_code(endpoint, response, way)
    if response.is_success and isinstance(body.status, int):
        status = body.status
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return _missing(endpoint, response, way)
    if _is_concurrency_limit(status, body):
        told: Message | None = RATE_LIMITED
    else:
        told = BY_ENDPOINT.get((endpoint, body.code)) or BY_CODE.get(body.code)
    told = told or BY_STATUS.get(status)
    if told is None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        told = Message(ServerBug, _("The server failed ({status})", status=status), _(SERVER_LOG))
    if told is None:
        said = server_words.sentence(body.message)
        told = Message(
            Rejected, _("The server refused the request") + (f": {said}" if said else "")
        )
    if told.kind is TooLarge and (limit := _SIZE.search(str(body.message))):
        told = told._replace(hint=_("The server takes up to {limit}.", limit=limit[0]))
    if told.kind is ModelFailed:
        told = _with_reason(told, body.message)
    elif body.code == "completion_request_error":  # of a speech provider
        told = _with_reason(told, body.message, refusals.SPEECH_PROVIDER)
    return _raiseable(told, status, body.code, response.headers.get("Retry-After"))


def stream_failure(error: StreamError, step: NodeRun | None = None) -> BackendError:
    """Return the error for an `error` event or a failed workflow.

    Args:
        error: the event; for a failed workflow, an event with the workflow's message.
        step: the last failed step of the workflow, None without one.
    """
    log.info("the answer failed: %s: %.*r", error.code or "no code", _LOGGED, error.message)
    told = BY_CODE.get(error.code)
    if told is None or (told.kind in (Rejected, NotFound) and told.kind is not ConversationOver):
        told = Message(
            ModelFailed,
            _("The model failed"),
            _("Ask again. If it stays so, the app's owner has to look at the server's log."),
        )
    if step is not None and not error.code and step.node_type not in _MODEL_STEPS:
        name = server_words.name(step.title)
        told = Message(
            ModelFailed,
            _("A step of the app failed: {name}", name=name or step.node_type),
            _("Ask again. If it stays so, the app's owner finds the reason in the app's log."),
        )
    elif error.code == "workflow_paused":
        if asked := server_words.sentence(error.message):
            told = told._replace(title=_("The app asks somebody else: {asked}", asked=asked))
    elif told.kind is ModelFailed:
        told = _with_reason(told, error.message)
    return _raiseable(told, error.status, error.code, None)


def nonsense(endpoint: Endpoint, response: httpx.Response, way: Way = NO_WAY) -> BackendError:
    """Return the error for a success with the wrong content; its body has been read."""
    log.info("%s %s: nonsense: %.*r", endpoint.method, endpoint.path, _LOGGED, response.text)
    error = _nonsense(endpoint, response, way)
    return _own_failed(endpoint, error) if way.own else error


def _nonsense(endpoint: Endpoint, response: httpx.Response, way: Way) -> BackendError:
    status, media = response.status_code, response.headers.get("Content-Type", "")
    if "html" in media:
        return ServerBug(_("A web page answered instead of the API"), way.wrong_url, status=status)
    if endpoint is endpoints.TEXT_TO_AUDIO and "json" in media:  # `null`: an unknown message
        return NotFound(
            _("The server has nothing to speak"), _("The answer is gone."), status=status
        )
    return ServerBug(_("The server's answer makes no sense"), _(SERVER_LOG), status=status)


def too_much(limit_bytes: int, what: str = "") -> ServerBug:
    """Return the error for a success that is too large."""
    what = what or _("The server's answer")
    return ServerBug(
        _(
            "{what} is larger than {limit_bytes:.0f} MB",
            what=what,
            limit_bytes=limit_bytes / 1000000.0,
        ),
        SERVER_LOG,
    )


def no_sound() -> ServerBug:
    """Return the error for speech without a byte, which a provider's failure may cause."""
    return ServerBug(_("The server sent no sound"), _(SERVER_LOG))


def _without_code(endpoint: Endpoint, response: httpx.Response, way: Way) -> BackendError:
    status = response.status_code
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return _missing(endpoint, response, way)
    if response.is_redirect:
        where = plain(response.headers.get("Location", "elsewhere").partition("?")[0], 200)
        return ServerBug(
            _("The server's address redirects to {where}", where=where),
            _("Use the address it redirects to, and end it in /v1."),
            status=status,
        )
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return proxy_wants_a_name(way.proxy, status)
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if told := BY_STATUS.get(status):
        pass
    elif not failed and (said := _said(response)):
        told = Message(Rejected, f"{_('The server refused the request')}: {said}")
    else:
        told = Message(
            ServerBug,
            _("The server failed ({status})", status=status),
            SERVER_LOG if failed else way.wrong_url,
        )
    if way.proxy and status in _BEHIND:
        hint = _("{hint} It may be the proxy {proxy}.", hint=_(told.hint), proxy=way.proxy)
        told = told._replace(hint=hint)
    return _raiseable(told, status, "", response.headers.get("Retry-After"))


def _said(response: httpx.Response) -> str:
    """Return the words for people in a JSON object that is no refusal of Dify's."""
    try:
        body = decode_body(response.content, dict[str, Json])
    except msgspec.DecodeError:
        return ""
    return server_words.sentence(body)


def _missing(endpoint: Endpoint, response: httpx.Response, way: Way) -> BackendError:
    """Return the error for a 404 or 405 of the route: an older server, a wrong id, or no Dify."""
    status = response.status_code
    version = plain(response.headers.get("X-Version", ""), 40)
    is_there = status == HTTPStatus.NOT_FOUND and "{" in endpoint.path and _has(version, endpoint)
    if is_there:
        return NotFound(
            _("The server does not know this id"),
            _("The commands that list things show their ids, such as `conversations list`."),
            status=status,
        )
    not_ours = way.own and endpoint.number not in endpoints.OWN
    if endpoint.since or not_ours or status == HTTPStatus.METHOD_NOT_ALLOWED:
        server = _("This server ({version})", version=version) if version else _("This server")
        since = (
            _("It came with Dify {since} or so.", since=endpoint.since)
            if endpoint.since
            else ""
            if not_ours
            else way.wrong_url
        )
        return MissingEndpoint(
            _("{server} has no {purpose}", server=server, purpose=_(endpoint.purpose)),
            since,
            status=status,
        )
    return MissingEndpoint(_("There is no Dify API at this address"), way.wrong_url, status=status)


def _has(version: str, endpoint: Endpoint) -> bool:
    """Return whether a server of this `X-Version` has the endpoint, as far as its version tells."""
    return bool(version) and _numbers(version) >= _numbers(endpoint.since)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,6}", version)]


def _is_concurrency_limit(status: int, body: ErrorBody) -> bool:
    return (
        status == HTTPStatus.BAD_REQUEST
        and body.code == "invalid_param"
        and str(body.message).lower().startswith("too many requests")
    )


def _with_reason(told: Message, message: Json, who: str = refusals.MODEL_PROVIDER) -> Message:
    """Return the message with the provider's reason: a known reason, or the provider's words."""
    if known := by_reason(str(message), who):
        return known
    said = server_words.sentence(message)
    return told._replace(title=f"{_(told.title)}: {said}") if said else told


def plain(text: str, limit: int) -> str:
    """Return the printable text of a header for a message: servers may send any characters."""
    return "".join(sign for sign in text if sign.isprintable())[:limit]


def _raiseable(told: Message, status: int, code: str, retry_after: str | None) -> BackendError:
    if told.kind is RateLimited:
        told_s = float(retry_after) if retry_after and retry_after.isdecimal() else None
        seconds = None if told_s is None else min(told_s, _LONGEST_WAIT_S)
        return RateLimited(
            _(told.title), _(told.hint), status=status, server_code=code, retry_after_s=seconds
        )
    return told.kind(_(told.title), _(told.hint), status=status, server_code=code)
