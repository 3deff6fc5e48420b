"""Sends the files that belong to a question, after checking that the app takes them."""

from __future__ import annotations

import asyncio
import math
import mimetypes
import stat
from functools import partial
from typing import TYPE_CHECKING, Literal

import msgspec

from voice_assistant.api.models import ChatFile, SystemParameters, Upload
from voice_assistant.errors import InputError, NotConfigured, TooLarge
from voice_assistant.text.printable import printable
from voice_assistant.translation import N_, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voice_assistant.api.models import FileUpload, UploadedFile
    from voice_assistant.ports import Backend

    Progress = Callable[[str, int, int], None]

MEGABYTE = 2**20
"""Bytes of a megabyte, as servers count their limits."""

MOST_MB = 500
"""The limit if the server names none. The server's own default is 100 MB, for films."""

SMALLER = N_("Send a smaller file, or have the server's limit raised.")

Kind = Literal["image", "document", "audio", "video", "custom"]


async def attach(
    backend: Backend,
    files: Sequence[Path],
    allowed: FileUpload | None,
    limits: SystemParameters | None = None,
    progress: Progress | None = None,
) -> tuple[ChatFile, ...]:
    """Send files that a question refers to. All files are checked before the first is sent.

    Args:
        backend: the backend that gets the files.
        files: the files.
        allowed: the files that the app takes; None if that is not known.
        limits: the largest sizes of files; None if they are not known.
        progress: called while a file is sent, with its name, the bytes so far and its size.

    Returns:
        The files as the question names them.

    Raises:
        NotConfigured: the app takes no files, or no files of this kind.
        InputError: there are too many, or a file is not plain, is too large, or cannot be read.
        BackendError: the server refuses a file.
    """
    kinds = [kind_of(file, allowed) for file in files]
    if allowed is not None and files:
        _check(kinds, files, allowed)
    await asyncio.to_thread(_look_at, files, kinds, limits)
    sent = [await _send(backend, file, progress) for file in files]
    return tuple(
        ChatFile(type=kind, transfer_method="local_file", upload_file_id=one.id)
        for kind, one in zip(kinds, sent, strict=True)
    )


async def _send(backend: Backend, file: Path, progress: Progress | None) -> UploadedFile:
    upload = upload_of(file)
    if progress:
        told = partial(progress, upload.name)
        upload = msgspec.structs.replace(upload, progress=told)
    try:
        return await backend.upload_file(upload)
    except TooLarge as error:  # the server's own limit is lower than it says
        raise TooLarge(
            _(
                "{name} has {size} MB, which is too large for the server",
                name=file.name,
                size=_in_mb(await asyncio.to_thread(lambda: file.stat().st_size)),
            ),
            f"{error.hint} {_(SMALLER)}".lstrip(),
            status=error.status,
            server_code=error.server_code,
        ) from error


async def check_files(files: Sequence[Path], limits: SystemParameters | None) -> None:
    """Check that files can be sent, without reading them.

    Raises:
        InputError: a file is not plain, is too large, or does not exist.
    """
    await asyncio.to_thread(_look_at, files, [kind_of(file, None) for file in files], limits)


def upload_of(file: Path) -> Upload:
    """Return the upload of a file."""
    return Upload(content=file, name=printable(file.name), mime=_mime(file))


def kind_of(file: Path, allowed: FileUpload | None) -> Kind:
    """Return the API's kind for a file of this name."""
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


def _look_at(files: Sequence[Path], kinds: Sequence[Kind], limits: SystemParameters | None) -> None:
    for file, kind in zip(files, kinds, strict=True):
        try:
            about = file.stat()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else _("its name cannot be used")
            raise InputError(
                _("{file} cannot be read: {reason}", file=file, reason=reason), _("Check the file.")
            ) from error
        if not stat.S_ISREG(about.st_mode):
            what = _("a folder") if stat.S_ISDIR(about.st_mode) else _("no plain file")
            raise InputError(
                _("{file} is {what}", file=file, what=what), _("Only plain files can be sent.")
            )
        if not about.st_size:
            raise InputError(_("{file} is empty", file=file), _("Check the file."))
        limit_mb = _limit_mb(kind, limits)
        if about.st_size > limit_mb * MEGABYTE:
            raise InputError(
                _(
                    "{name} has {in_mb} MB, and the app takes {limit_mb} MB",
                    name=file.name,
                    in_mb=_in_mb(about.st_size),
                    limit_mb=limit_mb,
                ),
                _(SMALLER),
            )


def _limit_mb(kind: Kind, limits: SystemParameters | None) -> int:
    known = limits or SystemParameters()
    by_kind = {
        "image": known.image_file_size_limit,
        "audio": known.audio_file_size_limit,
        "video": known.video_file_size_limit,
    }
    return by_kind.get(kind, 0) or known.file_size_limit or MOST_MB


def _in_mb(size: int) -> str:
    """Return a size in MB, rounded up: a size above the limit never looks equal to the limit."""
    return f"{math.ceil(size / MEGABYTE * 10) / 10:,.1f}"


def _check(kinds: Sequence[Kind], files: Sequence[Path], allowed: FileUpload) -> None:
    if not allowed.types:
        raise NotConfigured(
            _("This app takes no files with questions"), _("Its owner can switch on file uploads.")
        )
    for kind, file in zip(kinds, files, strict=True):
        if kind not in allowed.types:
            raise NotConfigured(
                _("This app does not take {name}", name=file.name),
                _("It takes: {names}.", names=", ".join(allowed.types)),
            )
    if 0 < allowed.number_limits < len(files):
        raise InputError(
            ngettext(
                "There is {n} file with the question",
                "There are {n} files with the question",
                len(files),
            ),
            _("The app takes at most {number_limits}.", number_limits=allowed.number_limits),
        )


def _mime(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
