"""Watches a line that is kept open between recordings, until it has to be opened again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.system.suspend import asleep_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.sound.line import Line
    from voice_assistant.sound.watchdog import Watchdog

WATCH_S = 1.0
"""Seconds between two looks at the line."""
ZEROS_S = 60.0
"""Seconds of zeros after which the line is opened again: the microphone may have died silently."""


async def watch(
    line: Line,
    watchdog: Watchdog,
    works: Callable[[], None],
    asleep_s: Callable[[], float] = asleep_s,
) -> str:
    """Watch an open microphone until it has to be opened again.

    Args:
        line: the microphone.
        watchdog: finds problems that the line does not show.
        works: called whenever the line delivers.
        asleep_s: returns how many seconds the machine has slept.

    Returns:
        Why the microphone has to be opened again.

    Raises:
        MicrophoneError: the line never delivered a sample, or delivers no microphone's sound.
    """
    silent_s = 0.0
    while True:
        slept_s = asleep_s()
        await asyncio.sleep(WATCH_S)
        if _in_use(line):
            continue
        if why := _over(line):
            return why
        if not line.delivers:
            continue
        better = await watchdog.look()
        if _in_use(line):
            continue
        if better:
            return better.title
        works()
        silent_s = silent_s + WATCH_S if line.silent else 0.0
        if silent_s > ZEROS_S:
            return "it delivers only silence"
        if asleep_s() - slept_s > WATCH_S:
            return "the machine slept"


def _in_use(line: Line) -> bool:
    """Return whether a recording uses the line, which must not be interrupted then."""
    return line.listener is not None


def _over(line: Line) -> str:
    """Return why the line is over; "" while it goes on."""
    problem = line.problem
    if problem and not line.delivers:
        raise problem
    if line.outdone:
        return "another line serves better"
    return problem.title if problem else ""
