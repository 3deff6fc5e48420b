"""Carries sound from a buffer to a device, through a ring that the device's own thread empties.

That thread runs no Python. A thread that runs Python waits for the interpreter's lock at each
block: up to 90 ms beside two busy threads, and the device underran every few seconds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.sound import devices, portaudio, sound_server

if TYPE_CHECKING:
    from voice_assistant.audio.playback import PlaybackBuffer
    from voice_assistant.audio.played_sound import PlayedSound

RATE_HZ = 48_000
"""The rate of most devices; other devices are opened at their own rate."""
BLOCK_S = 0.02
LATENCY_S = 0.1
"""Measured: no underrun beside two busy threads and two busy programs; none with 0.05 either."""
PRIMING_S = 0.25
"""Seconds of sound that must be there when a device starts. The device fetches 0.1 s at once. With
0.12 s, and sound that came in pieces of 32 ms, the next piece was too late beside two busy threads
and three busy programs."""
IN_RING_S = 0.6
"""Seconds of sound that lie ready for the device while the program does something else. Beside two
busy threads and three busy programs on two cores the program was late by up to 0.33 s."""
WAKING_S = 0.15
"""A device that has just woken up plays up to this much later than PortAudio says. Without this the
last 60 ms of a sound were cut (PulseAudio 16, a null sink)."""
STALLED_S = 1.0
"""A device that fetches nothing for this many seconds counts as lost."""


class Output:
    """One stream that plays a buffer, from its opening until it is closed or lost.

    Args:
        buffer: the buffer to play.
        played: is told what the device plays; None: nobody wants to know.

    Attributes:
        buffer: the buffer that is played: the given one, or its rest at the device's rate.
    """

    def __init__(self, buffer: PlaybackBuffer, played: PlayedSound | None = None) -> None:
        self.buffer = buffer
        self._played = played
        self._stream: Any = None
        self._ring: Any = None
        self._fetching: Any = None  # rtmixer's action, which ends when the ring is empty
        self._fetched = 0  # blocks
        self._earlier_gaps = 0
        self._delay_s = BLOCK_S
        self._finished = False
        self._opened_at_s = 0.0

    def open(self, wanted: str, wake_s: float = 0.0) -> None:
        """Open the device and begin to play. Call this on PortAudio's thread.

        Args:
            wanted: a part of the device's name, "" for the system's default.
            wake_s: seconds of silence before the first sample if the device is asleep.

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
        self.refill()  # the device begins with this sound
        self._delay_s = self._stream.latency + (WAKING_S if lead_s else 0.0)
        portaudio.start("output", self._stream)

    def close(self) -> None:
        """Close the stream; its sound ends at once. Call this on PortAudio's thread."""
        if self._stream is not None:
            portaudio.close(self._stream)

    def refill(self) -> None:
        """Fill the ring until the next call, and note whether the device has fetched."""
        now_s, waiting_s = time.monotonic(), self._ring.read_available / self.buffer.rate_hz
        fetched = self._fetching.stats.blocks if self._fetching else 0
        # While there is nothing to fetch, a lost device looks the same as a working one.
        if fetched > self._fetched or not self._fetches:
            self.buffer.alive_at_s = now_s
        self._fetched = fetched
        if self._fetches and waiting_s > IN_RING_S / 2:
            return  # small refills cost as much as large ones
        count = round((IN_RING_S - waiting_s) * self.buffer.rate_hz)
        empty_at_s = now_s + waiting_s
        samples = self.buffer.take(count, empty_at_s, empty_at_s + self._delay_s)
        if self._played:
            begins_s = self.buffer.heard_until_s - len(samples) / self.buffer.rate_hz
            self._played.note(samples, self.buffer.rate_hz, begins_s)
        self._ring.write(np.repeat(samples, self._stream.channels))
        if not self._fetches and self._ring.read_available:
            self._earlier_gaps = self.gaps + bool(self._fetching)
            self._fetching, self._fetched = self._stream.play_ringbuffer(self._ring), 0

    def change_volume(self) -> None:
        """Change the volume of the sound in the ring, in place."""
        count, *parts = self._ring.get_read_buffers(self._ring.read_available)
        sound = self.buffer.again(min(count, self.buffer.taken))  # the rest of the lead precedes it
        samples = np.repeat(np.pad(sound, (count - len(sound), 0)), self._stream.channels)
        for part in parts:
            ready = np.frombuffer(part, np.float32)
            ready[:], samples = samples[: len(ready)], samples[len(ready) :]

    @property
    def _fetches(self) -> bool:
        """Return whether the device is playing, and has not found the ring empty."""
        return self._fetching in self._stream.actions

    @property
    def gaps(self) -> int:
        """Return how often the device found no sound though more sound came later."""
        late = self._fetching.stats.output_underflows if self._fetching else 0
        return self._earlier_gaps + int(late)

    @property
    def lost(self) -> bool:
        """Return whether the device, or the sound server, has gone: PortAudio does not say so."""
        now_s = time.monotonic()
        still = now_s - self.buffer.alive_at_s > STALLED_S
        # A lost device may also fetch without end, and play nothing.
        racing = self.buffer.on_its_way_s(now_s) > IN_RING_S + self._delay_s + STALLED_S
        return self._finished or still or racing

    @property
    def lived_s(self) -> float:
        """Return for how many seconds the device has fetched sound."""
        return self.buffer.alive_at_s - self._opened_at_s

    def _on_finished(self) -> None:
        self._finished = True  # called on PortAudio's own thread
