"""The requests of the setup view: its steps, and what can be tried in them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import StreamingResponse
from starlette.routing import Route

from voice_assistant.companion.program import as_json, program_of, read
from voice_assistant.settings.steps import STEPS
from voice_assistant.settings.titles import in_titles
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.companion.program import Trials

MOST_SIGNS = 600
"""The longest text that is said: the page reads its own steps aloud."""


class _Server(msgspec.Struct):
    url: str
    key: str
    profile: str = ""
    anyway: bool = False


class _Sentence(msgspec.Struct):
    text: str
    engine: str = ""
    voice: str = ""


class _Login(msgspec.Struct):
    on: bool


_SERVER = msgspec.json.Decoder(_Server)
_SENTENCE = msgspec.json.Decoder(_Sentence)
_LOGIN = msgspec.json.Decoder(_Login)


async def _steps(request: Request) -> Response:
    voices = await asyncio.to_thread(program_of(request).trials.voices)
    steps = [
        {"name": step.name, "title": _(step.title), "text": _(step.text), "keys": list(step.titles)}
        for step in STEPS
    ]
    return as_json({"steps": steps, "voices": voices})


async def _try_server(request: Request) -> Response:
    wish = await read(request, _SERVER)
    told = await program_of(request).trials.server(
        wish.url, wish.key, profile=wish.profile.strip(), anyway=wish.anyway
    )
    return as_json({"told": told})


async def _models(request: Request) -> Response:
    return as_json(await program_of(request).trials.models())


async def _listen(request: Request) -> Response:
    trials = program_of(request).trials
    return StreamingResponse(_lines(trials), media_type="application/x-ndjson")


async def _lines(trials: Trials) -> AsyncIterator[bytes]:
    async for heard in trials.listen():
        shown = msgspec.structs.replace(heard, problem=in_titles(heard.problem))
        yield msgspec.json.encode(shown) + b"\n"


async def _say(request: Request) -> Response:
    wish = await read(request, _SENTENCE)
    await program_of(request).trials.say(wish.text[:MOST_SIGNS], wish.engine, wish.voice)
    return as_json({"ok": True})


async def _login(request: Request) -> Response:
    program_of(request).trials.start_at_login(on=(await read(request, _LOGIN)).on)
    return as_json({"ok": True})


ROUTES = (
    Route("/setup", _steps),
    Route("/setup/server", _try_server, methods=["POST"]),
    Route("/setup/models", _models),
    Route("/setup/listen", _listen, methods=["POST"]),
    Route("/setup/say", _say, methods=["POST"]),
    Route("/setup/login", _login, methods=["POST"]),
)
