"""Notices an answer that does not end by itself although nothing of it is left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.speech.narration import Narration
    from voice_assistant.speech.plan import SpeechPlan
    from voice_assistant.system.signal import Signal

IDLE_S = 5.0
"""End an answer when its text is over and, for this many seconds, no sound plays, no sentence is
requested and no words are owed. Whatever still waits then is a fault."""


_IDLE_LOOKS = 5
_LOUDSPEAKER = 6
"""The factor for `IDLE_S` while a loudspeaker has not played everything: some wake late, and the
sound system reports a lost one first."""
_UNHEARD_S = 0.1  # at the end of an answer; too short to be missed


class IdleWatch:
    """Watches one answer.

    Args:
        narration: plays the answer.
        plan: the plan of the answer.
        owed: returns whether some speech is still requested, or not yet in the script.
        changed: notified when the plan may be over.
        idle_s: see `IDLE_S`.

    Attributes:
        idle_s: the same.
    """

    def __init__(
        self,
        narration: Narration,
        plan: SpeechPlan,
        owed: Callable[[], bool],
        changed: Signal,
        idle_s: float = IDLE_S,
    ) -> None:
        self.idle_s = idle_s
        self._narration = narration
        self._plan = plan
        self._owed = owed
        self._changed = changed

    @property
    def all_played(self) -> bool:
        """Return whether the loudspeaker has played all of the script."""
        return self._narration.played_s + _UNHEARD_S >= self._narration.script.end_s

    async def wait(self) -> None:
        """Return once the answer has been idle for `idle_s`."""
        idle = 0
        while idle < _IDLE_LOOKS:
            await self._changed.until(lambda: self._plan.over)
            played_s = self._narration.played_s
            look_s = self.idle_s / _IDLE_LOOKS
            await asyncio.sleep(look_s if self.all_played else _LOUDSPEAKER * look_s)
            sounds = self._narration.played_s != played_s
            idle = 0 if sounds or self._has_something_to_do else idle + 1

    @property
    def _has_something_to_do(self) -> bool:
        """Return whether sound is left, requested or owed, or the listener has paused it."""
        narration, plan = self._narration, self._plan
        return (
            not plan.over
            or narration.paused
            or narration.held
            or narration.script.has_more
            or self._owed()
            or not plan.complete
        )
