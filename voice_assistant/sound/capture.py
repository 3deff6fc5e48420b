"""One recording from the microphone, which goes on after the microphone was lost."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import MicrophoneError, muted_microphone
from voice_assistant.sound import portaudio
from voice_assistant.sound.capture_phase import TRANSITIONS, Happening, Phase
from voice_assistant.sound.line import STALLED_S, Line, stalled
from voice_assistant.sound.recorded_line import RecordedLine
from voice_assistant.sound.watchdog import Watchdog
from voice_assistant.system.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm

MUTED_S = 0.5
"""Seconds of zeros from which a microphone counts as muted; some devices begin with a few."""
TELL_MUTED_S = 3.0
"""Seconds of zeros after which the problem is reported, while the user still speaks."""
GIVE_UP_S = 10.0
"""Seconds that a recording waits for a microphone that was lost."""
LOOK_AGAIN_S = 0.3
"""Seconds between two attempts to open a microphone that was lost."""
MOST_CHANGES = 3
"""Switch the device at most this often per recording: each switch may cost a syllable."""
GRACE_S = 0.1
"""Extra time before a late block counts as lost: our own process may have been suspended."""


class Pace(NamedTuple):
    """How closely a recording follows its microphone.

    Attributes:
        block_s: seconds per block: short blocks arrive sooner, long blocks cost less.
        watch_s: seconds between two looks at a microphone that delivers.
        tells_zeros: whether a microphone that delivers only zeros is reported.
    """

    block_s: float
    watch_s: float
    tells_zeros: bool


SHORT = Pace(block_s=0.02, watch_s=1.0, tells_zeros=True)
"""For a recording of a few seconds, in which somebody speaks."""
LONG = Pace(block_s=0.05, watch_s=10.0, tells_zeros=False)
"""For one that is open for hours: it has to be cheap, a lost syllable can be said again, and nobody
need speak: some devices give zeros then."""

log = logging.getLogger(__name__)


class DeviceCapture:
    """One recording in progress. Satisfies `ports.Capture`.

    A recording that has begun goes on after its device is lost: it waits until that device, or
    another one, is available. The speech recorded before is never lost. If a line works badly, or
    its device only replaces the device in the settings, the recording changes to another line as
    soon as that line delivers.

    Args:
        device: a part of the device's name, "" for the system's default.
        report: called with a problem that does not end the recording, and with None when the
            problem is over.
        long: it may last for hours, and has to be cheap.
        give_up_s: seconds that it waits for a microphone that was lost.
    """

    def __init__(
        self,
        device: str,
        report: Callable[[MicrophoneError | None], None],
        *,
        long: bool = False,
        give_up_s: float = GIVE_UP_S,
    ) -> None:
        self._device = device
        self._report = report
        self._pace = LONG if long else SHORT
        self._give_up_s = give_up_s
        self._loop = asyncio.get_running_loop()
        self._news = Signal()
        self._phase = Phase.RECORDING
        self._lost_at = 0.0  # in the phase LOST
        self._source: RecordedLine | None = None
        self._changes = 0
        self._recorded = 0
        self._only_zeros = True

    def __repr__(self) -> str:
        """Return the phase, such as `<DeviceCapture: recording, 1.5 s>`."""
        return f"<DeviceCapture: {self._phase.value}, {self._recorded / SPEECH_RATE_HZ:.1f} s>"

    async def open(self) -> None:
        """Record from the device.

        Raises:
            MicrophoneError: there is no microphone, or it cannot be opened.
        """
        line = Line(self._pace.block_s)
        self._take(line, own=True)
        await portaudio.call("input", line.open, self._device)

    def join(self, line: Line) -> None:
        """Record from a line that is open already, beginning with the pre-roll that it has kept."""
        self._take(line, own=False)

    def close(self) -> None:
        """End the recording at once: nothing more is read, and no device is opened again."""
        self._move(Happening.CLOSED)
        self._let_go()

    def _let_go(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.let_go()

    def _take(self, line: Line, *, own: bool) -> None:
        self._let_go()
        watchdog = Watchdog(line, self._device, self._pace.watch_s)
        self._source = RecordedLine(line, watchdog, self._news.notify, own=own)

    @property
    def _line(self) -> Line | None:
        return self._source.line if self._source else None

    @property
    def level_dbfs(self) -> float | None:
        """Return the level at the moment; None if no sound comes."""
        return self._line.level_dbfs if self._line and self._line.delivers else None

    @property
    def silent(self) -> bool:
        """Return whether the microphone is muted: only zeros came. A quiet room has some noise."""
        return self._zeros_s > MUTED_S

    @property
    def _zeros_s(self) -> float:
        """Return the seconds of zeros that were recorded; 0.0 after any other sample."""
        return self._recorded / SPEECH_RATE_HZ if self._only_zeros else 0.0

    def __aiter__(self) -> Self:
        """Return this object: there is one sequence of blocks, which does not begin again."""
        return self

    async def __anext__(self) -> Pcm:
        """Return the next block at 16 kHz.

        Raises:
            MicrophoneError: the device delivers nothing, or was lost for too long.
        """
        while not self._ended:
            try:
                pcm = await self._next()
            except MicrophoneError as problem:
                await self._recover(problem)
                continue
            if pcm.size:
                self._note(pcm)
                return pcm
        raise StopAsyncIteration

    def stop(self) -> None:
        """End the capture after the speech until now. A second call has no effect."""
        if not self._stopping:
            self._move(Happening.STOPPED)
            on_its_way_s = self._line.on_its_way_s if self._line else 0.0
            self._loop.call_later(on_its_way_s, self._move, Happening.TAIL_OVER)

    @property
    def _stopping(self) -> bool:
        return self._phase not in {Phase.RECORDING, Phase.LOST}

    @property
    def _draining(self) -> bool:
        return self._phase is Phase.DRAINING

    @property
    def _ended(self) -> bool:
        return self._phase is Phase.ENDED

    def _move(self, happening: Happening) -> None:
        self._phase = TRANSITIONS[self._phase].get(happening, self._phase)
        self._news.notify()

    async def _next(self) -> Pcm:
        if (left := await self._look()) is not None:
            return left
        await asyncio.sleep(0)  # whatever waits has a turn, however many blocks have come
        line = self._line
        while line is not None and not self._ended:
            if self._draining:
                if not (self._recorded or line.holds_blocks) and line.waits_s > STALLED_S / 2:
                    raise stalled()  # the key was released before the wait was over
                self._move(Happening.DRAINED)
                return line.drain()
            if (pcm := line.take()) is not None:
                return pcm
            await self._wait(line, lambda: line.holds_blocks or self._draining or self._ended)
        return np.empty(0, np.int16)  # it was closed

    async def _wait(self, line: Line, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds or the line is lost.

        Raises:
            MicrophoneError: no sound will come any more.
        """
        if line.lost and (problem := line.problem):
            raise problem
        late = line.patience_s <= 0
        try:
            async with asyncio.timeout(GRACE_S if late else line.patience_s):
                await self._news.until(lambda: condition() or line.lost)
        except TimeoutError:
            if late and (problem := line.problem):
                raise problem from None

    async def _look(self) -> Pcm | None:
        """Change to another line if a look has shown that it would be better to record from.

        Returns:
            The old line's last samples, if the recording changed to another line.

        Raises:
            MicrophoneError: the line no longer delivers a microphone's sound.
        """
        reason = await self._source.look() if self._source else None
        if reason is None or self._stopping or self._changes == MOST_CHANGES:
            return None
        log.info("while recording: %s", reason)
        self._report(reason)
        self._changes += 1
        return await self._change()

    async def _change(self) -> Pcm | None:
        """Change to a new line as soon as it delivers; record from the old line until then."""
        assert self._line is not None  # noqa: S101 - for the type checker
        old, new = self._line, Line(self._pace.block_s)
        new.listener = self._news.notify
        try:
            await portaudio.call("input", new.open, self._device)
            while not (new.delivers or self._draining or self._ended):
                await self._wait(new, lambda: new.delivers or self._draining or self._ended)
        except MicrophoneError as problem:
            log.debug("another line does not work: %s", problem.title)
        finally:
            if better := new.delivers and not new.instead and not self._ended:
                old.outdone = True
                new.take()  # the old line has delivered the same
                self._take(new, own=True)
            else:
                new.close()
        return old.drain() if better else None

    def _note(self, pcm: Pcm) -> None:
        self._move(Happening.DELIVERED)
        self._recorded += len(pcm)
        self._only_zeros = self._only_zeros and not pcm.any()
        if self._pace.tells_zeros and self._zeros_s > TELL_MUTED_S:
            self._report(muted_microphone())
        else:
            self._report(self._line.instead if self._line else None)

    async def _recover(self, problem: MicrophoneError) -> None:
        """Open a device again; or end, and keep the speech recorded so far.

        Raises:
            MicrophoneError: nothing was recorded, or the device was lost for too long.
        """
        if not self._recorded and self._source and self._source.own:
            raise problem
        log.info("while recording: %s", problem.title)
        self._report(problem)
        if self._phase is Phase.LOST:  # the new line was also lost
            await asyncio.sleep(LOOK_AGAIN_S)
        else:
            self._lost_at = self._loop.time()
            self._move(Happening.LINE_LOST)
        while self._phase is Phase.LOST:
            if self._loop.time() - self._lost_at > self._give_up_s:
                raise problem
            try:
                await self.open()
            except MicrophoneError as again:
                if not self._recorded:
                    raise
                log.debug("not yet: %s", again.title)
                await asyncio.sleep(LOOK_AGAIN_S)
            else:
                return
        if not (self._recorded or self._ended):
            raise problem
        self._move(Happening.LINE_LOST)  # the key was released first
