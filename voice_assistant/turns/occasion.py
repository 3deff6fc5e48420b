"""The occasion on which a turn listens: a key, or somebody who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_assistant.hearing.going_on import GoingOn
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.ports import Microphone


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Why a turn listens. Without arguments, a user has asked for it by a key.

    Attributes:
        attend_s: seconds in which somebody may begin to speak, if the assistant listens by itself;
            it then tells nobody that nobody spoke. None: a user has asked it to listen.
        overheard: the microphone, if somebody speaks already; None: the usual one.
        woken: somebody has said the wake word.
        over_alarm: an alarm rings.
        in_pause: the answer is paused: only what is said to the assistant counts, and nothing is
            sent before that is known.
        going_on: the first part of the question and its microphone, if the question goes on.
        again: what was said into the answer was not understood, and may be said again.
        spoken: the sentence that was being spoken, "" if that is not known.
    """

    attend_s: float | None = None
    overheard: Microphone | None = None
    woken: bool = False
    over_alarm: bool = False
    in_pause: bool = False
    going_on: GoingOn | None = None
    again: bool = False
    spoken: str = ""

    @property
    def by_itself(self) -> bool:
        """Whether the assistant listens by itself."""
        return self.attend_s is not None

    @property
    def microphone(self) -> Microphone | None:
        """The microphone that is open already; None for the usual one."""
        return self.going_on.microphone if self.going_on else self.overheard

    @property
    def first_part(self) -> Recording | None:
        """The first part of the question, if the question goes on."""
        return self.going_on.recording if self.going_on else None

    @property
    def into_answer(self) -> bool:
        """Whether somebody speaks into an answer, or has just done so."""
        return self.again or (self.overheard is not None and not self.woken)

    @property
    def talked_over(self) -> bool:
        """Whether somebody speaks already, and not after the wake word."""
        return self.microphone is not None and not self.woken

    @property
    def wake_word_said(self) -> bool:
        """Whether the wake word has begun the question."""
        return self.woken or (self.going_on is not None and self.going_on.woken)
