"""The form of requests and responses: JSON in, JSON out, and the documented refusals."""

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
"""The most bytes of a JSON body; questions are far smaller."""

T = TypeVar("T")


class Refusal(Exception):
    """The server refuses a request; the response is `{"code", "message", "status"}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Json(Response):
    """A response in JSON, raw UTF-8."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return `content` as JSON; msgspec Structs may be anywhere in it."""
        return msgspec.json.encode(content)


Limit = Annotated[int, msgspec.Meta(ge=1, le=100)]
"""The most entries of a page."""

PageNumber = Annotated[int, msgspec.Meta(ge=1)]


def refused(refusal: Refusal) -> Json:
    """Return the response for a refusal."""
    body = {"code": refusal.code, "message": refusal.message, "status": refusal.status}
    unauthorized = refusal.status == HTTPStatus.UNAUTHORIZED
    headers = {"WWW-Authenticate": 'Bearer realm="api"'} if unauthorized else None
    return Json(body, refusal.status, headers)


def not_found(what: str) -> Refusal:
    """Return the 404 for a thing that is deleted, unknown or of another user."""
    return Refusal(404, "not_found", f"{what} Not Exists.")


def invalid(message: str) -> Refusal:
    """Return the 400 for a value that is not allowed."""
    return Refusal(400, "invalid_param", message)


async def body(request: Request, kind: type[T]) -> T:
    """Return the JSON body of a request.

    Raises:
        Refusal: the body is not JSON (415 or 400), too long (413) or not of this `kind` (400).
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
    """Return the query string of a request; empty values count as missing.

    Raises:
        Refusal: 400, the query string is not of this `kind`.
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
    """Return whether `text` has the form of this server's ids."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def new_id() -> str:
    """Return a new, unique id."""
    return str(uuid.uuid4())
