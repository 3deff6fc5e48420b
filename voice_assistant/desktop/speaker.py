"""The speaker: a stream for each playback, opened with its first samples.

Building one takes 1 ms; one that is kept would neither follow the system's default device nor
survive the sound server: starting it after that has gone hangs for ever.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from typing import TYPE_CHECKING, Any

from voice_assistant.audio.playback import PlaybackBuffer
from voice_assistant.desktop import devices, portaudio
from voice_assistant.errors import SpeakerError

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

RATE_HZ = 48_000
"""The rate of most devices; others are opened at their own."""
BLOCK_S = 0.02
LATENCY_S = 0.2
"""On a busy machine 0.1 underran three times as often; an abort throws it away at once. With 0.3 a
device takes 0.32 s when it starts, and an answer that comes in small pieces is heard later."""
PRIMING_S = 0.2
"""What a device takes when it starts; with less to give there would be a gap after it."""
LOOK_S = 0.05
"""How often one looks whether the device still plays."""
AHEAD_S = 2.0
"""How much may be waiting to be heard; a barge-in throws it away."""
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
        portaudio.wait("output", devices.available, "output", self._device)

    def set_volume(self, volume: float) -> None:
        """Make everything louder or quieter, also what plays."""
        self._volume = volume
        if self._playing is not None:
            self._playing.set_volume(volume)

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
        self._buffer = PlaybackBuffer(RATE_HZ)
        self._buffer.volume = volume
        self._output: _Output | None = None
        self._replaced = False
        self._heard_s: float | None = None  # at the end

    @property
    def heard_s(self) -> float:
        """Seconds that have been heard so far."""
        return self._buffer.heard_s(time.monotonic()) if self._heard_s is None else self._heard_s

    def set_volume(self, volume: float) -> None:
        """Make it louder or quieter, from the next 20 ms on."""
        self._buffer.volume = volume

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples; sound begins with the first 0.2 s. Waits while 2 s are to be heard.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        for start in range(0, len(pcm), rate_hz):  # a second at a time, for long ones must wait
            await self._write(pcm[start : start + rate_hz], rate_hz)

    async def finish(self) -> float:
        """Wait until the last sample has been heard; seconds heard.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        self._buffer.end()
        if self._output is None and self._buffer.buffered_s:
            await self._open(self._device)
        while self._output and (left_s := self._buffer.unheard_s(time.monotonic())) > 0:
            await asyncio.sleep(min(left_s, LOOK_S))
            await self._replace_lost()
        return self.abort()

    def abort(self) -> float:
        """Silence, now; seconds heard."""
        if self._heard_s is None:
            self._heard_s = self.heard_s
            self._close()
            log.debug("heard %.1f s, %d gaps", self._heard_s, self._buffer.underruns)
        return self._heard_s

    async def _write(self, pcm: Pcm, rate_hz: int) -> None:
        await self._replace_lost()
        while self._output and self._buffer.buffered_s > AHEAD_S:
            await asyncio.sleep(LOOK_S)
            await self._replace_lost()
        if self._heard_s is not None:
            return  # nobody wants it any more
        self._buffer.write(pcm, rate_hz)
        if self._output is None and self._buffer.buffered_s >= PRIMING_S:
            await self._open(self._device)

    async def _replace_lost(self) -> None:
        """Go on elsewhere if the device was lost.

        Raises:
            SpeakerError: no other took over.
        """
        lost = self._output
        if lost is None or not lost.lost:
            return
        self._close()
        if self._replaced and lost.lived_s < STALLED_S:
            raise SpeakerError("The speaker plays nothing", "Look into the sound settings.")
        log.warning("the speaker was lost, looking for another")
        self._replaced = True
        give_up_at_s = time.monotonic() + RETURN_S
        for device in itertools.cycle((self._device, "")):
            try:
                await self._open(device)
            except SpeakerError:
                if time.monotonic() > give_up_at_s:
                    raise
                await asyncio.sleep(LOOK_S)
            else:
                return

    async def _open(self, device: str) -> None:
        if self._heard_s is not None:
            return
        output = self._output = _Output(self._buffer)
        try:
            await portaudio.call("output", output.open, device)
        except BaseException:
            self._close()
            raise
        self._buffer = output.buffer

    def _close(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            portaudio.submit(output.close)


class _Output:
    """One stream that plays a buffer, from its opening until it is closed or lost.

    Attributes:
        buffer: what is played: the one given, or what of it is left at the device's rate.
    """

    def __init__(self, buffer: PlaybackBuffer) -> None:
        self.buffer = buffer
        self._stream: Any = None
        self._finished = False
        self._opened_at_s = 0.0

    def open(self, wanted: str) -> None:
        """Begin to play. To be called on PortAudio's thread."""
        self._stream = devices.open_stream(
            "output",
            wanted,
            RATE_HZ,
            block_s=BLOCK_S,
            latency=LATENCY_S,
            callback=self._on_block,
            finished=self._on_finished,
        )
        now_s = time.monotonic()
        if self.buffer.asked_at_s or self.buffer.rate_hz != self._stream.samplerate:
            self.buffer = self.buffer.moved_to(int(self._stream.samplerate), now_s)
        self._opened_at_s = self.buffer.asked_at_s = now_s
        portaudio.start("output", self._stream)

    def close(self) -> None:
        """Silence. To be called on PortAudio's thread."""
        if self._stream is not None:
            portaudio.close(self._stream)

    @property
    def lost(self) -> bool:
        """The device, or the whole sound server, has gone: PortAudio says nothing of it."""
        return self._finished or time.monotonic() - self.buffer.asked_at_s > STALLED_S

    @property
    def lived_s(self) -> float:
        """Seconds for which the device has asked for sound."""
        return self.buffer.asked_at_s - self._opened_at_s

    # These two are called on PortAudio's own thread: no waiting, no logging, no raising.

    def _on_block(self, frames: Any, _count: int, times: Any, status: Any) -> None:
        delay_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 <= delay_s < STALLED_S:  # some systems do not tell
            delay_s = self._stream.latency
        self.buffer.underruns += bool(status and status.output_underflow)
        self.buffer.take(frames, time.monotonic(), delay_s)

    def _on_finished(self) -> None:
        self._finished = True
