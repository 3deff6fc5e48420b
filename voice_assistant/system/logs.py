"""The log: a file that only its owner can read, rotated; and standard error in the foreground."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
ERRORS = "backslashreplace"  # names of files need not be UTF-8


def start(level: str, file: Path | None = None) -> None:
    """Log to `file` (created for the owner only) or, without one, to standard error."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        file.chmod(0o600)
        handler = _PrivateRotation(
            file, maxBytes=2_000_000, backupCount=2, encoding="utf-8", errors=ERRORS
        )
    handler.setFormatter(logging.Formatter(LINE))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # These say every request's address or every byte; only their warnings are ours to keep.
    for noisy in ("httpx", "httpcore", "asyncio", "dbus_fast", "uvicorn", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _PrivateRotation(logging.handlers.RotatingFileHandler):
    """Rotation makes new files; they too are the owner's alone."""

    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202  (typeshed's private signature)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding=self.encoding, errors=self.errors)
