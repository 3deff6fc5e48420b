"""The microphone: opened at the press, closed after the release."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ, to_pcm
from voice_assistant.audio.resampler import Resampler
from voice_assistant.desktop import devices, portaudio, soundserver
from voice_assistant.errors import MicrophoneError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.audio.format import Pcm

BLOCK_S = 0.02
FIRST_BLOCK_S = 3.0
"""How long the first block may take: a Bluetooth headset changes its mode first."""
STALLED_S = 1.0
"""How long any other block may take."""
MUTED_S = 0.5
"""Zeros for so long are no pause; some devices begin with a few."""


class Microphone:
    """Satisfies `ports.Microphone`.

    Args:
        device: a part of the device's name, "" for the system's default.
    """

    def __init__(self, device: str = "") -> None:
        self._device = device

    def check(self) -> None:
        """See whether there is a microphone, without recording. Blocks for some 30 ms.

        Raises:
            MicrophoneError: there is none, or the sound system cannot be used.
        """
        portaudio.wait("input", devices.available, "input", self._device)

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[DeviceCapture]:
        """Open the microphone; leaving the context closes it.

        Raises:
            MicrophoneError: there is none, or it cannot be opened.
        """
        capture = DeviceCapture()
        try:
            await portaudio.call("input", capture.open, self._device)
            yield capture
        finally:
            await portaudio.call("input", capture.close)


class DeviceCapture:
    """One recording in progress. Satisfies `ports.Capture`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Raw blocks, then None, or what went wrong.
        self._blocks: asyncio.Queue[bytes | MicrophoneError | None] = asyncio.Queue()
        self._stream: Any = None
        self._resampler = Resampler(SPEECH_RATE_HZ, SPEECH_RATE_HZ)
        self._patience_s = FIRST_BLOCK_S
        self._last_block_at = self._loop.time()
        self._next_look_at = 0.0
        self._zeros: int | None = 0  # delivered so far; None once there was anything else
        self._stopping = False
        self._ended = False

    def open(self, wanted: str) -> None:
        """Begin to record. To be called on PortAudio's thread."""
        self._stream = devices.open_stream(
            "input",
            wanted,
            SPEECH_RATE_HZ,
            block_s=BLOCK_S,
            latency="low",  # what is still on its way at the release must be waited for
            callback=self._on_block,
            finished=self._on_finished,
        )
        self._resampler = Resampler(int(self._stream.samplerate), SPEECH_RATE_HZ)
        portaudio.start("input", self._stream)

    def close(self) -> None:
        """End the recording. To be called on PortAudio's thread."""
        if self._stream is not None:
            portaudio.close(self._stream)

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
            MicrophoneError: the device was lost or delivers nothing.
        """
        while not self._ended:
            await self._look_at_source()
            block = await self._next_block()
            if block is None:
                self._ended = True
                pcm = self._resampler.finish()
            else:
                pcm = self._resampler.feed(self._mono(block))
            if self._zeros is not None:
                self._zeros = None if pcm.any() else self._zeros + len(pcm)
            if pcm.size:
                return pcm
        raise StopAsyncIteration

    def stop(self, *, tail_s: float = 0.0) -> None:
        """End the capture with what is said until `tail_s` seconds from now."""
        if not self._stopping:
            self._stopping = True
            self._next_look_at = 0.0  # once more, while the tail is recorded
            on_its_way_s = self._stream.latency
            self._loop.call_later(tail_s + on_its_way_s, self._blocks.put_nowait, None)

    async def _next_block(self) -> bytes | None:
        try:
            async with asyncio.timeout(self._patience_s):
                block = await self._blocks.get()
        except TimeoutError as error:
            raise _stalled() from error
        if isinstance(block, MicrophoneError):
            raise block
        if block is not None:
            self._patience_s = STALLED_S
            self._last_block_at = self._loop.time()
        elif self._loop.time() - self._last_block_at > STALLED_S / 2:
            raise _stalled()  # the release came before the patience was over
        return block

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

    def _mono(self, raw: bytes) -> Pcm:
        samples = np.frombuffer(raw, np.int16)
        channels = self._stream.channels
        if channels == 1:
            return samples
        return to_pcm(samples.reshape(-1, channels) / 32768.0)

    # These two are called on PortAudio's own thread: they hand over and do nothing else.

    def _on_block(self, block: Any, _frames: int, _times: Any, _status: Any) -> None:
        self._loop.call_soon_threadsafe(self._blocks.put_nowait, bytes(block))

    def _on_finished(self) -> None:
        lost = MicrophoneError("The microphone was lost while recording", "Connect it again.")
        self._loop.call_soon_threadsafe(self._blocks.put_nowait, lost)


def _stalled() -> MicrophoneError:
    return MicrophoneError(
        "The microphone delivers nothing",
        "Look into the sound settings: is it suspended, or used by another program?",
    )
