"""The state that the page shows: a page that comes late or falls behind gets the present one."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events, translation
from voice_assistant.companion.markdown import rendered
from voice_assistant.companion.shown_turn import ShownTurn, apply
from voice_assistant.settings.titles import in_titles
from voice_assistant.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

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


class _Page:
    """The news that one open page does not have yet."""

    def __init__(self, turns: set[int]) -> None:
        self.turns = turns
        self.status = True
        self.settings = True
        self.spoken = ""
        self.news = asyncio.Event()
        self.news.set()


class Feed(events.Subscriber):
    """A `Subscriber` that keeps the last turns, and tells open pages what has changed.

    Args:
        status: returns the status at this moment.
        sentence: returns the sentence that is being spoken, "" if it is not known.
        closing: set when the pages' streams are to end.
        trusts_pictures: returns whether pages show the pictures of answers without a click.
    """

    def __init__(
        self,
        status: Callable[[], Status],
        closing: asyncio.Event,
        sentence: Callable[[], str] = str,
        trusts_pictures: Callable[[], bool] = bool,
    ) -> None:
        self._status = status
        self._trusts_pictures = trusts_pictures
        self._sentence = sentence
        self._closing = closing
        self._turns: dict[int, ShownTurn] = {}
        self._rendered: dict[int, str] = {}  # the texts whose HTML the turns have
        self._pages: set[_Page] = set()
        self._for_good = False

    def end_for_good(self) -> None:
        """Tell all pages with their streams' end that they do not come back by themselves."""
        self._for_good = True

    def begin_with(self, turns: Iterable[ShownTurn]) -> None:
        """Show these turns of the record, from before this start, above all others."""
        for turn in turns:
            self._turns[turn.number] = turn

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        if isinstance(event, events.Asked) and event.goes_on:
            self._drop(event.goes_on)
        turn = self._turns.get(event.turn) or ShownTurn(number=event.turn, state="thinking")
        if not apply(turn, event):
            if event.turn in self._turns and not turn.question and not turn.text and not turn.note:
                del self._turns[event.turn]  # nothing was said: there is nothing to show
            self.status_changed()
            return
        self._turns[event.turn] = turn
        while len(self._turns) > MOST_TURNS:
            oldest = min(self._turns)
            del self._turns[oldest]
            self._rendered.pop(oldest, None)
        for page in self._pages:
            page.turns.add(event.turn)
        self.status_changed()

    def _drop(self, message_id: str) -> None:
        """Show a turn of the record no longer: its answer goes on in a new one."""
        for number, turn in self._turns.items():
            if turn.message_id == message_id:
                turn.state = "dropped"
                for page in self._pages:
                    page.turns.add(number)

    def status_changed(self, _: object = None) -> None:
        """Tell all pages that the status has changed."""
        for page in self._pages:
            page.status = True
            page.news.set()

    def settings_changed(self, *_: object) -> None:
        """Tell all pages that settings have changed; the language of the words may be one."""
        for page in self._pages:
            page.settings = True
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
                    await self._render(turn)
                if page.settings:
                    page.settings = False
                    yield _message(
                        "settings",
                        {"language": translation.tag(), "pictures": self._trusts_pictures()},
                    )
                if page.status:
                    page.status = False
                    yield _message("status", _shown(self._status()))
                if turns or first:
                    yield _message("all" if first else "turns", turns)
                    first = False
                longest = max((len(turn.text) for turn in turns), default=0)
                await asyncio.sleep(max(PACE_S, longest / CHARS_PER_S))
            if self._for_good:
                yield _message("ended", {})
        finally:
            self._pages.discard(page)

    async def _render(self, turn: ShownTurn) -> None:
        """Renew the HTML of a turn whose text has changed, without holding the loop up."""
        text = turn.text
        if self._rendered.get(turn.number) != text:
            turn.html = await asyncio.to_thread(rendered, text)
            self._rendered[turn.number] = text

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


def _shown(status: Status) -> Status:
    """Return the status with the titles of settings in place of their names."""
    return msgspec.structs.replace(
        status,
        missing=tuple(map(in_titles, status.missing)),
        problems=tuple(map(in_titles, status.problems)),
        not_ready=in_titles(status.not_ready),
    )


def _message(kind: str, data: object) -> bytes:
    return f"event: {kind}\n".encode() + b"data: " + msgspec.json.encode(data) + b"\n\n"
