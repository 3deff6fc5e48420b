"""One recording from the microphone, which outlives the loss of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import MicrophoneError
from voice_assistant.sound import portaudio
from voice_assistant.sound.line import STALLED_S, Line, stalled
from voice_assistant.sound.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm

BLOCK_S = 0.02
MUTED_S = 0.5
"""Zeros for so long are no pause; some devices begin with a few."""
TELL_MUTED_S = 3.0
"""After so many seconds of zeros it is said while one still speaks."""
GIVE_UP_S = 10.0
"""How long a recording waits for a microphone that was lost."""
LOOK_AGAIN_S = 0.3
"""How often it is looked for meanwhile."""
WATCH_S = 1.0
"""How often one that delivers is looked at."""
MOST_CHANGES = 3
"""So often in one recording a line is left for a better one: each time may cost a syllable."""
GRACE_S = 0.1
"""What is late gets so much more: it may be us who slept."""

log = logging.getLogger(__name__)


class DeviceCapture:
    """One recording in progress. Satisfies `ports.Capture`.

    A recording that has begun outlives its device: it waits for it, or another one, to be there
    again. What was said until then is never lost. A line that serves badly, or a device that only
    stands in for the one that was wished for, is left as soon as another line delivers.
    """

    def __init__(self, device: str, report: Callable[[MicrophoneError | None], None]) -> None:
        self._device = device
        self._say = report
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._line: Line | None = None
        self._own = False
        self._watchdog: Watchdog | None = None
        self._changes = 0
        self._recorded = 0
        self._zeros: int | None = 0  # delivered so far; None once there was anything else
        self._lost_at: float | None = None
        self._stopping = False
        self._over = False  # take what is there, and no more
        self._ended = False

    async def open(self) -> None:
        """Record from the device.

        Raises:
            MicrophoneError: there is none, or it cannot be opened.
        """
        line = self._take(Line(BLOCK_S), own=True)
        await portaudio.call("input", line.open, self._device)

    def join(self, line: Line) -> None:
        """Record from a line that is open already, with what it has kept."""
        self._take(line, own=False)

    def close(self) -> None:
        """End the recording."""
        line, self._line = self._line, None
        if line is not None:
            line.listener = None
            if self._own:
                line.close()

    def _take(self, line: Line, *, own: bool) -> Line:
        self.close()
        self._line, self._own = line, own
        self._watchdog = Watchdog(line, self._device, WATCH_S)
        line.listener = self._news.set
        return line

    @property
    def level_dbfs(self) -> float | None:
        """How loud it is at the moment; None where nothing comes."""
        return self._line.level_dbfs if self._line and self._line.delivers else None

    @property
    def silent(self) -> bool:
        """Only zeros came, and for long enough: the microphone is muted. No quiet room is so."""
        return self._zeros is not None and self._zeros > MUTED_S * SPEECH_RATE_HZ

    def __aiter__(self) -> Self:
        """The blocks: there is one sequence of them, which is not begun anew."""
        return self

    async def __anext__(self) -> Pcm:
        """The next block at 16 kHz.

        Raises:
            MicrophoneError: the device delivers nothing, or was lost for long.
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

    def stop(self, *, tail_s: float = 0.0) -> None:
        """End the capture with what is said until `tail_s` seconds from now."""
        if not self._stopping:
            self._stopping = True
            on_its_way_s = self._line.on_its_way_s if self._line else 0.0
            self._loop.call_later(tail_s + on_its_way_s, self._end)

    def _end(self) -> None:
        self._over = True
        self._news.set()

    async def _next(self) -> Pcm:
        if (left := await self._look()) is not None:
            return left
        line = self._line
        assert line is not None  # noqa: S101 - for the type checker
        while (pcm := line.take()) is None:
            if self._over:
                if not self._recorded and line.waits_s > STALLED_S / 2:
                    raise stalled()  # the release came before the patience was over
                self._ended = True
                return line.rest()
            await self._wait(line)
        return pcm

    async def _wait(self, line: Line) -> None:
        """Wait for news of a line.

        Raises:
            MicrophoneError: nothing will come any more.
        """
        late = line.patience_s <= 0
        if not late and (problem := line.problem):
            raise problem
        self._news.clear()
        try:
            async with asyncio.timeout(GRACE_S if late else line.patience_s):
                await self._news.wait()
        except TimeoutError:
            if late and (problem := line.problem):
                raise problem from None

    async def _look(self) -> Pcm | None:
        """See now and then whether this is still the line to record from.

        Returns:
            What it had still to deliver, if it was left for a better one.

        Raises:
            MicrophoneError: it is no microphone any more.
        """
        reason = await self._watchdog.look() if self._watchdog else None
        if reason is None or self._stopping or self._changes == MOST_CHANGES:
            return None
        log.info("while recording: %s", reason)
        self._say(reason)
        self._changes += 1
        return await self._change()

    async def _change(self) -> Pcm | None:
        """Record from a new line, once it delivers; until then, from the old one."""
        assert self._line is not None  # noqa: S101 - for the type checker
        old, new = self._line, Line(BLOCK_S)
        new.listener = self._news.set
        try:
            await portaudio.call("input", new.open, self._device)
            while not (new.delivers or self._over):
                await self._wait(new)
        except MicrophoneError as problem:
            log.debug("another line does not work: %s", problem.title)
        finally:
            if better := new.delivers and not new.instead:
                old.outdone = True
                new.take()  # the old one has delivered that, too
                self._take(new, own=True)
            else:
                new.close()
        return old.rest() if better else None

    def _note(self, pcm: Pcm) -> None:
        self._recorded += len(pcm)
        self._lost_at = None
        if self._zeros is not None:
            self._zeros = None if pcm.any() else self._zeros + len(pcm)
        if self._zeros is not None and self._zeros > TELL_MUTED_S * SPEECH_RATE_HZ:
            self._say(muted())
        else:
            self._say(self._line.instead if self._line else None)

    async def _recover(self, problem: MicrophoneError) -> None:
        """Have a device again, or end with what there is.

        Raises:
            MicrophoneError: there is nothing to save, or it was lost for too long.
        """
        if not self._recorded and self._own:
            raise problem
        log.info("while recording: %s", problem.title)
        self._say(problem)
        if self._lost_at is None:
            self._lost_at = self._loop.time()
        else:
            await asyncio.sleep(LOOK_AGAIN_S)
        while not self._stopping:
            if self._loop.time() - self._lost_at > GIVE_UP_S:
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
        if not self._recorded:
            raise problem
        self._ended = True  # the release came first: what was said before is all there is


def muted() -> MicrophoneError:
    """Nothing but zeros comes."""
    return MicrophoneError(
        "The microphone delivers only silence", "Is it muted? Look in the sound settings."
    )
