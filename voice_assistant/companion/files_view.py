"""The files and pictures of answers: from the record, or fetched at the user's wish."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

from starlette.responses import FileResponse
from starlette.routing import Route

from voice_assistant.api.answer_file import fetch
from voice_assistant.companion.program import program_of
from voice_assistant.errors import InputError
from voice_assistant.history.record_file import history_file
from voice_assistant.history.store import Store
from voice_assistant.system.plain_files import is_missing
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.companion.uploads import Uploads

PICTURES = {
    (0, b"\x89PNG\r\n\x1a\n"): "image/png",
    (0, b"\xff\xd8\xff"): "image/jpeg",
    (0, b"GIF8"): "image/gif",
    (8, b"WEBP"): "image/webp",
    (8, b"avif"): "image/avif",
}
"""The types of pictures by the signs at a place in them. None of these holds scripts."""


async def _file(request: Request) -> Response:
    """Answer with a picture to be shown, or with a file to be saved."""
    address = request.query_params.get("address", "")
    uploads: Uploads = request.app.state.uploads
    server = program_of(request).settings().backend.url
    file = await _found(address, request.query_params.get("message", ""), server, uploads)
    kind = await asyncio.to_thread(_picture, file)
    if request.query_params.get("as") == "picture" and not kind:
        raise InputError(_("This is no picture that can be shown"), _("Open its address instead."))
    name = re.sub(r"^[0-9a-f]{8}-", "", file.name)  # see `KeptFiles.new`
    return FileResponse(
        file,
        media_type=kind or "application/octet-stream",
        filename=name,
        content_disposition_type="inline" if kind else "attachment",
    )


async def _found(address: str, message_id: str, server: str, uploads: Uploads) -> Path:
    """Return a file that an answer names: its copy in the record, else one that is fetched now.

    Args:
        address: the address, as the answer names it.
        message_id: the answer's id, "" if it has none.
        server: the app that answers now.
        uploads: takes a file whose turn is not in the record.

    Raises:
        AssistantError: it cannot be fetched, or cannot be kept.
    """
    with contextlib.ExitStack() as resources:
        if message_id and not is_missing(history_file()):
            store = resources.enter_context(await asyncio.to_thread(Store, history_file()))
            with contextlib.suppress(InputError):  # the turn is not in the record
                turn = await asyncio.to_thread(store.last_answer, message_id)
                if copy := store.kept_files.copies(turn).get(address):
                    return copy
                app = turn.app.partition(" ")[0]
                fetched = await fetch(address, app, store.kept_files.new)
                await asyncio.to_thread(store.kept_files.keep, turn.number, address, fetched.name)
                return fetched
    return await fetch(address, server, uploads.place)


def _picture(file: Path) -> str:
    """Return the type of a picture, "" for anything else."""
    with file.open("rb") as opened:
        head = opened.read(16)
    types = (kind for (at, signs), kind in PICTURES.items() if head[at:].startswith(signs))
    return next(types, "")


ROUTES = (Route("/file", _file),)
