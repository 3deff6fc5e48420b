"""The time by which timers are due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from voice_assistant.system import local_time
from voice_assistant.system.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.server.store.store import Store

STEP_S = 0.5
"""A clock that is off by more was set; less is how it is kept right all the time."""


class TimerClock:
    """A clock that moves the timers of the store along when it is set, or moved to another zone.

    A timer rings after its length of time, whatever becomes of the clock meanwhile; an alarm rings
    when the clock of the place shows its time.

    Args:
        db: a connection as made by `store.connect`.
        clock: seconds since the epoch.
        elapsed: seconds that pass like those of the clock, but that nobody sets.
        boot: what `elapsed` has counted from; after another one only the clock is left.
    """

    def __init__(
        self, db: Store, clock: Callable[[], float], elapsed: Callable[[], float], boot: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._elapsed = elapsed
        self._boot = boot

    def now(self) -> float:
        """Return the clock's time; if the clock was set, move the timers along first."""
        local_time.follow_zone()
        now = self._clock()
        offset = now - self._elapsed()
        known, known_offset = self._known()
        if known != self._boot or abs(offset - known_offset) > STEP_S:
            with transaction(self._db):
                known, known_offset = self._known()  # another process may have been first
                if known == self._boot and abs(offset - known_offset) > STEP_S:
                    self._db.execute(
                        "UPDATE timers SET due = due + ? WHERE clock_time = ''",
                        (offset - known_offset,),
                    )
                self._db.execute(
                    "REPLACE INTO settings VALUES ('clock', ?)", (f"{offset!r} {self._boot}",)
                )
        self._follow_place()
        return now

    def _known(self) -> tuple[str | None, float]:
        """Return the known boot, and how far the clock was ahead of the time since that boot."""
        row = self._db.execute("SELECT value FROM settings WHERE name = 'clock'").fetchone()
        if row is None:
            return None, 0.0
        offset, _, boot = row[0].partition(" ")
        return boot, float(offset)

    def _follow_place(self) -> None:
        """Move the alarms to the zone of the place: an alarm at seven rings at seven everywhere."""
        rows = self._db.execute("SELECT id, due, clock_time FROM timers WHERE clock_time != ''")
        for timer_id, due, clock_time in rows.fetchall():
            moments = local_time.moments(dt.datetime.fromisoformat(clock_time))
            if due not in moments:
                values = (moments[0], timer_id)
                self._db.execute("UPDATE timers SET due = ? WHERE id = ?", values)
