"""Writes the record from a thread of its own: no event waits for the disk.

What the disk refuses is kept in memory, and written as soon as the disk takes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Self

import msgspec

from voice_assistant.errors import AssistantError, InputError
from voice_assistant.history.store import Store
from voice_assistant.system import database
from voice_assistant.system.plain_files import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_assistant.history.recorded_turn import RecordedTurn

log = logging.getLogger(__name__)

RETRY_S = 10.0
"""Seconds between two attempts to write what the disk refused."""

CLOSE_S = 3.0
"""Seconds that the end of the program waits for the last write."""

DAY_S = 24 * 3600.0

REMEMBERED = 100
"""Turns whose number is remembered, so that they can still change."""


class Writer:
    """The thread that writes turns. Its context starts the thread; the end writes what is left.

    Args:
        file: the record's file.
        report: called from the thread with the error of the disk, and with None once the disk
            takes everything again. That a file was set aside is never taken back: users are to
            read it.
        keep_days: days that turns are kept; 0 for ever.
        retry_s: seconds between two attempts to write what the disk refused.
    """

    def __init__(
        self,
        file: Path,
        report: Callable[[AssistantError | None], None],
        *,
        keep_days: float = 0.0,
        retry_s: float = RETRY_S,
    ) -> None:
        self._file = file
        self._report = report
        self._keep_days = keep_days
        self._retry_s = retry_s
        self._queue: queue.SimpleQueue[tuple[int, RecordedTurn] | Future[None] | None] = (
            queue.SimpleQueue()
        )
        self._unwritten: dict[int, RecordedTurn] = {}
        self._numbers: dict[int, int] = {}  # in the record, by the key of `put`
        self._earlier: dict[int, RecordedTurn] = {}  # what an earlier process kept of these turns
        self._store: Store | None = None
        self._tidy_at_s = 0.0
        self._refused = False
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)

    def put(self, key: int, turn: RecordedTurn) -> None:
        """Write a turn soon; a later one of the same key replaces it. Returns at once.

        Args:
            key: names the turn in this process.
            turn: the turn as it is now.
        """
        self._queue.put((key, turn))

    async def written(self, limit_s: float) -> None:
        """Wait until all turns so far are written, or refused by the disk, or for `limit_s`."""
        future: Future[None] = Future()
        self._queue.put(future)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await asyncio.wrap_future(future)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left, and end the thread."""
        self._queue.put(None)
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        if not is_missing(self._file):
            self._try(Store.break_off)
            self._try(lambda store: store.kept_files.sweep())
        going_on = True
        while going_on:
            waiting: list[Future[None]] = []
            going_on = self._take(waiting)
            if self._unwritten:
                self._try(self._write)
            for future in waiting:
                if future.set_running_or_notify_cancel():
                    future.set_result(None)
            due = self._keep_days and time.monotonic() >= self._tidy_at_s
            if due and not is_missing(self._file):
                self._tidy_at_s = time.monotonic() + DAY_S
                self._try(self._tidy)
        if self._store:
            self._store.close()

    def _take(self, waiting: list[Future[None]]) -> bool:
        """Wait for turns, and take all that are there; return False at the end of the program."""
        limit_s = self._retry_s if self._unwritten else DAY_S
        with contextlib.suppress(queue.Empty):
            item = self._queue.get(timeout=limit_s)
            while item is not None:
                if isinstance(item, Future):
                    waiting.append(item)
                else:
                    key, turn = item
                    self._unwritten[key] = turn
                item = self._queue.get_nowait()
            return False
        return True

    def _write(self, store: Store) -> None:
        for key, turn in list(self._unwritten.items()):
            self._numbers[key] = store.write(self._known(store, key, turn))
            del self._unwritten[key]
            if turn.state != "open":
                store.keep_on_disk()
        while len(self._numbers) > REMEMBERED:
            oldest = next(iter(self._numbers))
            del self._numbers[oldest]
            self._earlier.pop(oldest, None)

    def _known(self, store: Store, key: int, turn: RecordedTurn) -> RecordedTurn:
        """Return the turn with its number: that of the earlier one whose answer goes on in it."""
        if key not in self._numbers and turn.message_id:
            with contextlib.suppress(InputError):  # it is not in the record
                self._earlier[key] = store.last_answer(turn.message_id)
        if earlier := self._earlier.get(key):
            return turn.after(earlier)
        return msgspec.structs.replace(turn, number=self._numbers.get(key, 0))

    def _tidy(self, store: Store) -> None:
        store.delete_before(time.time() - self._keep_days * DAY_S)

    def _try(self, work: Callable[[Store], object]) -> None:
        """Do some work with the store; report the disk's refusal, and its end."""
        for _ in range(2):  # again with a new file, if this one turns out to be spoilt
            try:
                if self._store and not self._store.in_place:
                    log.warning("the record was deleted or moved away: a new one begins")
                    self._let_go()
                self._store = self._store or Store(self._file, self._report)
                work(self._store)
            except AssistantError as error:
                kind = database.kind_of(error.__cause__)
                if kind in database.SPOILT:
                    self._set_aside(error)
                    continue
                if kind == database.OTHER_TABLES and self._store:
                    self._let_go()
                    continue
                if not self._refused:
                    self._refuse(error)
            except Exception:
                log.exception("a bug: the record lost %d turns", len(self._unwritten))
                self._unwritten.clear()
            else:
                if self._refused:
                    self._report(None)
                self._refused = False
            return

    def _refuse(self, error: AssistantError) -> None:
        self._refused = True
        self._report(error)

    def _let_go(self) -> None:
        """Forget the file with the numbers of its turns."""
        if self._store:
            self._store.close()
        self._store = None
        self._numbers.clear()
        self._earlier.clear()

    def _set_aside(self, error: AssistantError) -> None:
        self._let_go()
        self._report(database.set_aside(self._file, error.__cause__))
