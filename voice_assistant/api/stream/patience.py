"""Decides how long the next bytes of an answer are waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api.failures import breakdowns
from voice_assistant.api.failures.breakdowns import NO_WAY, Way
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.errors import BackendError

PINGS_ONLY = 12
"""How many times `silence_s` a server may send only pings. That is 300 s: 1.14.0 keeps a silently
refused question that long, and a slow model needs less."""

LONGEST_S = 3600.0
"""How long one answer is followed. Servers end a run by themselves, by default after 20 minutes."""


class Patience:
    """The patience with one answer, by what has come of it so far.

    Args:
        silence_s: see `ChatStream`.
        queue_s: see `ChatStream`.
        way: how the server is reached, for messages.
    """

    def __init__(self, silence_s: float, queue_s: float, way: Way = NO_WAY) -> None:
        self._silence_s = silence_s
        self._queue_s = queue_s
        self._way = way
        self._confirmed = False  # the server has sent a first byte
        self._began = False  # the server works on the answer
        self._waited_s = 0.0  # since the last sign of life, without the time of a slow reader
        self._all_waited_s = 0.0

    @property
    def queued(self) -> bool:
        """Whether the server has the question and has not begun with it: it is busy."""
        return self._queue_s > 0.0 and self._confirmed and not self._began

    def limit_s(self, grace_s: float | None) -> float:
        """Return how many seconds the next bytes may take.

        Args:
            grace_s: the limit where the text is complete, see `Answer.grace_s`.
        """
        silence_s = self._silence_s
        patience_s = grace_s or PINGS_ONLY * silence_s
        if self.queued:
            silence_s = max(silence_s, self._queue_s - self._waited_s)
            patience_s = max(patience_s, self._queue_s)
        return min(silence_s, patience_s - self._waited_s)

    def came(self, waited_s: float, *, alive: bool) -> BackendError | None:
        """Note bytes that came; return the error of an answer that takes too long, if it does.

        Args:
            waited_s: seconds that the client waited for the bytes.
            alive: whether the bytes show that the server works.
        """
        self._all_waited_s += waited_s
        self._confirmed = True
        self._began = self._began or alive
        self._waited_s = 0.0 if alive else self._waited_s + waited_s
        if self._all_waited_s <= LONGEST_S:
            return None
        return breakdowns.endless(
            _("it takes more than {minutes:.0f} minutes", minutes=LONGEST_S / 60)
        )

    def spent(self, limit_s: float, cause: Exception) -> BackendError:
        """Return the error for bytes that did not come within `limit_s`."""
        waited_s = self._waited_s + limit_s
        if self.queued:
            return breakdowns.busy(waited_s, cause)
        return breakdowns.silent(began=self._began, waited_s=waited_s, cause=cause, way=self._way)
