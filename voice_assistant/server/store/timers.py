"""Timers, alarms and reminders: kept in the store, told to whoever listens when they are due."""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.server.store import recurrence
from voice_assistant.server.store.timer import Timer
from voice_assistant.server.store.timer_clock import TimerClock
from voice_assistant.system import local_time
from voice_assistant.system.database import transaction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from voice_assistant.server.store.store import Store

LATE_S = 60.0
"""A timer that is told later than this says when it was due."""

HEARD_FOR_S = 60.0
"""How long a listener counts as listening after its last sign of life."""

TAKEN_S = 30.0
"""How long a process may take to tell a timer. Then the process was killed, and another one tells
the timer."""

_FIELDS = "id, name, due, duration_s, text, clock_time, left_s, rule"
_RUNS = "left_s IS NULL"
_WAITING = f"(taken_at = 0 OR taken_at NOT BETWEEN :now - {TAKEN_S} AND :now)"


class Timers:
    """The timers in the store; several processes may share them, and each rings in one of them.

    Args:
        db: a connection as made by `store.connect`.
        clock: seconds since the epoch.
        elapsed: seconds that pass like those of the clock, but that nobody sets, such as
            `steady_clock.elapsed_s`; by default the clock counts as one that nobody sets.
        boot: what `elapsed` has counted from; after another one only the clock is left.
    """

    def __init__(
        self,
        db: Store,
        clock: Callable[[], float] = time.time,
        elapsed: Callable[[], float] | None = None,
        boot: str = "",
    ) -> None:
        self._db = db
        self._clock = clock
        self._elapsed = elapsed or clock
        self._now = TimerClock(db, clock, self._elapsed, boot).now
        self._listeners = 0
        self._heard_at = 0.0

    @property
    def unread(self) -> bool:
        """Return whether there may be others on the disk, which cannot be read."""
        return self._db.unread

    def add(self, duration_s: float, name: str = "", text: str = "", rule: str = "") -> Timer:
        """Set and return a timer that rings in `duration_s` seconds and then says `text`."""
        return self._kept(
            Timer(_new_id(), name, self._now() + duration_s, duration_s, text, rule=rule)
        )

    def add_at(self, when: dt.datetime, name: str = "", text: str = "", rule: str = "") -> Timer:
        """Set and return an alarm that says `text` at a local time.

        Args:
            when: the time, without a zone.
            name: as in `Timer`.
            text: as in `Timer`.
            rule: as in `Timer`; `when` is the first time.
        """
        now = self._now()
        due = local_time.next_moment(when, now)
        return self._kept(Timer(_new_id(), name, due, due - now, text, when.isoformat(), rule=rule))

    def _kept(self, timer: Timer) -> Timer:
        if not timer.text:
            text = f"Your {timer.name} timer is done." if timer.name else "Your timer is done."
            timer = msgspec.structs.replace(timer, text=text)
        self._db.execute(
            f"INSERT INTO timers ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            msgspec.structs.astuple(timer),
        )
        return timer

    def list(self) -> tuple[Timer, ...]:
        """Return all timers that will ring, the next one first.

        One that is due, and comes again, is there with its next time.
        """
        now = self._now()  # where the clock was set, they are due at another time by it
        rows = self._db.execute(
            f"SELECT {_FIELDS}, rule = '' OR due > :due OR left_s IS NOT NULL FROM timers"  # noqa: S608
            f" WHERE {_WAITING} OR rule != ''",
            {"due": now, "now": self._elapsed()},
        )
        timers = (
            Timer(*row) if waits else recurrence.moved_on(Timer(*row), now) for *row, waits in rows
        )
        return tuple(sorted(timers, key=lambda timer: timer.due))

    def cancel(self, timer_id: str) -> bool:
        """Delete a timer; return whether there was such a timer."""
        return self._db.execute("DELETE FROM timers WHERE id = ?", (timer_id,)).rowcount > 0

    def skip(self, timer: Timer) -> Timer:
        """Leave out the next time of what rings again and again; return it with the one after."""
        return self._move_on(timer, timer.due)

    def pause(self, timer_id: str) -> None:
        """Keep a timer from ringing until `resume`; no effect on one that is paused, or alarms."""
        self._db.execute(
            f"UPDATE timers SET left_s = max(due - ?, 0)"  # noqa: S608
            f" WHERE id = ? AND clock_time = '' AND {_RUNS}",
            (self._now(), timer_id),
        )

    def resume(self, timer_id: str) -> None:
        """Let a paused timer go on with the time that it had left."""
        self._db.execute(
            "UPDATE timers SET due = ? + left_s, left_s = NULL WHERE id = ? AND left_s IS NOT NULL",
            (self._now(), timer_id),
        )

    @property
    def listening(self) -> bool:
        """Whether a listener of any process hears a timer that rings now."""
        if self._listeners:
            return True
        row = self._db.execute("SELECT value FROM settings WHERE name = 'heard_at'").fetchone()
        return row is not None and 0 <= self._elapsed() - float(row[0]) < HEARD_FOR_S

    # What follows is the server's side: the alerts.

    @contextlib.contextmanager
    def listener(self) -> Iterator[None]:
        """Count a listener while the context lasts."""
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
        """Give a listener's sign of life to the other processes; frequent calls are cheap."""
        now = self._elapsed()
        if not 0 <= now - self._heard_at < HEARD_FOR_S / 3:
            self._db.execute("REPLACE INTO settings VALUES ('heard_at', ?)", (now,))
            self._heard_at = now

    def take_due(self) -> Timer | None:
        """Return the next timer that is due; only the caller tells it. None if none is due.

        Call `keep` again and again while it is being told, and then `told`, or `put_back`. The
        store has the timer until `told`: a process that is killed in between loses none.
        """
        values = {"due": self._now(), "now": self._elapsed()}
        next_one = (
            f"SELECT {_FIELDS} FROM timers WHERE due <= :due AND {_RUNS} AND {_WAITING}"  # noqa: S608
            " ORDER BY due LIMIT 1"
        )
        if self._db.execute(next_one, values).fetchone() is None:
            return None  # nearly always, and without a lock
        with transaction(self._db):
            row = self._db.execute(next_one, values).fetchone()
            if row is not None:
                self._take(row[0])
        return None if row is None else Timer(*row)

    def keep(self, timer: Timer) -> bool:
        """Keep a timer that is still being told from others; return whether it is not told yet."""
        return self._take(timer.id) > 0

    def told(self, timer_id: str) -> bool:
        """Delete a timer that was told to its end, or move it on to its next time.

        Return whether there was such a timer. How often it missed its time meanwhile is the same:
        it is told once.
        """
        now = self._now()
        with transaction(self._db):
            row = self._db.execute(
                f"SELECT {_FIELDS} FROM timers WHERE id = ? AND rule != ''",  # noqa: S608
                (timer_id,),
            ).fetchone()
            if row is None:
                return self.cancel(timer_id)
            self._move_on(Timer(*row), now)
        return True

    def _move_on(self, timer: Timer, after: float) -> Timer:
        """Move a timer on to its next time; it gets another id, since it will be told anew."""
        moved = recurrence.moved_on(timer, after)
        moved = msgspec.structs.replace(moved, id=_new_id())
        self._db.execute(
            "UPDATE timers SET id = ?, due = ?, clock_time = ?, taken_at = 0 WHERE id = ?",
            (moved.id, moved.due, moved.clock_time, timer.id),
        )
        return moved

    def put_back(self, timer: Timer) -> None:
        """Undo `take_due` for a timer that could not be told."""
        self._db.execute("UPDATE timers SET taken_at = 0 WHERE id = ?", (timer.id,))

    def _take(self, timer_id: str) -> int:
        values = (self._elapsed(), timer_id)
        return self._db.execute("UPDATE timers SET taken_at = ? WHERE id = ?", values).rowcount

    def next_due_s(self) -> float | None:
        """Return the seconds until the next timer rings (negative: overdue); None without one."""
        now = self._now()
        due: float | None = self._db.execute(
            f"SELECT min(due) FROM timers WHERE {_RUNS} AND {_WAITING}",  # noqa: S608
            {"now": self._elapsed()},
        ).fetchone()[0]
        return None if due is None else due - now

    def said(self, timer: Timer) -> str:
        """Return the sentence to say now: a timer that is told late says when it was due last."""
        now = self._clock()
        last = recurrence.last_due(timer, now)
        if now - last < LATE_S:
            return timer.text
        due = time.localtime(last)
        when = time.strftime("%H:%M" if self._is_today(due) else "%H:%M on %A, %d %B", due)
        return f"While you were away, at {when}: {timer.text}"

    def _is_today(self, due: time.struct_time) -> bool:
        return due[:3] == time.localtime(self._clock())[:3]


def _new_id() -> str:
    return str(uuid.uuid4())
