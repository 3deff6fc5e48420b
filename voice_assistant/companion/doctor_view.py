"""The requests of the doctor view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse
from starlette.routing import Route

from voice_assistant.companion.program import as_json, program_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def _examine(request: Request) -> Response:
    return as_json(await program_of(request).doctor.findings())


async def _report(request: Request) -> Response:
    return PlainTextResponse(await program_of(request).doctor.report())


async def _play_back(request: Request) -> Response:
    await program_of(request).doctor.play_back()
    return as_json({"ok": True})


ROUTES = (
    Route("/doctor", _examine),
    Route("/doctor/report", _report),
    Route("/doctor/play-back", _play_back, methods=["POST"]),
)
