"""The way from a buffer to a device: a ring which the device's own thread empties.

That thread runs no Python. Where it did, each block had to wait for the interpreter's lock: beside
two busy threads up to 90 ms, and a device underran every few seconds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.sound import devices, portaudio, sound_server

if TYPE_CHECKING:
    from voice_assistant.audio.playback import PlaybackBuffer

RATE_HZ = 48_000
"""The rate of most devices; others are opened at their own."""
BLOCK_S = 0.02
LATENCY_S = 0.1
"""No underrun beside two busy threads and two busy programs, and neither with 0.05."""
PRIMING_S = 0.25
"""How much there is to give when a device starts. It fetches 0.1 s at once; beside two busy threads
and three busy programs what followed 0.12 s came too late, where it came in pieces of 32 ms."""
IN_RING_S = 0.6
"""Seconds of sound that lie ready for the device while the program is busy with something else.
Beside two busy threads and three busy programs on two cores it was, for up to 0.33 s."""
STALLED_S = 1.0
"""A device that fetches nothing for this long counts as lost."""


class Output:
    """One stream that plays a buffer, from its opening until it is closed or lost.

    The device's thread fetches from a ring that is refilled here, in time: no Python runs there.

    Attributes:
        buffer: what is played: the one given, or what of it is left at the device's rate.
    """

    def __init__(self, buffer: PlaybackBuffer) -> None:
        self.buffer = buffer
        self._stream: Any = None
        self._ring: Any = None
        self._fetching: Any = None  # what the device does with the ring, until it finds it empty
        self._fetched = 0  # blocks
        self._earlier_gaps = 0
        self._delay_s = BLOCK_S
        self._finished = False
        self._opened_at_s = 0.0

    def open(self, wanted: str, wake_s: float = 0.0) -> None:
        """Begin to play. To be called on PortAudio's thread.

        Args:
            wanted: a part of the device's name, "" for the system's default.
            wake_s: seconds of silence before the first sample if the device sleeps.

        Raises:
            SpeakerError: there is no such device, or it cannot be opened.
        """
        lead_s = wake_s if wake_s and sound_server.sink_sleeps(wanted) else 0.0  # opening wakes it
        self._stream = devices.open_stream(
            "output",
            wanted,
            RATE_HZ,
            block_s=BLOCK_S,
            latency=LATENCY_S,
            finished=self._on_finished,
        )
        from rtmixer import RingBuffer  # noqa: PLC0415 - it needs PortAudio, which is there now

        now_s, rate_hz = time.monotonic(), int(self._stream.samplerate)
        if self.buffer.alive_at_s or self.buffer.rate_hz != rate_hz:
            self.buffer = self.buffer.moved_to(rate_hz, now_s)
        self._opened_at_s = self.buffer.alive_at_s = now_s
        frames = 1 << round(rate_hz * (IN_RING_S + lead_s)).bit_length()  # it wants a power of two
        self._ring = RingBuffer(self._stream.samplesize * self._stream.channels, frames)
        self._ring.write(np.zeros(round(rate_hz * lead_s) * self._stream.channels, np.float32))
        self.refill()  # what it has when it starts is heard at once
        self._delay_s = self._stream.latency
        portaudio.start("output", self._stream)

    def close(self) -> None:
        """Silence. To be called on PortAudio's thread."""
        if self._stream is not None:
            portaudio.close(self._stream)

    def refill(self) -> None:
        """Give the device what it may fetch until this is called again, and see what it did."""
        now_s, waiting_s = time.monotonic(), self._ring.read_available / self.buffer.rate_hz
        fetched = self._fetching.stats.blocks if self._fetching else 0
        # Whether it would fetch if there were anything is not known.
        if fetched > self._fetched or not self._fetches:
            self.buffer.alive_at_s = now_s
        self._fetched = fetched
        if self._fetches and waiting_s > IN_RING_S / 2:
            return  # a little each time would cost the same each time
        count = round((IN_RING_S - waiting_s) * self.buffer.rate_hz)
        empty_at_s = now_s + waiting_s
        samples = self.buffer.take(count, empty_at_s, empty_at_s + self._delay_s)
        self._ring.write(np.repeat(samples, self._stream.channels))
        if not self._fetches and self._ring.read_available:
            self._earlier_gaps = self.gaps + bool(self._fetching)
            self._fetching, self._fetched = self._stream.play_ringbuffer(self._ring), 0

    def change_volume(self) -> None:
        """Let what lies ready for the device be as loud as what follows: changed where it lies."""
        count, *parts = self._ring.get_read_buffers(self._ring.read_available)
        sound = self.buffer.again(min(count, self.buffer.taken))  # the rest of the lead precedes it
        samples = np.repeat(np.pad(sound, (count - len(sound), 0)), self._stream.channels)
        for part in parts:
            ready = np.frombuffer(part, np.float32)
            ready[:], samples = samples[: len(ready)], samples[len(ready) :]

    @property
    def _fetches(self) -> bool:
        """It has not found the ring empty yet."""
        return self._fetching in self._stream.actions

    @property
    def gaps(self) -> int:
        """How often more came after the device had found nothing, or it was served too late."""
        late = self._fetching.stats.output_underflows if self._fetching else 0
        return self._earlier_gaps + int(late)

    @property
    def lost(self) -> bool:
        """The device, or the whole sound server, has gone: PortAudio says nothing of it."""
        now_s = time.monotonic()
        still = now_s - self.buffer.alive_at_s > STALLED_S
        # It may also fetch without end, and play nothing.
        racing = self.buffer.on_its_way_s(now_s) > IN_RING_S + self._delay_s + STALLED_S
        return self._finished or still or racing

    @property
    def lived_s(self) -> float:
        """Seconds for which the device has fetched sound."""
        return self.buffer.alive_at_s - self._opened_at_s

    def _on_finished(self) -> None:
        self._finished = True  # called on PortAudio's own thread
