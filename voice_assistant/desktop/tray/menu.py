"""What the tray shows, described once for every platform: state, words and menu."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.commands import Ask, New, Quit, Retry, Stop, Toggle

if sys.platform == "linux":
    # Its own backends need a display or GTK as soon as they are imported; only its menu is used.
    os.environ["PYSTRAY_BACKEND"] = "dummy"
from pystray import Menu, MenuItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.commands import AnyCommand
    from voice_assistant.events import Phase

__all__ = ["TITLE", "Menu", "MenuItem", "TrayState", "entries"]

TITLE = "Voice assistant"
LABEL_MAX = 60

WORDS: dict[Phase, str] = {
    "idle": "Ready",
    "listening": "Listening",
    "thinking": "Thinking",
    "speaking": "Speaking",
    "error": "Something went wrong",
}


class TrayState(NamedTuple):
    """What the tray shows.

    Attributes:
        phase: what the assistant is doing.
        suggestions: questions that could be asked next.
        problems: what is missing, one line each.
        unanswered: there is a recording that can be tried again.
    """

    phase: Phase = "idle"
    suggestions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unanswered: bool = False

    @property
    def words(self) -> str:
        """The state in words, a line for each thing that is missing."""
        return "\n".join((WORDS[self.phase], *self.problems))


def entries(state: TrayState, post: Callable[[AnyCommand], None]) -> Iterator[MenuItem]:
    """The menu for `state`; each entry posts its command."""

    def item(label: str, command: AnyCommand, **options: Any) -> MenuItem:
        return MenuItem(_short(label), lambda: post(command), **options)

    busy = state.phase in {"listening", "thinking", "speaking"}
    yield item("Finish" if state.phase == "listening" else "Talk", Toggle(), default=True)
    yield item("Stop", Stop(), enabled=busy)
    yield Menu.SEPARATOR
    for question in state.suggestions:
        yield item(question, Ask(text=question, source="suggestion"))
    yield Menu.SEPARATOR
    yield item("New conversation", New())
    if state.unanswered:
        yield item("Try the last recording again", Retry(), enabled=state.phase != "listening")
    yield Menu.SEPARATOR
    for problem in state.problems:
        yield MenuItem(_short(problem), None, enabled=False)
    yield Menu.SEPARATOR
    yield item("Quit", Quit())


def _short(label: str) -> str:
    words = " ".join(label.split())
    return words if len(words) <= LABEL_MAX else words[: LABEL_MAX - 1].rstrip() + "…"
