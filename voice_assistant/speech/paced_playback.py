"""Plays speech at another speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.audio.stretch import Stretcher

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Playback


class PacedPlayback:
    """Plays speech faster or slower, at its own pitch. All times are times of the original speech.

    Args:
        playback: plays the result.
        speed: 2.0 is twice as fast.
    """

    def __init__(self, playback: Playback, speed: float) -> None:
        self._playback = playback
        self._speed = speed
        self._rate_hz = 0
        self._stretcher: Stretcher | None = None

    @property
    def played_s(self) -> float:
        """Return the seconds of speech that were played so far."""
        return self._playback.played_s * self._speed

    @property
    def silenced(self) -> bool:
        """Return whether another sound is played instead: nothing that is written is played."""
        return self._playback.silenced

    @property
    def holds_back(self) -> bool:
        """Return whether written samples may wait for more samples, or for `flush`."""
        return self._stretcher is not None

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        """Add samples; up to 0.1 s of them waits for more samples, or for `flush`.

        Raises:
            SpeakerError: the device was lost and no other took over.
        """
        if rate_hz != self._rate_hz:
            await self.flush()
        if self._stretcher is None:
            self._rate_hz, self._stretcher = rate_hz, Stretcher(rate_hz, self._speed)
        await self._playback.write(self._stretcher.feed(pcm), rate_hz)

    async def flush(self) -> None:
        """Play all written samples without waiting for more: the next samples are separate speech.

        Raises:
            SpeakerError: the device was lost and no other took over.
        """
        stretcher, self._stretcher = self._stretcher, None
        if stretcher and len(rest := stretcher.finish()):
            await self._playback.write(rest, self._rate_hz)
        await self._playback.flush()

    async def finish(self) -> float:
        """Wait until all samples were played; return the seconds of speech played.

        Raises:
            SpeakerError: the device was lost and no other took over.
        """
        await self.flush()
        return await self._playback.finish() * self._speed

    def abort(self) -> float:
        """Stop the sound now; return the seconds of speech played."""
        self._stretcher = None
        return self._playback.abort() * self._speed
