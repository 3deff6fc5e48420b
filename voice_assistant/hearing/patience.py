"""How long a silence may last while a question is spoken. Pure: times and judgements."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voice_assistant.hearing.end_of_question import SHARES, Said

if TYPE_CHECKING:
    from voice_assistant.settings.sections.hearing import MicrophoneSettings

UNADJUSTED_S = 1.5
"""Seconds of silence that end a recording which the assistant has begun by itself, where no silence
ends others: no key would."""

ANSWER_WAITS = 0.4
"""The share of that patience while an answer is silent for the recording: a slip costs less."""

SLOWER = 2.0
"""How many times as long a slow speaker is waited for."""

SLOW_PAUSE_S = 4.0
"""Seconds of silence that a slow speaker may at least fall into: thinking takes 3, and the soft end
of a word and the breath before the next one are silence, too."""


class Patience:
    """How long a silence may last in one recording, by the way to talk.

    Args:
        settings: how long to wait.
        attend_s: seconds in which somebody may begin to speak, where the assistant listens by
            itself. None: a user has asked it to listen.
        slow_speaker: wait longer: the user speaks slowly, or pauses to think.
        answer_waits: an answer is silent while it is known whether somebody speaks.

    Attributes:
        hands_free: no key is held: the end of the speech is the end of the recording.
    """

    def __init__(
        self,
        settings: MicrophoneSettings,
        attend_s: float | None = None,
        *,
        slow_speaker: bool = False,
        answer_waits: bool = False,
    ) -> None:
        self.hands_free = attend_s is not None
        self._attend_s = attend_s
        self._settings = settings
        self._slower = SLOWER if slow_speaker else 1.0
        self._least_pause_s = SLOW_PAUSE_S if slow_speaker else 0.0
        self._share = ANSWER_WAITS if answer_waits else 1.0

    @property
    def by_itself(self) -> bool:
        """Return whether the assistant listens by itself: nobody has asked it to."""
        return self._attend_s is not None

    def take_over(self) -> None:
        """Wait as for a held key from now on: a key is down."""
        self.hands_free = False
        self._attend_s = None

    def end_s(self, said: Said) -> float:
        """Return the seconds of silence behind speech that end the recording; 0: none does.

        A key that is held this long without a word is one whose release was lost.

        Args:
            said: what was said until now.
        """
        if not self.hands_free:
            return self._settings.held_silence_s
        usual_s = self._settings.end_after_silence_s
        if self._attend_s is not None:
            usual_s = usual_s or UNADJUSTED_S
        if said is Said.NOTHING:
            usual_s = max(usual_s, self._attend_s or 0.0)
        enough_s = usual_s * SHARES.get(said, 1.0)
        return max(enough_s * self._slower, self._least_pause_s) if enough_s else 0.0

    def begin_s(self) -> float:
        """Return the seconds in which somebody has to begin to speak; 0: there is no limit."""
        end_s = self.end_s(Said.UNKNOWN)
        if not (self.hands_free and end_s):
            return end_s
        if self._attend_s is not None:
            return self._attend_s * self._slower
        nobody_s = self._settings.nothing_said_s or math.inf
        return max(end_s, nobody_s * self._share * self._slower)
