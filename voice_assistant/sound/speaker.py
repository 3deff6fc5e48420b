"""Plays sound on the loudspeaker: one stream for each playback, opened with its first samples.

Opening a stream takes 1 ms. A stream that stays open would not follow the system's default device,
and to start it after the sound server has gone hangs for ever.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from typing import TYPE_CHECKING

from voice_assistant.audio.playback import PlaybackBuffer
from voice_assistant.errors import SpeakerError
from voice_assistant.settings.sections.speech import SpeakerSettings
from voice_assistant.sound import devices, portaudio
from voice_assistant.sound.output import PRIMING_S, RATE_HZ, STALLED_S, Output
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm
    from voice_assistant.audio.played_sound import PlayedSound

LOOK_S = 0.05
"""Seconds between two refills of the ring, and between two checks whether the device plays."""
AHEAD_S = 2.0
"""Seconds of sound that may wait to be played. A barge-in drops that sound."""
AWAKE_S = 3.0
"""A device that has played within this time is awake: sound servers wait 5 s before they suspend
one (PulseAudio's `module-suspend-on-idle`, WirePlumber's `session.suspend-timeout-seconds`)."""
RETURN_S = 3.0
"""Seconds within which another device must replace a lost one."""

log = logging.getLogger(__name__)


class Speaker:
    """Satisfies `ports.Speaker`.

    Args:
        settings: the device, and the volume at first.
    """

    def __init__(self, settings: SpeakerSettings = SpeakerSettings()) -> None:
        self._played: PlayedSound | None = None
        self._device = settings.device
        self._volume = settings.volume
        self._wake_s = settings.wake_s
        self._playing: DevicePlayback | None = None

    def tell(self, played: PlayedSound | None) -> None:
        """Tell `played` all that is played, from the next playback on; None: nobody."""
        self._played = played

    def check(self) -> None:
        """Check that there is a speaker. Blocks for some 30 ms.

        Raises:
            SpeakerError: there is no speaker, or the sound system cannot be used.
        """
        portaudio.wait("output", devices.available, "output", self._device)

    def use(self, settings: SpeakerSettings) -> None:
        """Play on the device of these settings from the next playback on."""
        self._device = settings.device

    def set_volume(self, volume: float) -> None:
        """Set the volume of all playbacks, also of the running one."""
        self._volume = volume
        if self._playing is not None:
            self._playing.set_volume(volume)

    def play(self, *, prompt: bool = False) -> DevicePlayback:
        """Begin a new playback; the running one is silenced. The device opens with `write`.

        Args:
            prompt: do not wait until the device is awake: see `ports.Speaker`.
        """
        self.close()
        before = self._playing
        awake = before is not None and time.monotonic() - before.alive_at_s < AWAKE_S
        wake_s = 0.0 if prompt or awake else self._wake_s
        self._playing = DevicePlayback(self._device, self._volume, wake_s, self._played)
        return self._playing

    def close(self) -> None:
        """Silence the running playback."""
        if self._playing is not None:
            self._playing.abort()


class DevicePlayback:
    """One playback. Satisfies `ports.Playback`.

    If the device is lost, the system's default device goes on with the first sample not heard.

    Args:
        device: a part of the device's name, "" for the system's default.
        volume: the factor for each sample.
        wake_s: seconds of silence before the sound if the device is asleep.
        played: is told what is played.

    Attributes:
        silenced: whether it was aborted before its end.
    """

    def __init__(
        self,
        device: str,
        volume: float,
        wake_s: float = 0.0,
        played: PlayedSound | None = None,
    ) -> None:
        self.silenced = False
        self._played = played
        self._device = device
        self._wake_s = wake_s
        self._buffer = PlaybackBuffer(RATE_HZ)
        self._buffer.volume = volume
        self._output: Output | None = None
        self._refilling: asyncio.TimerHandle | None = None
        self._replaced = False
        self._earlier_gaps = 0
        self._played_s: float | None = None  # at the end

    @property
    def played_s(self) -> float:
        """Return the seconds of sound played so far."""
        return self._buffer.played_s(time.monotonic()) if self._played_s is None else self._played_s

    @property
    def alive_at_s(self) -> float:
        """Return when the device was last seen to play, on the monotonic clock; 0 before that."""
        return self._buffer.alive_at_s

    @property
    def gaps(self) -> int:
        """Return how often the device found no sound though more sound came later."""
        return self._earlier_gaps + (self._output.gaps if self._output else 0)

    def set_volume(self, volume: float) -> None:
        """Set the volume, at once."""
        self._buffer.volume = volume
        if output := self._opened:
            output.change_volume()

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples; the sound begins with the first 0.25 s. Waits while 2 s are unplayed.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        for start in range(0, len(pcm), rate_hz):  # a second at a time: a long piece must wait
            await self._write(pcm[start : start + rate_hz], rate_hz)

    async def flush(self) -> None:
        """Play all written samples, also fewer than 0.25 s of them.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        self._buffer.end()
        if self._output is None and self._buffer.buffered_s:
            await self._open(self._device)
        self._refill()

    async def finish(self) -> float:
        """Wait until the last sample was played; return the seconds played.

        Raises:
            SpeakerError: there is no speaker, or it was lost and no other took over.
        """
        await self.flush()
        while self._output and (left_s := self._buffer.unplayed_s(time.monotonic())) > 0:
            await asyncio.sleep(min(left_s, LOOK_S))
            await self._replace_lost()
        return self._end()

    def abort(self) -> float:
        """Silence this playback at once; return the seconds played."""
        self.silenced = self.silenced or self._played_s is None
        return self._end()

    def _end(self) -> float:
        if self._played_s is None:
            self._played_s = self.played_s
            self._close()
            log.debug("heard %.1f s, %d gaps", self._played_s, self.gaps)
        return self._played_s

    async def _write(self, pcm: Pcm, rate_hz: int) -> None:
        await self._replace_lost()
        while self._output and self._buffer.buffered_s > AHEAD_S:
            await asyncio.sleep(LOOK_S)
            await self._replace_lost()
        if self._played_s is not None:
            return  # it was aborted meanwhile
        self._buffer.write(pcm, rate_hz)
        if self._output is None and self._buffer.buffered_s >= PRIMING_S:
            await self._open(self._device)
        self._refill()

    async def _replace_lost(self) -> None:
        """Go on with another device if this one was lost.

        Raises:
            SpeakerError: no other device took over.
        """
        self._refill()  # before the check: the program itself may have been stuck
        lost = self._output
        if lost is None or not lost.lost:
            return
        self._close()
        if self._replaced and lost.lived_s < STALLED_S:
            raise SpeakerError(_("The speaker plays nothing"), _("Look into the sound settings."))
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
        if self._played_s is not None:
            return
        output = self._output = Output(self._buffer, self._played)
        try:
            await portaudio.call("output", output.open, device, self._wake_s)
        except BaseException:
            self._close()
            raise
        if self._output is output:  # it was not silenced meanwhile
            self._buffer = output.buffer
            self._refill_again()

    @property
    def _opened(self) -> Output | None:
        """Return the output; None also while another thread opens it."""
        return self._output if self._refilling else None

    def _refill(self) -> None:
        if output := self._opened:
            output.refill()

    def _refill_again(self) -> None:
        """Refill the ring again and again until the output is closed."""
        self._refilling = asyncio.get_running_loop().call_later(LOOK_S, self._refill_again)
        self._refill()

    def _close(self) -> None:
        output, self._output = self._output, None
        if self._refilling:
            self._refilling.cancel()
            self._refilling = None
        if output is not None:
            self._earlier_gaps += output.gaps
            if self._played:
                self._played.cut(time.monotonic())
            portaudio.submit(output.close)
