"""The requests of the talk view: commands, files, and what the app asks for and offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from starlette.routing import Route

from voice_assistant.commands import Ask, Fill, PageCommand
from voice_assistant.companion.markdown import rendered
from voice_assistant.companion.program import as_json, program_of, read
from voice_assistant.settings.editing import declared
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.api.models import InputField
    from voice_assistant.companion.uploads import Uploads

_COMMAND: msgspec.json.Decoder[Any] = msgspec.json.Decoder(PageCommand)


class _Inputs(msgspec.Struct):
    values: dict[str, str | float | bool]


_INPUTS = msgspec.json.Decoder(_Inputs)


async def _command(request: Request) -> Response:
    wish = await read(request, _COMMAND)
    uploads: Uploads = request.app.state.uploads  # the page knows these files, and no others
    if isinstance(wish, Ask):
        files = tuple(map(uploads.path, wish.files))
        wish = Ask(text=wish.text, new=wish.new, source=wish.source, files=files)
    if isinstance(wish, Fill):
        wish = Fill(words=wish.words, items=tuple(_with_path(one, uploads) for one in wish.items))
    program_of(request).post(wish)
    return as_json({"ok": True})


def _with_path(item: str, uploads: Uploads) -> str:
    name, is_file, known = item.partition("=@")
    return f"{name}=@{uploads.path(known)}" if is_file else item


async def _add_file(request: Request) -> Response:
    uploads: Uploads = request.app.state.uploads
    return as_json(await uploads.take(request.query_params.get("name", ""), request.stream()))


async def _app(request: Request) -> Response:
    program = program_of(request)
    parameters = await program.parameters()
    values = program.settings().backend.inputs
    fields = parameters.user_input_form if parameters else ()
    return as_json(
        {
            "opening": rendered(parameters.opening_statement) if parameters else "",
            "starters": [printable(one) for one in parameters.suggested_questions if one.strip()]
            if parameters
            else [],
            "inputs": [_shown(one, values.get(one.variable, one.default)) for one in fields],
        }
    )


def _shown(field: InputField, value: object) -> dict[str, Any]:
    return {
        "kind": field.kind,
        "variable": field.variable,
        "label": printable(field.label or field.variable),
        "required": field.required,
        "options": field.options,
        "max_length": field.max_length,
        "value": "" if value is None else value,
    }


async def _keep_inputs(request: Request) -> Response:
    wish, program = await read(request, _INPUTS), program_of(request)
    inputs = program.settings().backend.inputs
    waiting = await program.change(declared("backend.inputs"), {**inputs, **wish.values})
    return as_json({"waiting": waiting})


ROUTES = (
    Route("/command", _command, methods=["POST"]),
    Route("/files", _add_file, methods=["POST"]),
    Route("/app", _app),
    Route("/inputs", _keep_inputs, methods=["POST"]),
)
