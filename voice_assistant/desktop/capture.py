"""One recording from the microphone, which outlives the loss of it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.desktop import portaudio, soundserver
from voice_assistant.desktop.line import STALLED_S, Line, stalled
from voice_assistant.errors import MicrophoneError

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

log = logging.getLogger(__name__)


class DeviceCapture:
    """One recording in progress. Satisfies `ports.Capture`.

    A recording that has begun outlives its device: it waits for it, or another one, to be there
    again. What was said until then is never lost.
    """

    def __init__(self, device: str, trouble: Callable[[MicrophoneError | None], None]) -> None:
        self._device = device
        self._tell = trouble
        self._trouble: MicrophoneError | None = None  # what was told
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._line: Line | None = None
        self._own = False
        self._next_look_at = 0.0
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
        self._own = True
        self._line = Line(BLOCK_S)
        self._line.listener = self._news.set
        await portaudio.call("input", self._line.open, self._device)

    def join(self, line: Line) -> None:
        """Record from a line that is open already, with what it has kept."""
        self._own = False
        self._line = line
        line.listener = self._news.set

    async def close(self) -> None:
        """End the recording."""
        line, self._line = self._line, None
        if line is None:
            return
        line.listener = None
        if self._own:
            await portaudio.call("input", line.close)

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
                await self._look_at_source()
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
            self._next_look_at = 0.0  # once more, while the tail is recorded
            on_its_way_s = self._line.on_its_way_s if self._line else 0.0
            self._loop.call_later(tail_s + on_its_way_s, self._end)

    def _end(self) -> None:
        self._over = True
        self._news.set()

    async def _next(self) -> Pcm:
        line = self._line
        assert line is not None  # noqa: S101 - for the type checker
        while (pcm := line.take()) is None:
            if self._over:
                if not self._recorded and line.waits_s > STALLED_S / 2:
                    raise stalled()  # the release came before the patience was over
                self._ended = True
                return line.rest()
            if problem := line.problem:
                raise problem
            self._news.clear()
            try:
                async with asyncio.timeout(line.patience_s):
                    await self._news.wait()
            except TimeoutError:
                log.debug("the microphone is late")
        return pcm

    def _note(self, pcm: Pcm) -> None:
        self._recorded += len(pcm)
        self._lost_at = None
        if self._zeros is not None:
            self._zeros = None if pcm.any() else self._zeros + len(pcm)
        if self._zeros is not None and self._zeros > TELL_MUTED_S * SPEECH_RATE_HZ:
            self._say(muted())
        else:
            self._say(None)

    def _say(self, problem: MicrophoneError | None) -> None:
        if (problem is None) != (self._trouble is None):
            self._trouble = problem
            self._tell(problem)

    async def _recover(self, problem: MicrophoneError) -> None:
        """Have a device again, or end with what there is.

        Raises:
            MicrophoneError: there is nothing to save, or it was lost for too long.
        """
        if not self._recorded:
            raise problem
        log.info("while recording: %s", problem.title)
        self._say(problem)
        if self._lost_at is None:
            self._lost_at = self._loop.time()
        else:
            await asyncio.sleep(LOOK_AGAIN_S)
        await self.close()
        while not self._stopping:
            if self._loop.time() - self._lost_at > GIVE_UP_S:
                raise problem
            try:
                await self.open()
            except MicrophoneError as again:
                log.debug("not yet: %s", again.title)
                await self.close()
                await asyncio.sleep(LOOK_AGAIN_S)
            else:
                self._next_look_at = 0.0
                return
        self._ended = True  # the release came first: what was said before is all there is

    async def _look_at_source(self) -> None:
        """See now and then that no speaker is taken for the microphone.

        That is what PulseAudio does with the recording when the only microphone is lost.
        """
        if self._loop.time() < self._next_look_at:
            return
        if await asyncio.to_thread(soundserver.hears_speaker):
            raise MicrophoneError(
                "There is no microphone: the system offers what the speaker plays instead",
                "Connect one, or choose one in the sound settings.",
            )
        self._next_look_at = self._loop.time() + 1.0


def muted() -> MicrophoneError:
    """Nothing but zeros comes."""
    return MicrophoneError(
        "The microphone delivers only silence", "Is it muted? Look in the sound settings."
    )
