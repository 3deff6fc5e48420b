"""Timers, alarms and reminders: kept in the store, told to whoever listens when they are due."""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.server.store import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.server.store import Store

LATE_S = 60.0
"""A timer that is told later than this says when it was due."""

HEARD_FOR_S = 60.0
"""How long a listener counts as listening after its last sign of life."""

TAKEN_S = 30.0
"""How long a process may take to tell a timer. Then the process was killed, and another one tells
the timer."""

_WAITING = f"taken_at NOT BETWEEN :now - {TAKEN_S} AND :now"


class Timer(msgspec.Struct, frozen=True):
    """Something that rings once.

    Attributes:
        id: unlike any other.
        name: what the user calls it ("pasta", "call mom"); may be empty.
        due: when it rings, in seconds since the epoch.
        duration_s: how long it was set for.
        text: the sentence that is said when it rings.
    """

    id: str
    name: str
    due: float
    duration_s: float
    text: str


_FIELDS = "id, name, due, duration_s, text"


class Timers:
    """The timers in the store; several processes may share them, and each rings in one of them.

    Args:
        db: a connection as made by `store.connect`.
        clock: seconds since the epoch.
    """

    def __init__(self, db: Store, clock: Callable[[], float] = time.time) -> None:
        self._db = db
        self._clock = clock
        self._listeners = 0
        self._heard_at = 0.0

    def add(self, duration_s: float, name: str = "", text: str = "") -> Timer:
        """A timer that rings `duration_s` seconds from now and then says `text`."""
        timer = Timer(
            id=str(uuid.uuid4()),
            name=name,
            due=self._clock() + duration_s,
            duration_s=duration_s,
            text=text or (f"Your {name} timer is done." if name else "Your timer is done."),
        )
        self._db.execute(
            "INSERT INTO timers (id, name, due, duration_s, text) VALUES (?, ?, ?, ?, ?)",
            (timer.id, timer.name, timer.due, timer.duration_s, timer.text),
        )
        return timer

    def list(self) -> tuple[Timer, ...]:
        """All that have not rung, the next one first."""
        rows = self._db.execute(
            f"SELECT {_FIELDS} FROM timers WHERE {_WAITING} ORDER BY due",  # noqa: S608
            {"now": self._clock()},
        )
        return tuple(Timer(*row) for row in rows)

    def cancel(self, timer_id: str) -> bool:
        """Whether there was such a timer; it will not ring."""
        return self._db.execute("DELETE FROM timers WHERE id = ?", (timer_id,)).rowcount > 0

    @property
    def listening(self) -> bool:
        """Whether anybody, in this process or another one, hears a timer that rings now."""
        if self._listeners:
            return True
        row = self._db.execute("SELECT value FROM settings WHERE name = 'heard_at'").fetchone()
        return row is not None and float(row[0]) > self._clock() - HEARD_FOR_S

    # What follows is the server's side: the alerts.

    @contextlib.contextmanager
    def listener(self) -> Iterator[None]:
        """Somebody listens for as long as the context lasts."""
        self._listeners += 1
        self.still_heard()
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners:
                self._db.execute("DELETE FROM settings WHERE name = 'heard_at'")
                self._heard_at = 0.0

    def still_heard(self) -> None:
        """A listener's sign of life, for the other processes; call it as often as you like."""
        now = self._clock()
        if now - self._heard_at >= HEARD_FOR_S / 3:
            self._db.execute("REPLACE INTO settings VALUES ('heard_at', ?)", (now,))
            self._heard_at = now

    def take_due(self) -> Timer | None:
        """The next timer that is due; it is then the caller's to tell, and nobody else's.

        Call `told` or `put_back` then. The store keeps the timer until `told`: a process that is
        killed in between loses none.
        """
        now = self._clock()
        next_one = (
            f"SELECT {_FIELDS} FROM timers WHERE due <= :now AND {_WAITING}"  # noqa: S608
            " ORDER BY due LIMIT 1"
        )
        if self._db.execute(next_one, {"now": now}).fetchone() is None:
            return None  # nearly always, and without a lock
        with transaction(self._db):
            row = self._db.execute(next_one, {"now": now}).fetchone()
            if row is not None:
                self._db.execute("UPDATE timers SET taken_at = ? WHERE id = ?", (now, row[0]))
        return None if row is None else Timer(*row)

    def told(self, timer: Timer) -> None:
        """A timer was told: it is over."""
        self._db.execute("DELETE FROM timers WHERE id = ?", (timer.id,))

    def put_back(self, timer: Timer) -> None:
        """Undo `take_due` for a timer that could not be told."""
        self._db.execute("UPDATE timers SET taken_at = 0 WHERE id = ?", (timer.id,))

    def next_due_s(self) -> float | None:
        """Seconds until the next timer rings (below 0 when it is overdue), None without one."""
        due: float | None = self._db.execute(
            f"SELECT min(due) FROM timers WHERE {_WAITING}",  # noqa: S608
            {"now": self._clock()},
        ).fetchone()[0]
        return None if due is None else due - self._clock()

    def said(self, timer: Timer) -> str:
        """The sentence to say now: a timer that is told late says when it was due."""
        if self._clock() - timer.due < LATE_S:
            return timer.text
        due = time.localtime(timer.due)
        when = time.strftime("%H:%M" if self._is_today(due) else "%H:%M on %A, %d %B", due)
        return f"While you were away, at {when}: {timer.text}"

    def _is_today(self, due: time.struct_time) -> bool:
        return due[:3] == time.localtime(self._clock())[:3]
