"""Uploads of files for questions: endpoint 11."""

from __future__ import annotations

import contextlib
import mimetypes
from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_assistant.api.models import UploadedFile
from voice_assistant.server.http.multipart import pieces
from voice_assistant.server.http.wire import Json, Refusal, invalid
from voice_assistant.server.parts import parts_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.server.http.multipart import Part
    from voice_assistant.server.parts import Parts
    from voice_assistant.server.store.files import File, Incoming

USER_LIMIT = 1000


async def upload(request: Request) -> Response:
    """Keep an uploaded file."""
    parts = parts_of(request)
    with contextlib.ExitStack() as stack:
        incoming: Incoming | None = None
        user = bytearray()
        async with contextlib.aclosing(pieces(request)) as form:
            async for part, data in form:
                if part.name == "user":
                    user += data
                elif part.name == "file" and incoming is None:
                    incoming = stack.enter_context(_begin(parts, part))
                elif part.name == "file" and not data:
                    raise Refusal(400, "too_many_files", "Only one file is allowed.")
                elif part.name == "file" and incoming:
                    incoming.write(data)
        if incoming is None:
            raise Refusal(400, "no_file_uploaded", "Please upload your file.")
        if not 0 < len(user) <= USER_LIMIT:
            raise invalid("Arg user must be provided.")
        kept = incoming.done(user.decode(errors="replace"))
    return Json(_uploaded(kept), 201)


def _begin(parts: Parts, part: Part) -> Incoming:
    if not part.filename:
        code = "filename_not_exists_error"
        raise Refusal(400, code, "The specified filename does not exist.")
    if "/" in part.filename or "\\" in part.filename:
        raise invalid("Filename contains invalid characters")
    guessed, _ = mimetypes.guess_type(part.filename)
    return parts.files.receive(part.filename, part.mime or guessed or "application/octet-stream")


def _uploaded(file: File) -> UploadedFile:
    return UploadedFile(
        id=file.id,
        name=file.name,
        size=file.size,
        extension=file.extension,
        mime_type=file.mime_type,
        created_by=file.user,
        created_at=int(file.created_at),
    )


routes = [Route("/files/upload", upload, methods=["POST"])]
