"""A crash of the whole process, for example in a sound library: the next start tells it in the log.

Such a crash is no exception: Python's `faulthandler` writes where each thread was.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError
from voice_assistant.system import paths
from voice_assistant.system.private_files import open_for_append

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

log = logging.getLogger(__name__)

FILE = "crash.txt"
MOST_BYTES = 100_000
"""Of a longer trace, the beginning is told."""


@contextlib.contextmanager
def crash_kept() -> Iterator[None]:
    """Keep where a crash happens in this context, and log where the last one happened.

    A disk that cannot keep it is no reason not to start.
    """
    try:
        trace = os.fdopen(open_for_append(paths.state_dir() / FILE), "r+b", buffering=0)
    except StorageError as error:
        log.warning("a crash will not be told: %s", error)
        yield
        return
    with trace:
        _tell_last(trace)
        faulthandler.enable(trace)
        try:
            yield
        finally:
            faulthandler.disable()


def _tell_last(trace: IO[bytes]) -> None:
    trace.seek(0)
    if last := trace.read(MOST_BYTES):
        log.error("the assistant crashed the last time:\n%s", last.decode("utf-8", "replace"))
        trace.truncate(0)
