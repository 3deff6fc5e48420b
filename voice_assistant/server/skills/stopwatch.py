"""The stopwatch: started, read, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills.lengths import duration
from voice_assistant.server.skills.reply import Answer

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

READ = "What does the stopwatch say?"
STOP = "Stop the stopwatch"
TENTHS_S = 60
START = "Start the stopwatch"


def start(asked: Asked) -> Answer:
    """For "Start the stopwatch"."""
    watch = asked.means.stopwatch
    if watch.running:
        return Answer(f"The stopwatch runs already: {_shown(asked)}.", (STOP,))
    goes_on = watch.seconds > 0
    watch.start()
    text = f"The stopwatch goes on from {_shown(asked)}." if goes_on else "The stopwatch runs."
    return Answer(text, (READ, STOP))


def read(asked: Asked) -> Answer:
    """For "What does the stopwatch say"."""
    watch = asked.means.stopwatch
    if not watch.running and not watch.seconds:
        return Answer("The stopwatch does not run.", (START,))
    return Answer(f"{_shown(asked)}.", (STOP if watch.running else START,))


def stop(asked: Asked) -> Answer:
    """For "Stop the stopwatch"."""
    watch = asked.means.stopwatch
    if not watch.running:
        return read(asked)
    watch.stop()
    return Answer(f"Stopped at {_shown(asked)}.", (START, "Reset the stopwatch"))


def reset(asked: Asked) -> Answer:
    """For "Reset the stopwatch"."""
    asked.means.stopwatch.reset()
    runs = asked.means.stopwatch.running
    return Answer(f"The stopwatch {'runs from' if runs else 'is at'} zero.", (START,))


def _shown(asked: Asked) -> str:
    """Return what the stopwatch shows; up to a minute with tenths."""
    seconds = asked.means.stopwatch.seconds
    return duration(round(seconds, 1 if seconds < TENTHS_S else 0))
