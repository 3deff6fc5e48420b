"""The shape of requests and answers: JSON in, JSON out, and refusals as the documents name them."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from starlette.responses import Response

from voice_assistant.api.wire import decode

if TYPE_CHECKING:
    from starlette.requests import Request

BODY_LIMIT = 1 << 20
"""Bytes of a JSON body; a question is never near it."""

T = TypeVar("T")


class Refusal(Exception):
    """A request that is not done; answered with `{"code", "message", "status"}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Json(Response):
    """An answer in JSON, raw UTF-8."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """`content` encoded; msgspec Structs may be anywhere in it."""
        return msgspec.json.encode(content)


Limit = Annotated[int, msgspec.Meta(ge=1, le=100)]
"""How many entries a page has."""

PageNumber = Annotated[int, msgspec.Meta(ge=1)]


def refused(refusal: Refusal) -> Json:
    """The answer that tells a refusal."""
    body = {"code": refusal.code, "message": refusal.message, "status": refusal.status}
    unauthorized = refusal.status == HTTPStatus.UNAUTHORIZED
    headers = {"WWW-Authenticate": 'Bearer realm="api"'} if unauthorized else None
    return Json(body, refusal.status, headers)


def not_found(what: str) -> Refusal:
    """404 for a thing that is gone, was never there or belongs to another user."""
    return Refusal(404, "not_found", f"{what} Not Exists.")


def invalid(message: str) -> Refusal:
    """400 for a value that cannot be."""
    return Refusal(400, "invalid_param", message)


async def body(request: Request, kind: type[T]) -> T:
    """The JSON body of a request.

    Raises:
        Refusal: no JSON (415 or 400), too long (413) or not of this `kind` (400).
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refusal(415, "unsupported_media_type", "The Content-Type must be 'application/json'.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_LIMIT:
            raise Refusal(413, "request_entity_too_large", "The request is too large.")
    try:
        return _by_somebody(decode(bytes(raw), kind))
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, "bad_request", "The body is not valid JSON.") from error


def query(request: Request, kind: type[T]) -> T:
    """The query string of a request; empty values count as missing.

    Raises:
        Refusal: 400, not of this `kind`.
    """
    given = {name: value for name, value in request.query_params.items() if value}
    try:
        return _by_somebody(msgspec.convert(given, kind, strict=False))
    except msgspec.ValidationError as error:
        raise invalid(str(error)) from error


def _by_somebody(value: T) -> T:
    if getattr(value, "user", None) == "":
        raise invalid("Arg user must be provided.")
    return value


def is_uuid(text: str) -> bool:
    """Whether `text` has the form of our ids."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def new_id() -> str:
    """An id unlike any other."""
    return str(uuid.uuid4())
