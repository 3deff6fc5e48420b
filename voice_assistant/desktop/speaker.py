"""The speaker: a stream for each playback, opened with its first samples.

Building one takes 1 ms; one that is kept would neither follow the system's default device nor
survive the sound server: starting it after that has gone hangs for ever.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.audio.playback import PlaybackBuffer
from voice_assistant.desktop import devices, portaudio
from voice_assistant.errors import SpeakerError

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

RATE_HZ = 48_000
"""The rate of most devices; others are opened at their own."""
BLOCK_S = 0.02
LATENCY_S = 0.1
"""Less than this underran on a busy machine."""
LOOK_S = 0.05
"""How often one looks whether the device still plays."""
AHEAD_S = 10.0
"""How much may be waiting to be heard."""
STALLED_S = 1.0
"""A device that asks for nothing for so long is taken for lost."""
RETURN_S = 3.0
"""How long a lost device (or sound server) may take to be replaced."""

log = logging.getLogger(__name__)


class Speaker:
    """Satisfies `ports.Speaker`.

    Args:
        device: a part of the device's name, "" for the system's default.
        volume: 1.0 is as loud as it comes.
    """

    def __init__(self, device: str = "", volume: float = 1.0) -> None:
        self._device = device
        self._volume = volume
        self._playing: DevicePlayback | None = None

    def check(self) -> None:
        """See whether there is a speaker. Blocks for some 30 ms.

        Raises:
            SpeakerError: there is none, or the sound system cannot be used.
        """
        portaudio.submit(devices.available, "output", self._device).result(portaudio.PATIENCE_S)

    def play(self) -> DevicePlayback:
        """Begin something new; whatever still plays is silenced. The device opens with `write`."""
        self.close()
        self._playing = DevicePlayback(self._device, self._volume)
        return self._playing

    def close(self) -> None:
        """Silence what still plays."""
        if self._playing is not None:
            self._playing.abort()


class DevicePlayback:
    """One thing being played. Satisfies `ports.Playback`.

    A device that is lost meanwhile is replaced by whatever is then the default, which goes on
    with the first sample that was not heard.

    Args:
        device: a part of the device's name, "" for the system's default.
        volume: what each sample is multiplied by.
    """

    def __init__(self, device: str, volume: float) -> None:
        self._device = device
        self._volume = volume
        self._output: _Output | None = None
        self._heard_before_s = 0.0  # from devices that were lost
        self._ended = False

    @property
    def heard_s(self) -> float:
        """Seconds that have been heard so far."""
        return self._heard_before_s + (self._output.heard_s if self._output else 0.0)

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples; sound begins with the first. Waits while 10 s are still to be heard.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        if self._volume != 1.0:
            pcm = np.rint(pcm * self._volume).astype(np.int16)
        for start in range(0, len(pcm), rate_hz):  # a second at a time, for long ones must wait
            await self._write(pcm[start : start + rate_hz], rate_hz)

    async def finish(self) -> float:
        """Wait until the last sample has been heard; seconds heard.

        Raises:
            SpeakerError: the device was lost and no other took over.
        """
        while output := await self._working():
            output.buffer.end()
            if output.unheard_s <= 0:
                break
            await asyncio.sleep(min(output.unheard_s, LOOK_S))
        return self.abort()

    def abort(self) -> float:
        """Silence, now; seconds heard."""
        heard_s = self.heard_s
        if not self._ended:
            self._ended = True
            self._heard_before_s = heard_s
            self._close()
        return heard_s

    async def _write(self, pcm: Pcm, rate_hz: int) -> None:
        while output := await self._working():
            if output.buffer.buffered_s <= AHEAD_S:
                break
            await asyncio.sleep(LOOK_S)
        if output is not None:
            output.buffer.write(pcm, rate_hz)
        elif not self._ended:
            await self._open(pcm, rate_hz)

    async def _working(self) -> _Output | None:
        """Where it plays, moved elsewhere if that was lost; None before the start and at the end.

        Raises:
            SpeakerError: it was lost and no other took over.
        """
        lost = self._output
        if lost is None or not lost.lost:
            return lost
        log.warning("the speaker was lost, looking for another")
        lost.buffer.end()
        rest, rate_hz = lost.unheard(), lost.buffer.rate_hz
        self._heard_before_s = self.heard_s
        self._close()
        give_up_at = time.monotonic() + RETURN_S
        while not self._ended and self._output is None:
            try:
                await self._open(rest, rate_hz)
            except SpeakerError:
                if time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(0.2)
        return self._output

    async def _open(self, pcm: Pcm, rate_hz: int) -> None:
        self._output = _Output()
        try:
            await portaudio.call("output", self._output.open, self._device, pcm, rate_hz)
        except BaseException:
            self._close()
            raise

    def _close(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            portaudio.submit(output.close)


class _Output:
    """One stream and what it is to play, from its opening until it is closed or lost."""

    def __init__(self) -> None:
        self.buffer = PlaybackBuffer(RATE_HZ, 0.0)
        self._stream: Any = None
        self._finished = False
        self._called_at_s = 0.0

    def open(self, wanted: str, pcm: Pcm, rate_hz: int) -> None:
        """Begin to play `pcm`. To be called on PortAudio's thread."""
        self._stream = devices.open_stream(
            "output",
            wanted,
            RATE_HZ,
            block_s=BLOCK_S,
            latency=LATENCY_S,
            callback=self._on_block,
            finished=self._on_finished,
        )
        self.buffer = PlaybackBuffer(int(self._stream.samplerate))
        self.buffer.write(pcm, rate_hz)
        self._called_at_s = time.monotonic()
        portaudio.start("output", self._stream)

    def close(self) -> None:
        """Silence. To be called on PortAudio's thread."""
        if self._stream is not None:
            portaudio.close(self._stream)

    @property
    def lost(self) -> bool:
        """The device, or the whole sound server, has gone: PortAudio says nothing of it."""
        return self._finished or time.monotonic() - self._called_at_s > STALLED_S

    @property
    def heard_s(self) -> float:
        return self.buffer.heard_s(time.monotonic())

    @property
    def unheard_s(self) -> float:
        return self.buffer.unheard_s(time.monotonic())

    def unheard(self) -> Pcm:
        return self.buffer.unheard(time.monotonic())

    # These two are called on PortAudio's own thread: no waiting, no logging, no raising.

    def _on_block(self, frames: Any, _count: int, times: Any, _status: Any) -> None:
        now_s = time.monotonic()
        delay_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 <= delay_s < STALLED_S:  # some systems do not tell
            delay_s = self._stream.latency
        self.buffer.take(frames, now_s + delay_s)
        self._called_at_s = now_s

    def _on_finished(self) -> None:
        self._finished = True
