"""The requests of the settings view."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.routing import Route

from voice_assistant.companion.program import as_json, program_of, read
from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials, documentation, editing, system_keyring
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.settings.titles import in_titles, section_title, title
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings


class _Wish(msgspec.Struct):
    """A change of one setting; None takes the setting out of the file."""

    key: str
    value: str | None


class _Key(msgspec.Struct):
    key: str


class _Profile(msgspec.Struct):
    name: str


_PROFILE = msgspec.json.Decoder(_Profile)
_WISH = msgspec.json.Decoder(_Wish)
_KEY = msgspec.json.Decoder(_Key)


async def _settings(request: Request) -> Response:
    program = program_of(request)
    now, offers = program.settings(), await program.trials.offers()
    return as_json(
        [_shown(one, now, offers.get(one.key, ())) for one in every_setting() if not one.secret]
    )


async def _change(request: Request) -> Response:
    wish, program = await read(request, _WISH), program_of(request)
    one = editing.declared(wish.key)
    if one.secret:
        raise ConfigError(
            _("The key does not belong in the settings file"), _("Use its own field.")
        )
    value = None if wish.value is None else editing.value_from(one, wish.value)
    waiting = await program.change(one, value)
    return as_json({"waiting": waiting, "setting": _shown(one, program.settings())})


async def _set_key(request: Request) -> Response:
    key = credentials.typed_key((await read(request, _KEY)).key)
    backend = program_of(request).settings().backend
    url, profile = backend.url, backend.profile
    if not url:
        raise ConfigError(
            _("The key belongs to an app, and no app is set"), _("Set its address first.")
        )
    await asyncio.to_thread(system_keyring.keep_api_key, url, key, profile)
    return as_json({"ok": True})


async def _delete_profile(request: Request) -> Response:
    program_of(request).trials.delete_profile((await read(request, _PROFILE)).name)
    return as_json({"ok": True})


def _shown(one: Setting, settings: Settings, offers: Sequence[str] = ()) -> dict[str, Any]:
    value = getattr(getattr(settings, one.section), one.name)
    kind = type(one.default).__name__
    return {
        "key": one.key,
        "section": one.section,
        "name": one.name,
        "section_title": _section_title(one, settings),
        "title": _(title(one)),
        "description": in_titles(_(one.description), one.section),
        "kind": kind if kind in ("bool", "float", "str") else "table",
        "choices": one.choices,
        "offers": offers,
        "range": one.allowed,
        "effect": one.effect.value,
        "default": _text(one.default),
        "value": _text(value),
    }


def _section_title(one: Setting, settings: Settings) -> str:
    title, profile = _(section_title(one.section)), settings.backend.profile
    return f"{title}: {profile}" if profile and one.section == "backend" else title


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else documentation.toml_value(value)


ROUTES = (
    Route("/settings", _settings),
    Route("/settings", _change, methods=["POST"]),
    Route("/key", _set_key, methods=["POST"]),
    Route("/profiles/delete", _delete_profile, methods=["POST"]),
)
