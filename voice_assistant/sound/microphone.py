"""The microphone: opened at the press, closed after the release, or kept open for a pre-roll."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from voice_assistant.errors import MicrophoneError, MicrophoneReplaced, microphone_off
from voice_assistant.ports import MICROPHONE
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound import devices, portaudio
from voice_assistant.sound.capture import GIVE_UP_S, DeviceCapture
from voice_assistant.sound.kept_line import watch
from voice_assistant.sound.line import Line
from voice_assistant.sound.watchdog import Watchdog
from voice_assistant.system.signal import Signal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.ports import Problems

KEPT_BLOCK_S = 0.05
"""Length of a block from a microphone that is always open: half the cost of shorter ones."""
LOOK_S = 10.0
"""Seconds between two questions to the sound server about an open microphone."""

log = logging.getLogger(__name__)


class Microphone:
    """A `ports.Microphone`; with a pre-roll also `supervised.Supervised`, which keeps it open.

    Args:
        settings: which device, and the seconds before a capture that belong to it, where `run`
            runs.
        problems: gets the error of a microphone that does not end the recording, and the end of
            that error; None: only the log gets them.
        look_s: seconds between two questions to the sound server about a microphone that is kept
            open.
        give_up_s: seconds that a recording waits for a microphone that was lost.
    """

    name = MICROPHONE

    def __init__(
        self,
        settings: MicrophoneSettings = MicrophoneSettings(),
        problems: Problems | None = None,
        *,
        look_s: float = LOOK_S,
        give_up_s: float = GIVE_UP_S,
    ) -> None:
        self._device = settings.device
        self._pre_roll_s = settings.pre_roll_s
        self._problems = problems
        self._look_s = look_s
        self._give_up_s = give_up_s
        self._reported = ""  # the title of the problem that was reported last
        self._muted = False
        self._mutes = Signal()
        self._followers: list[Callable[[], None]] = []
        self._kept: Line | None = None
        self._captures: list[DeviceCapture] = []  # first the long ones, last the newest
        self._long = 0

    @property
    def kept_open(self) -> bool:
        """Return whether it is open between questions; the last seconds are kept, in memory."""
        return self._kept is not None or self._long > 0

    @property
    def muted(self) -> bool:
        """Return whether the user has switched the microphone off: no stream is open then."""
        return self._muted

    def mute(self, *, on: bool) -> None:
        """Close every stream of the microphone and open none, or end that; returns at once."""
        self._muted = on
        self._mutes.notify()
        if on:
            for capture in self._captures:
                capture.close()
        log.info("the microphone is switched %s", "off" if on else "on")
        self._tell()

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever `muted` or `kept_open` may have changed."""
        self._followers.append(follower)

    @property
    def level_dbfs(self) -> float | None:
        """Return the microphone's level at the moment; None while no recording goes on."""
        return self._captures[-1].level_dbfs if self._captures else None

    def use(self, settings: MicrophoneSettings) -> None:
        """Record from the device of these settings from the next capture, or next `run`, on."""
        self._device = settings.device

    def check(self) -> None:
        """Check that there is a microphone, without recording. Blocks for some 30 ms.

        Raises:
            MicrophoneReplaced: the chosen microphone is not there; another one is used.
            MicrophoneError: there is no microphone, or the sound system cannot be used.
        """
        try:
            portaudio.wait("input", devices.available, "input", self._device)
        except MicrophoneError as problem:
            portaudio.wait("input", devices.available, "input", "")
            raise MicrophoneReplaced(problem.title, problem.hint) from problem

    async def run(self, ready: Callable[[], None]) -> None:
        """Keep the microphone open, and alive, except while it is muted, until cancelled.

        Raises:
            MicrophoneError: there is no microphone, or it delivers nothing.
        """
        while True:
            await self._mutes.until(lambda: not self._muted)
            log.info("the microphone is opened again: %s", await self._keep_until_muted(ready))

    async def _keep_until_muted(self, ready: Callable[[], None]) -> str:
        keeping = asyncio.create_task(self._keep(ready))
        muted = asyncio.create_task(self._mutes.until(lambda: self._muted))
        try:
            await asyncio.wait((keeping, muted), return_when=asyncio.FIRST_COMPLETED)
            return keeping.result() if keeping.done() else "it was muted"
        finally:
            keeping.cancel()
            muted.cancel()
            await asyncio.wait((keeping, muted))
            self._tell()

    def _tell(self) -> None:
        for follower in self._followers:
            try:
                follower()
            except Exception:  # it would take the place of a cancellation
                log.exception("a bug: a follower of the microphone")

    async def _keep(self, ready: Callable[[], None]) -> str:
        line = Line(KEPT_BLOCK_S, self._pre_roll_s)
        try:
            await portaudio.call("input", line.open, self._device)
            self._kept = line
            watchdog = Watchdog(line, self._device, self._look_s)
            return await watch(line, watchdog, lambda: self._works(line, ready))
        finally:
            self._kept = None
            line.close()

    @asynccontextmanager
    async def capture(self, *, long: bool = False) -> AsyncIterator[DeviceCapture]:
        """Open the microphone; leaving the context closes it.

        Args:
            long: it may stay open for hours: fewer, longer blocks cost less.

        Raises:
            MicrophoneError: there is no microphone, it cannot be opened, or it is muted.
        """
        if self.muted:
            raise microphone_off()
        capture = DeviceCapture(self._device, self._report, long=long, give_up_s=self._give_up_s)
        self._captures.insert(0 if long else len(self._captures), capture)
        self._long += long
        try:
            self._tell()
            if self._kept and self._kept.delivers and not self._kept.problem:
                capture.join(self._kept)
            else:
                await capture.open()
            yield capture
        finally:
            self._captures.remove(capture)
            self._long -= long
            capture.close()
            self._tell()

    def _works(self, line: Line, ready: Callable[[], None]) -> None:
        if not self._captures:  # during a capture, the capture itself reports
            self._report(line.instead)
        if line.instead is None:
            ready()

    def _report(self, error: MicrophoneError | None) -> None:
        """Report a new problem, or the end of the last one; None: the microphone works."""
        title = error.title if error else ""
        if title == self._reported:
            return
        self._reported = title
        if self._problems is None:
            log.info("the microphone: %s", title or "works again")
        elif error:
            self._problems.report_problem(self.name, error)
        else:
            self._problems.clear_problem(self.name)
