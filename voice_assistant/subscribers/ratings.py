"""Rates answers in the record, and sends the ratings to the server as soon as it takes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from voice_assistant import events
from voice_assistant.errors import AssistantError, InputError, NotFound, Rejected
from voice_assistant.history.store import Store
from voice_assistant.system.plain_files import is_missing
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from voice_assistant.api.models import Rating as Thumb
    from voice_assistant.commands import Rate
    from voice_assistant.history.recorded_turn import Rating, RecordedTurn
    from voice_assistant.ports import Warn

    T = TypeVar("T")

log = logging.getLogger(__name__)

RETRY_S = 60.0
"""Seconds between two attempts to send ratings that the server did not take."""

THUMBS: dict[Rating, Thumb | None] = {"good": "like", "bad": "dislike", "": None}


class Rated(Protocol):
    """The part of `backend.link.Link` that ratings use: an app whose answers are rated."""

    name: str

    async def connect(self) -> TakesFeedback:
        """Return the backend."""
        ...


class TakesFeedback(Protocol):
    """The part of `api.client.Client` that ratings use."""

    async def feedback(self, message_id: str, rating: Thumb | None, content: str = "") -> None:
        """Rate an answer; None deletes the rating."""
        ...


async def send_ratings(file: Path, app: Rated) -> None:
    """Send the ratings of an app's answers that its server does not have yet.

    A rating that the server refuses for good, such as that of a deleted message, counts as sent.

    Args:
        file: the record's file.
        app: the link to the app.

    Raises:
        AssistantError: the server does not take ratings now, or the record cannot be read.
    """
    for turn in await _stored(file, lambda store: store.unsent_ratings(app.name)):
        backend = await app.connect()
        try:
            await backend.feedback(turn.message_id, THUMBS[turn.rating], turn.comment)
        except (NotFound, Rejected) as error:
            log.info("the server does not take the rating of turn %d: %s", turn.number, error.title)
        await _stored(file, partial(Store.rating_was_sent, turn=turn))


class Ratings(events.Subscriber):
    """A `Subscriber` that knows the last answer, and rates it on command.

    Args:
        file: the record's file.
        apps: returns the links to the apps that were asked.
        recorded: waits until what was said is in the record.
        retry_s: seconds between two attempts to send ratings.

    Attributes:
        rating: the rating of the last answer.
        can_rate: True if there is an answer that can be rated.
    """

    def __init__(
        self,
        file: Path,
        apps: Callable[[], Iterable[Rated]],
        recorded: Callable[[], Awaitable[None]],
        *,
        retry_s: float = RETRY_S,
    ) -> None:
        self.rating: Rating = ""
        self.can_rate = False
        self._file = file
        self._apps = apps
        self._recorded = recorded
        self._warn: list[Warn] = []
        self._retry_s = retry_s
        self._message_id: str | None = None  # of the last answer; None before the first question
        self._to_rate: deque[Rate] = deque()
        self._due = asyncio.Event()
        self._followers: list[Callable[[], None]] = []

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever `rating` or `can_rate` may have changed."""
        self._followers.append(follower)

    def warn_by(self, warn: Warn) -> None:
        """Tell by `warn` why an answer cannot be rated."""
        self._warn.append(warn)

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        match event:
            case events.Asked():
                self._message_id = ""
                self._changed("", can_rate=False)
            case events.Answered(message_id=message_id) if message_id:
                self._message_id = message_id
                self._changed("", can_rate=True)
                self._due.set()  # the server is there
            case _:
                pass

    def rate(self, command: Rate) -> None:
        """Rate an answer soon; returns at once."""
        self._to_rate.append(command)
        self._due.set()

    async def run(self) -> None:
        """Rate answers and send ratings, until cancelled."""
        sent = is_missing(self._file) or await self._send()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if sent else self._retry_s):
                    await self._due.wait()
            self._due.clear()
            while self._to_rate:
                await self._rate(self._to_rate.popleft())
            sent = is_missing(self._file) or await self._send()

    async def _rate(self, command: Rate) -> None:
        await self._recorded()
        try:
            turn = await _stored(self._file, lambda store: self._rated(store, command))
        except AssistantError as error:
            for warn in self._warn:
                warn(error.title, error.hint)
            return
        if turn.message_id == self._message_id:
            self._changed(turn.rating, can_rate=True)

    def _rated(self, store: Store, command: Rate) -> RecordedTurn:
        if not command.turn and self._message_id == "":
            raise InputError(_("There is no answer that could be rated"), _("Ask something first."))
        number = command.turn or store.last_answer(self._message_id or "").number
        return store.rate(number, command.rating, command.comment)

    async def _send(self) -> bool:
        """Send what is to be sent; return whether nothing is left."""
        try:
            for app in self._apps():
                await send_ratings(self._file, app)
        except AssistantError as error:
            log.info("ratings are sent later: %s", error.title)
            return False
        return True

    def _changed(self, rating: Rating, *, can_rate: bool) -> None:
        self.rating, self.can_rate = rating, can_rate
        for follower in self._followers:
            follower()


async def _stored(file: Path, work: Callable[[Store], T]) -> T:
    """Do some work with the record, in a thread."""

    def do() -> T:
        with Store(file) as store:
            return work(store)

    return await asyncio.to_thread(do)
