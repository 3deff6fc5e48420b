"""The files that users upload for their questions; kept below the data folder."""

from __future__ import annotations

import contextlib
import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

import msgspec

from voice_assistant.errors import StorageError
from voice_assistant.server.http.wire import Refusal, new_id
from voice_assistant.system import plain_files, private_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voice_assistant.server.store.store import Store

MB = 1 << 20
LIMITS_MB = {"image": 10, "audio": 50, "video": 100}
"""The largest size by the first half of the file's MIME type; `OTHER_LIMIT_MB` for the rest."""
OTHER_LIMIT_MB = 15


class File(msgspec.Struct):
    """An uploaded file."""

    id: str
    user: str
    name: str
    size: int
    mime_type: str
    created_at: float

    @property
    def extension(self) -> str:
        """The end of the file's name, without the dot."""
        return PurePath(self.name).suffix.removeprefix(".").lower()


class Files:
    """The uploaded files: their bytes in `folder`, the rest in the store.

    Args:
        db: a connection as made by `store.connect`.
        folder: created when the first file arrives.
    """

    def __init__(self, db: Store, folder: Path) -> None:
        self._db = db
        self._folder = folder

    def receive(self, name: str, mime_type: str) -> Incoming:
        """Begin to keep a file. The end of the context deletes the file unless `done` was called.

        Raises:
            Refusal: 507, the file cannot be kept.
        """
        with _refusing():
            private_files.folder(self._folder)
            return Incoming(self._db, self._folder, name, mime_type)

    def get(self, file_id: str, user: str) -> File | None:
        """Return the user's file with this id; None without such a file."""
        row = self._db.execute(
            "SELECT * FROM files WHERE id = ? AND user = ?", (file_id, user)
        ).fetchone()
        return None if row is None else File(*row)

    def content(self, file: File) -> bytes:
        """Return the bytes of a file.

        Raises:
            OSError: the file cannot be read.
        """
        return (self._folder / file.id).read_bytes()


class Incoming:
    """A file that is arriving."""

    def __init__(self, db: Store, folder: Path, name: str, mime_type: str) -> None:
        self._db = db
        self._name = name
        self._mime_type = mime_type
        self._size = 0
        self._limit = LIMITS_MB.get(mime_type.partition("/")[0], OTHER_LIMIT_MB) * MB
        self._id = new_id()
        self._path = folder / self._id
        self._file = open(self._path, "xb", 0, opener=private_files.opener)  # noqa: SIM115
        self._kept = False

    def __enter__(self) -> Self:
        """Return the file; it is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file, and delete it if it is not complete."""
        self._file.close()
        if not self._kept:
            self._path.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Add the next bytes.

        Raises:
            Refusal: 413, the file is larger than its kind may be; 507, the disk refuses the bytes.
        """
        self._size += len(data)
        if self._size > self._limit:
            raise Refusal(413, "file_too_large", "File size exceeded.")
        with _refusing():
            self._file.write(data)

    def done(self, user: str) -> File:
        """Keep the complete file as a file of `user`, and return it."""
        new = File(self._id, user, self._name, self._size, self._mime_type, time.time())
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(new)
        )
        self._kept = True
        return new


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Turn a refusal by the disk into a `Refusal` with the reason."""
    try:
        with plain_files.told("The file cannot be kept"):
            yield
    except StorageError as error:
        raise Refusal(507, "insufficient_storage", f"{error.title}. {error.hint}") from error
