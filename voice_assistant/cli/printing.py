"""A turn's events on the terminal: for people, or one JSON object a line."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.errors import exit_code

if TYPE_CHECKING:
    from collections.abc import Iterator


class Printer(events.Subscriber):
    """A `Subscriber` that prints one turn.

    Args:
        as_json: one event a line instead of words.

    Attributes:
        status: the exit status that the events so far mean.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.status = 0
        self._as_json = as_json
        self._written = ""

    def handle(self, event: events.AnyEvent) -> None:
        """Show one event."""
        if isinstance(event, events.Failed):
            self.status = exit_code(event.code)
        if self._as_json:
            print(msgspec.json.encode(event).decode(), flush=True)
        else:
            self._show(event)

    def _show(self, event: events.AnyEvent) -> None:  # noqa: C901  (a case for each event)
        match event:
            case events.Asked(question=question, source="voice"):
                print(f"You asked: {question}", file=sys.stderr)
            case events.Text(delta=delta):
                self._write(delta)
            case events.Replaced(text=text):
                self._write(f"\n{text}")
            case events.Answered(text=text, complete=complete):
                if text and not self._written:
                    self._write(text)
                if self._written:
                    self._write("\n")
                if not complete:
                    print("(The answer broke off.)", file=sys.stderr)
            case events.Spoken(problem=problem) if problem:
                print(f"(Not all of it could be spoken: {problem}.)", file=sys.stderr)
            case events.Suggested(questions=questions):
                print("You could ask:", *questions, sep="\n  ", file=sys.stderr)
            case events.Failed(title=title, hint=hint):
                warn(title, hint)
            case _:
                pass

    def _write(self, text: str) -> None:
        self._written = text
        print(text, end="", flush=True)


@contextlib.contextmanager
def own_stderr() -> Iterator[None]:
    """Keep file descriptor 2 from the libraries, and let our own words reach the terminal.

    ALSA and PortAudio complain there of devices that nobody asked for; a PortAudio that hangs wrote
    113 MB a second. PortAudio's Python binding sends the descriptor to nowhere while it looks for
    devices: what another thread says meanwhile would be lost.
    """
    with (
        os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace") as ours,
        open(os.devnull, "wb") as nowhere,  # noqa: PTH123  (a device, and no file of ours)
        contextlib.redirect_stderr(ours),
    ):
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(ours.fileno(), 2)


def warn(title: str, hint: str) -> None:
    """Print what went wrong or is missing, and what to do; a `ports.Warn`."""
    print(f"voice-assistant: {title}.", file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
