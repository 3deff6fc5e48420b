"""What the page shows, as state: whoever comes late or falls behind gets the state of now."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Literal

import msgspec

from voice_assistant import events
from voice_assistant.companion.markdown import rendered
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.status import Status

MOST_TURNS = 100
"""The turns that a page gets when it opens; older ones are in the history."""

PACE_S = 0.03
"""The least seconds between two messages to one page."""

CHARS_PER_S = 300_000
"""A longer answer is sent less often: each message holds all of it."""

LOOK_S = 0.1
"""Seconds between two looks at the microphone's level, or at the sentence being spoken."""

ALIVE_S = 15.0
"""Seconds without news after which a sign of life is sent."""


class ShownTurn(msgspec.Struct, kw_only=True):
    """A turn as the page shows it.

    Attributes:
        number: the turn's number.
        question: the question's words; "" for an announcement, and while they are not known.
        text: the answer so far, as the server wrote it.
        html: the same as HTML.
        state: how far the turn is.
        note: what went wrong, or what the user waits for; "" for nothing.
        suggestions: the follow-up questions.
    """

    number: int
    question: str = ""
    text: str = ""
    html: str = ""
    state: Literal["listening", "thinking", "answering", "complete", "incomplete", "failed"]
    note: str = ""
    suggestions: tuple[str, ...] = ()


class _Page:
    """What one open page does not know yet."""

    def __init__(self, turns: set[int]) -> None:
        self.turns = turns
        self.status = True
        self.spoken = ""
        self.news = asyncio.Event()
        self.news.set()


class Feed(events.Subscriber):
    """A `Subscriber` that keeps the last turns, and tells open pages what has changed.

    Args:
        status: returns the status at this moment.
        sentence: returns the sentence that is being spoken, "" if it is not known.
        closing: set when the pages' streams are to end.
    """

    def __init__(
        self,
        status: Callable[[], Status],
        closing: asyncio.Event,
        sentence: Callable[[], str] = str,
    ) -> None:
        self._status = status
        self._sentence = sentence
        self._closing = closing
        self._turns: dict[int, ShownTurn] = {}
        self._pages: set[_Page] = set()

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        turn = self._turns.get(event.turn) or ShownTurn(number=event.turn, state="thinking")
        if not _apply(turn, event):
            if event.turn in self._turns and not turn.question and not turn.text and not turn.note:
                del self._turns[event.turn]  # nothing was said: there is nothing to show
            self.status_changed()
            return
        self._turns[event.turn] = turn
        while len(self._turns) > MOST_TURNS:
            del self._turns[min(self._turns)]
        for page in self._pages:
            page.turns.add(event.turn)
        self.status_changed()

    def status_changed(self, _: object = None) -> None:
        """Tell all pages that the status has changed."""
        for page in self._pages:
            page.status = True
            page.news.set()

    def close(self) -> None:
        """End all streams; `closing` is set."""
        for page in self._pages:
            page.news.set()

    async def follow(self) -> AsyncIterator[bytes]:
        """Yield the state of now, then each change, as server-sent events, until the end."""
        page = _Page(set(self._turns))
        self._pages.add(page)
        first = True
        try:
            while not self._closing.is_set():
                if not await self._has_news(page):
                    yield self._beside(page)
                    continue
                page.news.clear()
                numbers, page.turns = sorted(page.turns), set()
                turns = [self._turns[number] for number in numbers if number in self._turns]
                for turn in turns:
                    turn.html = rendered(turn.text)
                if page.status:
                    page.status = False
                    yield _message("status", self._status())
                if turns or first:
                    yield _message("all" if first else "turns", turns)
                    first = False
                longest = max((len(turn.text) for turn in turns), default=0)
                await asyncio.sleep(max(PACE_S, longest / CHARS_PER_S))
        finally:
            self._pages.discard(page)

    async def _has_news(self, page: _Page) -> bool:
        """Wait for news, or until it is time to tell what changes without an event."""
        moves = self._status().phase in ("listening", "speaking", "paused") or page.spoken
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S if moves else ALIVE_S):
                await page.news.wait()
        return page.news.is_set()

    def _beside(self, page: _Page) -> bytes:
        """Return a message about the level or the sentence being spoken, or a sign of life."""
        status, spoken = self._status(), printable(self._sentence())
        if status.phase == "listening":
            return _message("level", status.level_dbfs)
        if spoken != page.spoken:
            page.spoken = spoken
            return _message("spoken", spoken)
        return b":\n\n"


def _apply(turn: ShownTurn, event: events.AnyEvent) -> bool:  # noqa: C901
    """Change `turn` by an event; return whether the page shows the turn."""
    match event:
        case events.Listening():
            turn.state = "listening"
            return False
        case events.Asked(question=question):
            turn.question, turn.state = printable(question), "thinking"
        case events.Commanded(words=words, reply=reply):
            turn.question, turn.text, turn.state = printable(words), reply, "complete"
        case events.Queued() | events.Lost():
            turn.note = event.told
        case events.Text(delta=delta):
            turn.text, turn.state, turn.note = turn.text + delta, "answering", ""
        case events.Replaced(text=text):
            turn.text = text
        case events.Answered(text=text, complete=complete):
            turn.text, turn.state = text, "complete" if complete else "incomplete"
        case events.Announced(text=text):
            turn.text, turn.state = text, "complete"
        case events.Spoken(problem=problem) if problem:
            turn.note = f"Not all of it could be spoken: {problem}."
        case events.Suggested(questions=questions):
            turn.suggestions = tuple(map(printable, questions[:3]))
        case events.Failed(title=title, hint=hint, question=question):
            turn.question = turn.question or printable(question)
            turn.note, turn.state = printable(f"{title}. {hint}".strip()), "failed"
        case _:
            return bool(turn.question or turn.text or turn.note)
    return True


def _message(kind: str, data: object) -> bytes:
    return f"event: {kind}\n".encode() + b"data: " + msgspec.json.encode(data) + b"\n\n"
