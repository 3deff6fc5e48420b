"""The embedded backend as an ASGI app: all endpoints, behind the guard."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Router

from voice_assistant.server.http.guard import Guard
from voice_assistant.server.http.wire import Refusal, refused
from voice_assistant.server.routes import alerts, app_info, audio, chat, conversations, files
from voice_assistant.server.routes import annotations as prepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from voice_assistant.server.parts import Parts

TOPICS = (chat, audio, conversations, files, app_info, prepared, alerts)

NO_ROUTE = "<!doctype html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
"""The 404 page of real servers: its HTML tells clients that the endpoint itself is missing."""


def create_app(parts: Parts, token: str, admit: Callable[[object], None]) -> ASGIApp:
    """Return the app.

    Args:
        parts: the parts of the server.
        token: the token that clients must show.
        admit: called with the address of each client that showed the token.
    """
    routes = [route for topic in TOPICS for route in topic.routes]
    app = Starlette(
        routes=[Mount("/v1", app=Router(routes, redirect_slashes=False))],
        exception_handlers={
            Refusal: _on_refusal,
            HTTPException: _on_http_exception,
            ClientDisconnect: _on_disconnect,
            Exception: _on_bug,
        },
    )
    app.state.parts = parts
    return Guard(app, token, admit)


async def _on_refusal(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101  (by its registration)
    return refused(refusal)


async def _on_http_exception(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (by its registration)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return HTMLResponse(NO_ROUTE, 404)
    not_allowed = error.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    code = "method_not_allowed" if not_allowed else "bad_request"
    return refused(Refusal(error.status_code, code, error.detail))


async def _on_disconnect(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # the client has gone and does not read it


async def _on_bug(_: Request, __: Exception) -> Response:
    return refused(Refusal(500, "internal_server_error", "The server failed."))
