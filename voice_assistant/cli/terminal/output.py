"""The one way by which the command line prints.

Within `printable_output()`, all text on standard output and standard error passes `printable`, and
letters that the terminal's encoding lacks are replaced, also in the text of `argparse`, of the log
and of tracebacks. JSON is printed by `show_json`, which escapes such letters.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from voice_assistant.errors import StorageError, sentences
from voice_assistant.system.json_lines import encoded
from voice_assistant.system.own_command import typeable
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

# JSON escapes the control characters below U+0020 itself.
_STEERING = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")


class PrintableOutput(io.TextIOBase):
    """A stream of printable text over another stream.

    Args:
        stream: the stream that gets the text.
        needed: True raises an error if the text cannot be written; else the text is lost.
    """

    def __init__(self, stream: TextIO, *, needed: bool = True) -> None:
        self._stream = stream
        self._needed = needed

    @property
    def encoding(self) -> str:  # type: ignore[override]  # (read-only here)
        """The encoding of the terminal, or of any other reader."""
        return self._stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        """Write the printable part of `text`; letters that the encoding lacks are replaced.

        Raises:
            BrokenPipeError: the reader has closed the stream.
            StorageError: the text cannot be written, as on a full disk.
        """
        shown = printable(text).encode(self.encoding, "replace").decode(self.encoding)
        with self._told():
            self._stream.write(shown)
        return len(text)

    def flush(self) -> None:
        """Flush the stream below, unless it is closed; raises the errors of `write`.

        Python flushes each stream at its end, when the one below may be gone.
        """
        if self._stream.closed:
            return
        with self._told():
            self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor of the stream below."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Return whether the stream below is a terminal."""
        return self._stream.isatty()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn an error of the operating system into an error for people, once."""
        try:
            yield
        except OSError as error:
            # Unwritten text goes to the null device: Python would try to write it again at exit.
            with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())
            if isinstance(error, BrokenPipeError) and self._needed:
                raise
            if self._needed:
                raise StorageError(
                    _("The output cannot be written: {strerror}", strerror=error.strerror),
                    _("Check the disk, or the program that reads the output."),
                ) from error


@contextlib.contextmanager
def printable_output() -> Iterator[None]:
    """Let all text that is printed in this context pass `PrintableOutput`.

    Closed standard streams lead to the null device: else the next file or socket would get their
    descriptors.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    # A stream that was closed at the start is None; `print` and `argparse` know that.
    output = sys.stdout and PrintableOutput(sys.stdout)
    errors = sys.stderr and PrintableOutput(sys.stderr, needed=False)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        yield


@contextlib.contextmanager
def own_stderr() -> Iterator[None]:
    """Send the libraries' output on descriptor 2 to the null device, but not our own text.

    ALSA and PortAudio write there about unused devices; a PortAudio that hung wrote 113 MB a
    second. PortAudio's Python binding redirects descriptor 2 to the null device while it looks for
    devices: text of other threads would be lost meanwhile.
    """
    encoding = getattr(sys.stderr, "encoding", None)
    with (
        os.fdopen(os.dup(2), "w", buffering=1, encoding=encoding) as ours,
        Path(os.devnull).open("wb") as nowhere,
        contextlib.redirect_stderr(PrintableOutput(ours, needed=False)),
    ):
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(ours.fileno(), 2)


def show_json(value: Any) -> None:
    """Print a value as one line of JSON; control characters are escaped.

    If the encoding is not a Unicode encoding, all letters beyond ASCII are escaped too: programs
    read the same value in every locale.
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    escaped = _STEERING if encoding.startswith("utf") else _BEYOND_ASCII
    print(escaped.sub(_escape, encoded(value).decode()), flush=True)


def warn(title: str, hint: str) -> None:
    """Print a problem (`title`) and what to do (`hint`); a `ports.Warn`."""
    print(f"voice-assistant: {typeable(sentences(title))}", file=sys.stderr)
    if hint:
        print(typeable(hint), file=sys.stderr)


def _escape(match: re.Match[str]) -> str:
    """Return a letter as JSON's ASCII escapes: one for each of its UTF-16 units."""
    units = memoryview(match.group().encode("utf-16")).cast("H")[1:]  # without the mark
    return "".join(f"\\u{unit:04x}" for unit in units)
