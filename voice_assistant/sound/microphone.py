"""The microphone: opened at the press, closed after the release, or kept open for a pre-roll."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from voice_assistant.sound import devices, portaudio
from voice_assistant.sound.capture import DeviceCapture
from voice_assistant.sound.line import Line
from voice_assistant.sound.watchdog import Watchdog
from voice_assistant.system.suspend import asleep_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.errors import MicrophoneError

KEPT_BLOCK_S = 0.05
"""Of a microphone that is always open: half the cost of shorter ones."""
WATCH_S = 1.0
"""Seconds between two looks at a microphone that is always open."""
LOOK_S = 10.0
"""Seconds between two questions to the sound server about an open microphone."""
ZEROS_S = 60.0
"""Reopen a microphone that delivers zeros for this long: it may have died in silence."""

log = logging.getLogger(__name__)


def _ignore(_: MicrophoneError | None) -> None:
    pass


class Microphone:
    """A `ports.Microphone`; with a pre-roll also `supervision.Supervised`, which keeps it open.

    Args:
        device: a part of the device's name, "" for the system's default.
        pre_roll_s: how much of what was said before the capture belongs to it, where `run` runs.
        trouble: called with what is wrong while a recording goes on all the same, and with None
            when that is over.
    """

    name = "microphone"

    def __init__(
        self,
        device: str = "",
        *,
        pre_roll_s: float = 0.0,
        trouble: Callable[[MicrophoneError | None], None] = _ignore,
    ) -> None:
        self._device = device
        self._pre_roll_s = pre_roll_s
        self._trouble = trouble
        self._told = ""
        self._kept: Line | None = None
        self._capture: DeviceCapture | None = None

    @property
    def kept_open(self) -> bool:
        """The microphone is open while nobody records: its newest half second is in memory."""
        return self._kept is not None

    @property
    def level_dbfs(self) -> float | None:
        """How loud it is at the moment; None while nobody records."""
        return self._capture.level_dbfs if self._capture else None

    def check(self) -> None:
        """See whether there is a microphone, without recording. Blocks for some 30 ms.

        Raises:
            MicrophoneError: there is none, or the sound system cannot be used.
        """
        portaudio.wait("input", devices.available, "input", self._device)

    async def run(self, ready: Callable[[], None]) -> None:
        """Keep it open, and alive, until cancelled.

        Raises:
            MicrophoneError: there is none, or it delivers nothing.
        """
        while True:
            log.info("reopening the microphone: %s", await self._keep(ready))

    async def _keep(self, ready: Callable[[], None]) -> str:
        line = Line(KEPT_BLOCK_S, self._pre_roll_s)
        try:
            await portaudio.call("input", line.open, self._device)
            self._kept = line
            watchdog = Watchdog(line, self._device, LOOK_S)
            return await watch(line, watchdog, lambda: self._works(line, ready))
        finally:
            self._kept = None
            line.close()

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[DeviceCapture]:
        """Open the microphone; leaving the context closes it.

        Raises:
            MicrophoneError: there is none, or it cannot be opened.
        """
        self._capture = capture = DeviceCapture(self._device, self._say)
        try:
            if self._kept and self._kept.delivers and not self._kept.problem:
                capture.join(self._kept)
            else:
                await capture.open()
            yield capture
        finally:
            self._capture = None
            capture.close()

    def _works(self, line: Line, ready: Callable[[], None]) -> None:
        if self._capture is None:  # which tells more, of the line that it records from
            self._say(line.instead)
        if line.instead is None:
            ready()

    def _say(self, problem: MicrophoneError | None) -> None:
        title = problem.title if problem else ""
        if title != self._told:
            self._told = title
            self._trouble(problem)


async def watch(
    line: Line,
    watchdog: Watchdog,
    works: Callable[[], None],
    asleep_s: Callable[[], float] = asleep_s,
) -> str:
    """Look at an open microphone until it must be reopened.

    Args:
        line: the microphone.
        watchdog: looks further.
        works: called whenever it delivers.
        asleep_s: returns for how many seconds the machine has slept.

    Returns:
        Why it must be reopened.

    Raises:
        MicrophoneError: it never delivered anything, or nothing of a microphone's.
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
    """Somebody records from the line: it must not be interrupted."""
    return line.listener is not None


def _over(line: Line) -> str:
    problem = line.problem
    if problem and not line.delivers:
        raise problem
    if line.outdone:
        return "another line serves better"
    return problem.title if problem else ""
