"""Reads an open microphone, and tells in which state the microphone is."""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.audio.device_sound import DeviceSound
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.level import rms_dbfs
from voice_assistant.errors import MicrophoneError, MicrophoneReplaced
from voice_assistant.sound import devices, portaudio
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm

FIRST_BLOCK_S = 3.0
"""Longest wait for the first block, in seconds: a Bluetooth headset changes its mode first."""
STALLED_S = 1.0
"""Longest wait for any later block, in seconds."""


class Line:
    """A stream from the microphone. Without a listener it keeps only the newest sound.

    Args:
        block_s: seconds per block: short blocks arrive sooner, long blocks cost less.
        keep_s: seconds of sound that are kept without a listener.

    Attributes:
        listener: called on the asyncio thread after each block, and when the stream ends.
        cpu_s: processor seconds that the audio thread has used, 0.0 before the first block.
        label: the stream's name for `sound_server.recorded`.
        instead: why a device other than the chosen one is open; None if the chosen one is open.
        outdone: a new line would serve better; whoever keeps this line open must reopen it.
    """

    def __init__(self, block_s: float, keep_s: float = 0.0) -> None:
        self.listener: Callable[[], None] | None = None
        self.cpu_s = 0.0
        self.label = secrets.token_hex(8)
        self.instead: MicrophoneReplaced | None = None
        self.outdone = False
        self._lost = False
        self._block_s = block_s
        self._most_blocks = math.ceil(keep_s / block_s)
        self._loop = asyncio.get_running_loop()
        self._blocks: deque[bytes] = deque()
        self._newest = b""
        self._newest_at: float | None = None
        self._opened_at = self._loop.time()
        self._stream: Any = None
        self._sound = DeviceSound(SPEECH_RATE_HZ, channels=1)

    def open(self, device: str) -> None:
        """Open `device`, or the system's choice if `device` cannot be opened.

        Call this on PortAudio's thread.

        Raises:
            MicrophoneError: there is no microphone, or no microphone can be opened.
        """
        try:
            self._open(device)
        except MicrophoneError as problem:
            if not device:
                raise
            try:
                self._open("")
            except MicrophoneError:
                raise problem from None
            self.instead = MicrophoneReplaced(problem.title, problem.hint)

    def _open(self, device: str) -> None:
        self._stream = devices.open_stream(
            "input",
            device,
            SPEECH_RATE_HZ,
            block_s=self._block_s,
            latency="low",  # at the release, the sound that is still on its way must be waited for
            callback=self._on_block,
            finished=self._on_finished,
            label=self.label,
        )
        self._sound = DeviceSound(int(self._stream.samplerate), self._stream.channels)
        self._opened_at = self._loop.time()
        portaudio.start("input", self._stream)

    def close(self) -> None:
        """Close the stream on PortAudio's thread; return at once."""
        self.listener = None
        portaudio.submit(self._close)

    def _close(self) -> None:
        if self._stream is not None:
            portaudio.close(self._stream)

    @property
    def on_its_way_s(self) -> float:
        """Return the seconds between a sound and its block: the newest speech may still come."""
        return float(self._stream.latency) if self._stream is not None else 0.0

    @property
    def delivers(self) -> bool:
        """Return whether a block has come."""
        return self._newest_at is not None

    @property
    def waits_s(self) -> float:
        """Return the seconds since the last block, or since the opening."""
        return self._loop.time() - (self._newest_at or self._opened_at)

    @property
    def patience_s(self) -> float:
        """Return how many seconds the next block may still take."""
        return (STALLED_S if self.delivers else FIRST_BLOCK_S) - self.waits_s

    @property
    def problem(self) -> MicrophoneError | None:
        """Return why no more blocks will come; None while the microphone works."""
        if self._lost:
            return MicrophoneError(
                _("The microphone was lost while recording"), _("Connect it again.")
            )
        return stalled() if self.patience_s <= 0 else None

    @property
    def level_dbfs(self) -> float:
        """Return the level of the newest block."""
        return rms_dbfs(self._sound.peek(self._newest))

    @property
    def silent(self) -> bool:
        """Return whether the newest block holds only zeros."""
        return not any(self._newest)

    @property
    def lost(self) -> bool:
        """Return whether the sound system has ended the stream."""
        return self._lost

    @property
    def holds_blocks(self) -> bool:
        """Return whether there is a block that was not taken yet."""
        return bool(self._blocks)

    def take(self) -> Pcm | None:
        """Return the next block at 16 kHz, None if there is none yet."""
        return self._sound.feed(self._blocks.popleft()) if self._blocks else None

    def drain(self) -> Pcm:
        """Return all blocks not yet taken, and the samples that the resampler held back."""
        left = self._sound.feed(b"".join(self._blocks))
        self._blocks.clear()
        return np.concatenate([left, self._sound.finish()])

    # PortAudio's own thread calls these two: they hand over and do nothing else.

    def _on_block(self, block: Any, _frames: int, _times: Any, _status: Any) -> None:
        self.cpu_s = time.thread_time()
        self._newest = bytes(block)
        self._newest_at = self._loop.time()
        self._blocks.append(self._newest)
        if self.listener is None:
            while len(self._blocks) > self._most_blocks:
                self._blocks.popleft()
        self._tell()

    def _on_finished(self) -> None:
        self._lost = True
        self._tell()

    def _tell(self) -> None:
        if (listener := self.listener) is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and so will the stream
                self._loop.call_soon_threadsafe(listener)


def stalled() -> MicrophoneError:
    """Return the error for a microphone that is open and delivers nothing."""
    return MicrophoneError(
        _("The microphone delivers nothing"),
        _("Look into the sound settings: is it suspended, or used by another program?"),
    )
