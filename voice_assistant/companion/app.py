"""The page's requests: the state; those of a view are in its module."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from voice_assistant import translation
from voice_assistant.companion import (
    doctor_view,
    files_view,
    history_view,
    settings_view,
    setup_view,
    talk_view,
)
from voice_assistant.companion.program import Program, as_json, program_of
from voice_assistant.errors import AssistantError
from voice_assistant.settings.titles import in_titles
from voice_assistant.translation import _

if TYPE_CHECKING:
    from starlette.requests import Request

    from voice_assistant.companion.uploads import Uploads

PAGE = Path(__file__).with_name("page")


def create_app(program: Program, uploads: Uploads) -> Starlette:
    """Return the app; it has to be guarded (see `guard`)."""
    app = Starlette(
        routes=[
            Route("/", _page),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/words", _words),
            Route("/events", _follow),
            *talk_view.ROUTES,
            *settings_view.ROUTES,
            *setup_view.ROUTES,
            *history_view.ROUTES,
            *files_view.ROUTES,
            *doctor_view.ROUTES,
        ],
        exception_handlers={
            AssistantError: _refused,
            msgspec.MsgspecError: _nonsense,
            ClientDisconnect: _left,
        },
    )
    app.state.program = program
    app.state.uploads = uploads
    return app


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _words(_: Request) -> Response:
    words = await asyncio.to_thread(translation.messages, translation.language())
    return as_json({"language": translation.tag(), "words": words})


async def _follow(request: Request) -> Response:
    return StreamingResponse(program_of(request).feed.follow(), media_type="text/event-stream")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)  # noqa: S101  (by its registration)
    return as_json(
        {"title": in_titles(error.title), "hint": in_titles(error.hint), "code": error.code}, 400
    )


async def _nonsense(_request: Request, error: Exception) -> Response:
    return as_json({"title": _("The page asks for something unknown"), "hint": str(error)}, 400)


async def _left(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # nobody reads it: the browser has broken its request off
