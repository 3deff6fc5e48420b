"""Starts the log: a rotated file that only its owner can read, or standard error."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from typing import TYPE_CHECKING

from voice_assistant.system.private_files import open_for_append, opener

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
JOURNAL_LINE = "%(name)s: %(message)s"
ERRORS = "backslashreplace"  # names of files need not be UTF-8


def reaches_journal(environ: Mapping[str, str] = os.environ, descriptor: int = 2) -> bool:
    """Return whether systemd's journal takes what is written to standard error.

    systemd.exec(5), "$JOURNAL_STREAM": the device and the inode of the stream, to be compared.
    """
    try:
        stream = os.fstat(descriptor)
    except OSError:
        return False
    return environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


class JournalLines(logging.Formatter):
    """Lines for the journal, which has a clock: on each the level, as in sd-daemon(3)."""

    _LEVELS = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        level = next(number for least, number in self._LEVELS if record.levelno >= least)
        return "\n".join(f"<{level}>{line}" for line in super().format(record).splitlines())


def start(level: str, file: Path | None = None) -> None:
    """Log to `file` (readable by its owner only) or, without a file, to standard error.

    Raises:
        StorageError: the file cannot be written.
    """
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        os.close(open_for_append(file))
        handler = _PrivateRotation(
            file, maxBytes=2_000_000, backupCount=2, encoding="utf-8", errors=ERRORS
        )
    in_journal = file is None and reaches_journal()
    handler.setFormatter(JournalLines(JOURNAL_LINE) if in_journal else logging.Formatter(LINE))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # These libraries log every address or every byte; only their warnings are kept.
    for noisy in ("httpx", "httpcore", "asyncio", "dbus_fast", "uvicorn", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _PrivateRotation(logging.handlers.RotatingFileHandler):
    """A rotated log whose new files, too, can be read by the owner only."""

    _failed = False

    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202  (typeshed's private signature)
        return open(
            self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=opener
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """Report once that the log cannot be written, without a traceback for each line."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._failed and sys.stderr:
            self._failed = True
            sys.stderr.write(f"The log {self.baseFilename} cannot be written: {error}\n")
