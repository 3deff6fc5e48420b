"""Lists microphones and speakers, and chooses one by its name."""

from __future__ import annotations

import difflib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice_assistant.errors import DeviceError
from voice_assistant.sound import portaudio, sound_server
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.sound.portaudio import Kind

log = logging.getLogger(__name__)

_meant: dict[tuple[Kind, str], Device] = {}
"""The sound server's device that a name meant last; the server's nodes keep their names. A search
takes longer than opening, and words would be lost meanwhile: so a search is made only if the device
is gone."""

MOST_CHANNELS = 32
"""The most channels that a microphone is opened with: PulseAudio's own limit.

PulseAudio mixes the channels of a source if a stream lacks one of them by name: a voice on one of
eight loses 18 dB, and opposite channels cancel each other. ALSA's plugin names the first eight
channels of a stream after places in a room ("front-left" and so on), and the others "aux0", "aux1"
and so on, as interfaces name their sockets. So a stream of 32 channels has those of every usual
source, and follows the system's choice from one source to another. Channels that the source lacks
are zeros, copies or mixtures, of which `ChannelChoice` has no need.
"""
SERVED_CHANNELS = 8
"""As many are had of any other sound server: PipeWire, asked not to mix (`sound_server.UNMIXED`),
gives channels with the names of those eight places as they are, and the first eight sockets in
their order. In a stream with more channels, sockets go astray."""

# Names of ALSA devices whose real device a sound server chooses: best first.
_SERVED = ("pulse", "default", "pipewire")


@dataclass(frozen=True)
class Device:
    """A microphone or a speaker.

    Attributes:
        name: the device's name; any part of it, in small letters or large, chooses the device.
        kind: "input" or "output".
        default: whether the device is the system's choice.
        rate_hz: the device's own rate.
        channels: the most channels that the device can be opened with.
        index: PortAudio's number of the device, or of the sound server that has the device.
        node: the sound server's own name of the device, "" if no sound server has it.
    """

    name: str
    kind: Kind
    default: bool
    rate_hz: int
    channels: int
    index: int
    node: str = ""


def devices() -> list[Device]:
    """Return all present microphones, then all speakers. Blocks for some ten milliseconds.

    Raises:
        DeviceError: the sound system cannot be used.
    """
    return portaudio.wait("output", _devices)


def choose(known: Sequence[Device], kind: Kind, wanted: str) -> Device:
    """Return the device that `wanted` means: a part of its name, or "" for the system's choice.

    Raises:
        MicrophoneError: there is no such device, or no device at all; `kind` is "input".
        SpeakerError: the same for "output".
    """
    candidates = [device for device in known if device.kind == kind]
    if not candidates:
        raise portaudio.error_for(kind)(
            _("No microphone was found") if kind == "input" else _("No speaker was found"),
            _("Connect one; `voice-assistant devices` lists what there is."),
        )
    matching = [
        device
        for device in candidates
        if wanted.casefold() in (device.name.casefold() + "\n" + device.node.casefold())
    ]
    if not matching:
        names = [device.name for device in candidates]
        close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
        raise portaudio.error_for(kind)(
            _('There is no microphone "{wanted}"', wanted=wanted)
            if kind == "input"
            else _('There is no speaker "{wanted}"', wanted=wanted),
            _('Did you mean "{close}"?', close=close[0])
            if close
            else _("There is: {names}.", names=", ".join(names)),
        )
    # Prefer the complete name to a part of it, and the system's choice to other devices.
    return min(
        matching,
        key=lambda device: (device.name.casefold() != wanted.casefold(), not device.default),
    )


def available(kind: Kind, wanted: str) -> Device:
    """Refresh the list of devices, and return the one that `wanted` means.

    Call this on PortAudio's thread.

    Raises:
        MicrophoneError: there is no such device, or no device at all; `kind` is "input".
        SpeakerError: the same for "output".
    """
    portaudio.refresh(kind)
    device = choose(_known(kind), kind, wanted)
    if wanted and device.node:
        _meant[kind, wanted] = device
    return device


def open_stream(
    kind: Kind,
    wanted: str,
    rate_hz: int,
    *,
    block_s: float,
    latency: float | str,
    finished: Callable[[], None],
    callback: Callable[..., None] | None = None,
    label: str = "",
) -> Any:
    """Return a stream to the device that `wanted` means, not yet started.

    Call this on PortAudio's thread. If the device refuses `rate_hz`, the stream has its own rate.
    `label`: see `sound_server.recorded`. Other arguments: see `portaudio.open_stream`.

    Raises:
        MicrophoneError: there is no such device, or it cannot be opened; `kind` is "input".
        SpeakerError: the same for "output".
    """

    def opened(device: Device) -> Any:
        channels = [_most_channels(device), 1] if kind == "input" else [min(2, device.channels)]
        variable = "PULSE_SOURCE" if kind == "input" else "PULSE_SINK"
        with sound_server.labelled(label, variable, device.node):
            return portaudio.open_stream(
                kind,
                device.index,
                (rate_hz, device.rate_hz),
                [*channels, device.channels],
                block_s=block_s,
                latency=latency,
                finished=finished,
                callback=callback,
            )

    known = _meant.pop((kind, wanted), None) if wanted else _served_default(kind)
    if known:
        try:
            stream = opened(known)
        except DeviceError as error:
            log.debug("%s: looking for devices again", error)
        else:
            if wanted:
                _meant[kind, wanted] = known
            return stream
    return opened(available(kind, wanted))


def _most_channels(microphone: Device) -> int:
    """Return with how many channels none of the microphone's is mixed away."""
    served = bool(microphone.node) or microphone.name in _SERVED
    most = SERVED_CHANNELS if served and not sound_server.is_pulseaudio() else MOST_CHANNELS
    return min(most, microphone.channels)


def _served_default(kind: Kind) -> Device | None:
    """Return a device that follows the system's choice by itself: no search is needed then."""
    default = next((device for device in _portaudio_devices(kind) if device.default), None)
    return default if default and default.name in _SERVED else None


def _devices() -> list[Device]:
    portaudio.refresh("output")
    return _known("input") + _known("output")


def _known(kind: Kind) -> list[Device]:
    own = _portaudio_devices(kind)
    served = min(
        (device for device in own if device.name in _SERVED),
        key=lambda device: _SERVED.index(device.name),
        default=None,
    )
    nodes = sound_server.sources() if kind == "input" else sound_server.sinks()
    if served is None or nodes is None:
        return own
    return [
        Device(
            name=node.description,
            kind=kind,
            default=node.default,
            rate_hz=node.rate_hz,
            channels=served.channels,
            index=served.index,
            node=node.name,
        )
        for node in nodes
    ]


def _portaudio_devices(kind: Kind) -> list[Device]:
    """Return the devices of the system's main sound interface: Windows lists each under several."""
    sounddevice = portaudio.library(kind)
    listed = list(sounddevice.query_devices())
    default = sounddevice.default.device[kind]
    if not 0 <= default < len(listed):
        return []
    return [
        Device(
            name=device["name"],
            kind=kind,
            default=device["index"] == default,
            rate_hz=int(device["default_samplerate"]),
            channels=device[f"max_{kind}_channels"],
            index=device["index"],
        )
        for device in listed
        if device["hostapi"] == listed[default]["hostapi"] and device[f"max_{kind}_channels"]
    ]
