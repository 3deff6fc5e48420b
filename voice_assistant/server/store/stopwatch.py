"""A stopwatch, kept in the store: it runs on while the backend is started again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.server.store.store import Store

SETTING = "stopwatch"
"""The name under which the store keeps the stopwatch."""


class _State(msgspec.Struct):
    """The state of the stopwatch in the store.

    Attributes:
        counted_s: the seconds of all runs that have ended.
        since_s: when the present run began, by the steady clock; None if the stopwatch stands.
        boot: what the steady clock has counted from.
    """

    counted_s: float = 0.0
    since_s: float | None = None
    boot: str = ""


class Stopwatch:
    """The stopwatch of the user.

    Args:
        db: a connection as made by `store.connect`.
        elapsed: seconds that pass and that nobody sets, such as `steady_clock.elapsed_s`.
        boot: what `elapsed` has counted from; a run ends when the machine is started again.
    """

    def __init__(self, db: Store, elapsed: Callable[[], float], boot: str = "") -> None:
        self._db = db
        self._elapsed = elapsed
        self._boot = boot

    @property
    def running(self) -> bool:
        """Whether the stopwatch counts."""
        return self._state().since_s is not None

    @property
    def seconds(self) -> float:
        """The seconds that the stopwatch shows."""
        state = self._state()
        run_s = 0.0 if state.since_s is None else self._elapsed() - state.since_s
        return state.counted_s + run_s

    def start(self) -> None:
        """Count on from the seconds that the stopwatch shows."""
        if not self.running:
            self._keep(_State(self.seconds, self._elapsed(), self._boot))

    def stop(self) -> None:
        """Count no more; what it shows stays."""
        self._keep(_State(self.seconds))

    def reset(self) -> None:
        """Show zero; a stopwatch that runs goes on from there."""
        self._keep(_State(0.0, self._elapsed(), self._boot) if self.running else _State())

    def _state(self) -> _State:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (SETTING,)).fetchone()
        state = _State() if row is None else msgspec.json.decode(row[0], type=_State)
        if state.since_s is not None and state.boot != self._boot:
            return _State(state.counted_s)
        return state

    def _keep(self, state: _State) -> None:
        value = msgspec.json.encode(state).decode()
        self._db.execute("REPLACE INTO settings VALUES (?, ?)", (SETTING, value))
