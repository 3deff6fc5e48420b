"""The one door for what the command line prints.

While `door()` is open, everything that is written to standard output and standard error passes
`printable`, and letters that the terminal's encoding lacks are replaced: also what `argparse`,
the log and a traceback say. JSON goes by `show_json`, which escapes instead of dropping.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from voice_assistant.errors import StorageError
from voice_assistant.system.json_lines import encoded
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

# Below U+0020, JSON has none as they are.
_STEERING = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")


class Door(io.TextIOBase):
    """A stream of printable text over another stream.

    Args:
        stream: where the text goes.
        needed: that it cannot be written is an error; else the text is lost.
    """

    def __init__(self, stream: TextIO, *, needed: bool = True) -> None:
        self._stream = stream
        self._needed = needed

    @property
    def encoding(self) -> str:  # type: ignore[override]  # (read-only here)
        """What the terminal, or whoever else reads this, is told to read."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        """Write what may be shown of `text`, as far as the encoding has it.

        Raises:
            BrokenPipeError: nobody reads any more.
            StorageError: it cannot be written, as on a full disk.
        """
        shown = printable(text).encode(self.encoding, "replace").decode(self.encoding)
        with self._told():
            self._stream.write(shown)
        return len(text)

    def flush(self) -> None:
        """Hand on what was written; errors as in `write`."""
        with self._told():
            self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor below."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Return whether a person sits there."""
        return self._stream.isatty()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Have an error of the operating system be one for people, once."""
        try:
            yield
        except OSError as error:
            # What is left in the stream goes nowhere: Python would try again at its end.
            with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())
            if isinstance(error, BrokenPipeError) and self._needed:
                raise
            if self._needed:
                raise StorageError(
                    f"The output cannot be written: {error.strerror}",
                    "Check the disk or the program that it goes to.",
                ) from error


@contextlib.contextmanager
def door() -> Iterator[None]:
    """Let all that is printed meanwhile pass the door.

    Closed standard streams lead nowhere: else the next file or socket would get their numbers.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    # A stream that was closed at the start is None; `print` and `argparse` know that.
    output = sys.stdout and Door(sys.stdout)
    errors = sys.stderr and Door(sys.stderr, needed=False)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        yield


@contextlib.contextmanager
def own_stderr() -> Iterator[None]:
    """Keep file descriptor 2 from the libraries, and let our own words reach the terminal.

    ALSA and PortAudio complain there of devices that nobody asked for; a PortAudio that hangs wrote
    113 MB a second. PortAudio's Python binding sends the descriptor to nowhere while it looks for
    devices: what another thread says meanwhile would be lost.
    """
    encoding = getattr(sys.stderr, "encoding", None)
    with (
        os.fdopen(os.dup(2), "w", buffering=1, encoding=encoding) as ours,
        Path(os.devnull).open("wb") as nowhere,
        contextlib.redirect_stderr(Door(ours, needed=False)),
    ):
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(ours.fileno(), 2)


def show_json(value: Any) -> None:
    """Print a value as one line of JSON; what a terminal would obey is escaped in it.

    Where the encoding is not one of Unicode's, all letters beyond ASCII are escaped too: programs
    read the same value in every locale.
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    escaped = _STEERING if encoding.startswith("utf") else _BEYOND_ASCII
    print(escaped.sub(_escape, encoded(value).decode()), flush=True)


def warn(title: str, hint: str) -> None:
    """Print what went wrong or is missing, and what to do; a `ports.Warn`."""
    print(f"voice-assistant: {title}.", file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)


def _escape(match: re.Match[str]) -> str:
    """Return a letter as JSON writes it in ASCII: by its one or two units of UTF-16."""
    units = memoryview(match.group().encode("utf-16")).cast("H")[1:]  # without the mark
    return "".join(f"\\u{unit:04x}" for unit in units)
