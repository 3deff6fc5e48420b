"""The page's requests: the state, commands, settings, history."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from voice_assistant.commands import (
    AnyCommand,
    Ask,
    Back,
    New,
    Pause,
    Press,
    Quit,
    Release,
    Repeat,
    Resume,
    Retry,
    Skip,
    Speed,
    Stop,
    Toggle,
    Volume,
)
from voice_assistant.companion.markdown import rendered
from voice_assistant.errors import AssistantError, ConfigError
from voice_assistant.history.store import Store, history_file
from voice_assistant.settings import credentials, documentation, editing
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from voice_assistant.companion.feed import Feed
    from voice_assistant.history.recorded_turn import RecordedTurn
    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings

PAGE = Path(__file__).with_name("page")
TURNS_PER_PAGE = 30
MOST_BYTES = 200_000
"""The largest request: a question that somebody pasted."""

FromPage = (
    Press
    | Release
    | Toggle
    | Stop
    | Pause
    | Resume
    | Repeat
    | Skip
    | Back
    | Volume
    | Speed
    | New
    | Ask
    | Retry
    | Quit
)
"""The commands that the page may give."""

_COMMAND: msgspec.json.Decoder[Any] = msgspec.json.Decoder(FromPage)


class _Wish(msgspec.Struct):
    """A change of one setting; None takes the setting out of the file."""

    key: str
    value: str | None


class _Key(msgspec.Struct):
    key: str


_WISH = msgspec.json.Decoder(_Wish)
_KEY = msgspec.json.Decoder(_Key)


@dataclass(frozen=True, kw_only=True)
class House:
    """What the page is a window of.

    Attributes:
        feed: the state that pages follow.
        post: takes the commands of the page.
        settings: returns the settings in use.
        change: writes a value of a setting into the settings file and applies it; returns the keys
            that need a restart. Raises an AssistantError.
        findings: returns what the doctor finds, as JSON would hold it.
    """

    feed: Feed
    post: Callable[[AnyCommand], None]
    settings: Callable[[], Settings]
    change: Callable[[Setting, object], Awaitable[tuple[str, ...]]]
    findings: Callable[[], Awaitable[object]]


def create_app(house: House) -> Starlette:
    """Return the app; it has to be guarded (see `guard`)."""
    app = Starlette(
        routes=[
            Route("/", _page),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/events", _follow),
            Route("/command", _command, methods=["POST"]),
            Route("/settings", _settings),
            Route("/settings", _change, methods=["POST"]),
            Route("/key", _set_key, methods=["POST"]),
            Route("/history", _history),
            Route("/doctor", _doctor),
        ],
        exception_handlers={AssistantError: _refused, msgspec.MsgspecError: _nonsense},
    )
    app.state.house = house
    return app


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _follow(request: Request) -> Response:
    return StreamingResponse(_house(request).feed.follow(), media_type="text/event-stream")


async def _command(request: Request) -> Response:
    wish = await _read(request, _COMMAND)
    if isinstance(wish, Ask):
        wish = Ask(text=wish.text, new=wish.new, source=wish.source)  # no files of this machine
    _house(request).post(wish)
    return _json({"ok": True})


async def _settings(request: Request) -> Response:
    now = _house(request).settings()
    return _json([_shown(one, now) for one in every_setting() if one.name != "api_key"])


async def _change(request: Request) -> Response:
    wish, house = await _read(request, _WISH), _house(request)
    one = editing.declared(wish.key)
    if one.name == "api_key":
        raise ConfigError("The key does not belong into the file", "Use its own field.")
    value = None if wish.value is None else editing.value_from(one, wish.value)
    waiting = await house.change(one, value)
    return _json({"waiting": waiting, "setting": _shown(one, house.settings())})


async def _set_key(request: Request) -> Response:
    key = credentials.typed_key((await _read(request, _KEY)).key)
    backend = _house(request).settings().backend
    url, profile = backend.url, backend.profile
    if not url:
        raise ConfigError("The key belongs to an app, and no app is set", "Set its address first.")
    await asyncio.to_thread(credentials.keep_api_key, url, key, profile)
    return _json({"ok": True})


async def _history(request: Request) -> Response:
    before, search = (request.query_params.get(name, "") for name in ("before", "search"))
    number = int(before) if before.isdecimal() else None
    return _json(await asyncio.to_thread(_turns, search, number))


async def _doctor(request: Request) -> Response:
    return _json(await _house(request).findings())


async def _read(request: Request, decoder: msgspec.json.Decoder[Any]) -> Any:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "That is too long.")
    return decoder.decode(body)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)  # noqa: S101  (by its registration)
    return _json({"title": error.title, "hint": error.hint}, 400)


async def _nonsense(_: Request, error: Exception) -> Response:
    return _json({"title": "The page asks for something unknown", "hint": str(error)}, 400)


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _shown(one: Setting, settings: Settings) -> dict[str, Any]:
    value = getattr(getattr(settings, one.section), one.name)
    kind = type(one.default).__name__
    return {
        "key": one.key,
        "section": one.section,
        "name": one.name,
        "description": one.description,
        "kind": kind if kind in ("bool", "float", "str") else "table",
        "choices": one.choices,
        "range": one.allowed,
        "effect": one.effect.value,
        "default": _text(one.default),
        "value": "" if one.secret else _text(value),
        "secret": one.secret,
    }


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else documentation.toml_value(value)


def _turns(search: str, before: int | None) -> list[dict[str, Any]]:
    if not history_file().exists():
        return []
    with Store(history_file()) as store:
        turns = store.turns(search=search, before=before, limit=TURNS_PER_PAGE)
    return [_recorded(turn) for turn in turns]


def _recorded(turn: RecordedTurn) -> dict[str, Any]:
    stages = msgspec.to_builtins(turn.stages)
    return {
        "number": turn.number,
        "began_s": turn.began_s,
        "state": turn.state,
        "question": printable(turn.question),
        "html": rendered(turn.answer),
        "note": printable(f"{turn.failure.title}. {turn.failure.hint}") if turn.failure else "",
        "stages": stages,
    }
