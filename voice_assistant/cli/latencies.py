"""`history --latency`: how long the stages of turns took, as a table and a bar chart."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from voice_assistant.cli.terminal.output import show_json
from voice_assistant.history.latency import steps_of, summary
from voice_assistant.system.own_command import typeable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.history.latency import Step
    from voice_assistant.history.recorded_turn import RecordedTurn


def show(turns: Sequence[RecordedTurn], *, as_json: bool) -> None:
    """Show how long the stages of turns took: each turn, and all of them as a chart."""
    steps = summary(turns)
    of_turns = {turn.number: measured for turn in turns if (measured := steps_of(turn.stages))}
    if as_json:
        told = [{"number": number, "steps_ms": measured} for number, measured in of_turns.items()]
        show_json({"turns": told, "steps": [step._asdict() for step in steps]})
        return
    if not steps:
        print(_("Nothing was measured yet."))
        return
    print("turn " + "".join(f"{step.name:>{len(step.name) + 2}}" for step in steps))
    for number, measured in of_turns.items():
        cells = (f"{_ms(measured.get(step.name)):>{len(step.name) + 2}}" for step in steps)
        print(f"{number:>4} " + "".join(cells))
    print(f"\n{'':22}{'median':>8}{'95 %':>9}")
    longest_ms = max(step.p95_ms for step in steps)
    for step in steps:
        print(
            f"{step.name:22}{_ms(step.median_ms):>8}{_ms(step.p95_ms):>9}  {_bar(step, longest_ms)}"
        )


def _ms(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds:.0f} ms"


def _bar(step: Step, longest_ms: int) -> str:
    """Return a bar as long as the median, with a line up to the 95th percentile."""
    width = max(10, shutil.get_terminal_size((100, 24)).columns - 42)
    median, most = (
        round(width * value / max(longest_ms, 1)) for value in (step.median_ms, step.p95_ms)
    )
    return "#" * median + "-" * (most - median)


def in_short(turns: Sequence[RecordedTurn]) -> str:
    """Return how quick these turns were, on one line; "" if nothing was measured."""
    steps = {step.name: step for step in summary(turns)}
    step = steps.get("release to sound") or steps.get("words to first text")
    if step is None:
        return ""
    numbers = _(
        "{step} {median}, 95 % within {most}",
        step=_(step.name),
        median=_ms(step.median_ms),
        most=_ms(step.p95_ms),
    )
    more = typeable("`voice-assistant history --latency`")
    return _(
        "{numbers} (the last {turns} turns; more: {more})",
        numbers=numbers,
        turns=step.turns,
        more=more,
    )
