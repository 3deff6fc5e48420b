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
    """Let what is said reach the terminal while sound is started.

    PortAudio's Python binding sends file descriptor 2 to nowhere while it looks for devices, to
    hide ALSA's complaints; what another thread says meanwhile would be lost with them.
    """
    with os.fdopen(os.dup(2), "w", buffering=1) as ours, contextlib.redirect_stderr(ours):
        yield


def warn(title: str, hint: str) -> None:
    """Print what went wrong or is missing, and what to do; a `ports.Warn`."""
    print(f"voice-assistant: {title}.", file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
