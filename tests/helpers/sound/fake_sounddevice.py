"""A `sounddevice` and `rtmixer` whose devices take only the formats that a test names.

It behaves as PortAudio does: streams are refused for a rate or a number of channels that the
device does not have, and devices that are plugged in appear only after initialising anew.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest


class PortAudioError(Exception):
    """An error of PortAudio."""


@dataclass
class Hardware:
    """One device: the rates and numbers of channels it takes, for input or output."""

    name: str
    kind: str = "input"
    rates_hz: tuple[int, ...] = (48_000,)
    channels: tuple[int, ...] = (2,)
    hostapi: int = 0


@dataclass(eq=False)
class Stream:
    """An opened stream; a test plays the device by calling `callback` and `finished_callback`."""

    options: dict[str, Any]
    running: bool = False
    closed: bool = False
    latency: float = 0.05

    def __getattr__(self, name: str) -> Any:
        return self.options[name]

    def start(self) -> None:
        self.running = True

    def abort(self) -> None:
        self.running = False

    def close(self) -> None:
        self.closed = True


class Ring:
    """Samples that a program writes and the device reads: float32, of all channels in turn."""

    def __init__(self, elementsize: int, size: int) -> None:
        self.channels, self._size = elementsize // 4, size
        self._samples = np.empty(0, np.float32)

    @property
    def read_available(self) -> int:
        return len(self._samples) // self.channels

    def write(self, samples: Any) -> int:
        assert samples.dtype == np.float32
        room = (self._size - self.read_available) * self.channels
        self._samples = np.concatenate([self._samples, samples[:room]])
        return len(samples[:room]) // self.channels

    def read(self, frames: int) -> Any:
        read, self._samples = np.split(
            self._samples, [min(frames, self.read_available) * self.channels]
        )
        return read.reshape(-1, self.channels)


@dataclass(eq=False)
class Mixer(Stream):
    """A stream for output; a test plays the device by calling `fetch`."""

    samplesize: int = 4
    actions: dict[Any, Any] = field(default_factory=dict)

    def play_ringbuffer(self, ring: Ring) -> Any:
        action = _Action(ring, SimpleNamespace(blocks=0, output_underflows=0))
        self.actions[action] = None
        return action

    def fetch(self, frames: int, *, late: bool = False) -> Any:
        """Return one block, as the device plays it: shape (frames, channels)."""
        block = np.zeros((frames, self.channels), np.float32)
        for action in list(self.actions):
            action.stats.blocks += 1
            action.stats.output_underflows += late
            read = action.ring.read(frames)
            block[: len(read)] += read
            if len(read) < frames:
                del self.actions[action]
        return block


@dataclass(eq=False)
class _Action:
    ring: Ring
    stats: Any


@dataclass
class FakeSounddevice:
    """The module. `hardware` is what is plugged in, the first of a kind is the default."""

    hardware: list[Hardware] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.PortAudioError = PortAudioError
        self._known: list[Hardware] = []
        self._initialize()

    @property
    def default(self) -> Any:
        numbers = {
            kind: next((i for i, known in enumerate(self._known) if known.kind == kind), -1)
            for kind in ("input", "output")
        }
        default = ModuleType("default")
        default.device = numbers
        return default

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {
                "name": known.name,
                "index": index,
                "hostapi": known.hostapi,
                "default_samplerate": float(known.rates_hz[-1]),
                "max_input_channels": max(known.channels) if known.kind == "input" else 0,
                "max_output_channels": max(known.channels) if known.kind == "output" else 0,
            }
            for index, known in enumerate(self._known)
        ]

    def RawInputStream(self, **options: Any) -> Stream:  # noqa: N802
        return self._opened(Stream(options))

    def Mixer(self, **options: Any) -> Mixer:  # noqa: N802
        return self._opened(Mixer(options))

    RingBuffer = Ring

    def _opened(self, stream: Any) -> Any:
        options = stream.options
        device = self._known[options["device"]]
        if device not in self.hardware:
            raise PortAudioError("Error opening Stream: Device unavailable [PaErrorCode -9985]")
        if options["samplerate"] not in device.rates_hz:
            raise PortAudioError("Error opening Stream: Invalid sample rate [PaErrorCode -9997]")
        if options["channels"] not in device.channels:
            raise PortAudioError("Error opening Stream: Invalid number of channels [PaErrorCode]")
        self.streams.append(stream)
        return stream

    def _initialize(self) -> None:
        assert all(stream.closed for stream in self.streams), "this would have ended a stream"
        self._known = list(self.hardware)

    def _terminate(self) -> None:
        pass


@pytest.fixture
def plugged(monkeypatch):
    """Plug in some hardware: `plugged(Hardware(...), ...)`."""
    monkeypatch.setenv("PATH", "")  # no sound server that knows more

    def plug(*hardware: Hardware) -> FakeSounddevice:
        fake = FakeSounddevice(list(hardware))
        monkeypatch.setitem(sys.modules, "sounddevice", fake)
        monkeypatch.setitem(sys.modules, "rtmixer", fake)
        return fake

    return plug
