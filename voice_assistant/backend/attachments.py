"""Files that go with a question: which of them the app takes, and how they are sent."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Literal

from voice_assistant.api.models import ChatFile, Upload
from voice_assistant.errors import InputError, NotConfigured
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voice_assistant.api.models import FileUpload
    from voice_assistant.ports import Backend

Kind = Literal["image", "document", "audio", "video", "custom"]


async def attach(
    backend: Backend, files: Sequence[Path], allowed: FileUpload | None
) -> tuple[ChatFile, ...]:
    """Send files, for a question to refer to. All are looked at before the first is sent.

    Args:
        backend: who is asked.
        files: which.
        allowed: which the app takes; None where that is not known.

    Raises:
        NotConfigured: the app takes none, or none of this kind.
        InputError: there are too many, or one cannot be read.
        BackendError: the server does not take one.
    """
    kinds = [kind_of(file, allowed) for file in files]
    if allowed is not None and files:
        _check(kinds, files, allowed)
    sent = [await backend.upload_file(upload_of(file)) for file in files]
    return tuple(
        ChatFile(type=kind, transfer_method="local_file", upload_file_id=one.id)
        for kind, one in zip(kinds, sent, strict=True)
    )


def upload_of(file: Path) -> Upload:
    """A file as it is sent."""
    return Upload(content=file, name=printable(file.name), mime=_mime(file))


def kind_of(file: Path, allowed: FileUpload | None) -> Kind:
    """What the API calls a file of this name."""
    extension = file.suffix.lstrip(".").lower()
    if allowed and "custom" in allowed.types:
        own = {name.lstrip(".").lower() for name in allowed.allowed_file_extensions}
        if extension in own:
            return "custom"
    match _mime(file).partition("/")[0]:
        case "image":
            return "image"
        case "audio":
            return "audio"
        case "video":
            return "video"
        case _:
            return "document"


def _check(kinds: Sequence[Kind], files: Sequence[Path], allowed: FileUpload) -> None:
    if not allowed.types:
        raise NotConfigured(
            "This app takes no files with questions", "Its owner can switch on file uploads."
        )
    for kind, file in zip(kinds, files, strict=True):
        if kind not in allowed.types:
            raise NotConfigured(
                f"This app does not take {file.name}", f"It takes: {', '.join(allowed.types)}."
            )
    if 0 < allowed.number_limits < len(files):
        raise InputError(
            f"There are {len(files)} files with the question",
            f"The app takes at most {allowed.number_limits}.",
        )


def _mime(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
