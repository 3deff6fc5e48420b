"""The time that each stage of the turns took: medians and 95th percentiles. Pure."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.translation import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voice_assistant.history.recorded_turn import RecordedTurn, Stages

STEPS = {
    N_("press to microphone"): ("", "listening"),
    N_("release to words"): ("recorded", "words"),
    N_("words to first text"): ("words", "text"),
    N_("first text to sound"): ("text", "audio"),
    N_("release to sound"): ("recorded", "audio"),
    N_("words to last text"): ("words", "answered"),
}
"""The stages between which a step is measured; "" is the beginning of the turn."""


class Step(NamedTuple):
    """The time that a step took, over several turns.

    Attributes:
        name: the step's name, for people.
        turns: how many turns had the step.
        median_ms: its median.
        p95_ms: its 95th percentile: nineteen of twenty turns were as quick.
    """

    name: str
    turns: int
    median_ms: float
    p95_ms: int


def steps_of(stages: Stages) -> dict[str, int]:
    """Return the milliseconds of each step that a turn had, by its name in `STEPS`."""
    found = {}
    for name, (begin, end) in STEPS.items():
        began_ms = getattr(stages, begin) if begin else 0
        ended_ms = getattr(stages, end)
        if began_ms is not None and ended_ms is not None and ended_ms >= began_ms:
            found[name] = ended_ms - began_ms
    return found


def summary(turns: Iterable[RecordedTurn]) -> list[Step]:
    """Return the steps that any of the turns had, in the order of `STEPS`."""
    of_turns = [steps_of(turn.stages) for turn in turns]
    return [step for name in STEPS if (step := _step(name, of_turns))]


def percentile(values: Sequence[int], percent: float) -> int:
    """Return the smallest of the values that so many percent of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def _step(name: str, of_turns: Iterable[Mapping[str, int]]) -> Step | None:
    values = [steps[name] for steps in of_turns if name in steps]
    if not values:
        return None
    return Step(name, len(values), statistics.median(values), percentile(values, 95))
