"""PortAudio, of which there is one per process.

Its calls must not overlap, may take a while (a Bluetooth headset) and may hang with the sound
server. So all of them happen on one thread of their own, one after the other; in particular, a
`close` that is asked for during an `open` comes after it, and nothing stays open unseen.
"""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, TypeVarTuple, cast

from voice_assistant.errors import DeviceError, MicrophoneError, SpeakerError
from voice_assistant.sound.portaudio_thread import PortAudioThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from types import ModuleType

Kind = Literal["input", "output"]
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

PATIENCE_S = 5.0
"""How long a call may take before the sound system is taken to hang."""

_thread = PortAudioThread()
_open_streams: set[Any] = set()


def submit(function: Callable[[*Ts], T], *args: *Ts) -> Future[T]:
    """Have `function` called on PortAudio's thread, after all that was asked for before."""
    return _thread.submit(function, *args)


def busy_s() -> float:
    """Seconds for which PortAudio has been busy with the present call; 0.0 where there is none."""
    return _thread.busy_s


def wait(kind: Kind, function: Callable[[*Ts], T], *args: *Ts) -> T:
    """The result of `function`, called on PortAudio's thread. Blocks until then.

    Raises:
        MicrophoneError: the sound system hangs, and it was about input.
        SpeakerError: the same for output.
    """
    try:
        return submit(function, *args).result(PATIENCE_S)
    except TimeoutError as error:
        raise _hanging(kind) from error


async def call(
    kind: Kind, function: Callable[[*Ts], T], *args: *Ts, patience_s: float = PATIENCE_S
) -> T:
    """As `wait`, without blocking. Cancelling does not undo the call.

    Raises:
        MicrophoneError: the sound system hangs, and it was about input.
        SpeakerError: the same for output.
    """
    future = asyncio.wrap_future(submit(function, *args))
    future.add_done_callback(_take_note)
    try:
        async with asyncio.timeout(patience_s):
            return await asyncio.shield(future)
    except TimeoutError as error:
        raise _hanging(kind) from error


def error_for(kind: Kind) -> type[DeviceError]:
    """The class of error for this direction."""
    return MicrophoneError if kind == "input" else SpeakerError


def library(kind: Kind) -> ModuleType:
    """The `sounddevice` module, imported when it is first needed: its import looks for devices.

    Raises:
        MicrophoneError: PortAudio is not installed, or fails; `kind` is "input".
        SpeakerError: the same for "output".
    """
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise error_for(kind)(
            "PortAudio is not installed",
            "Install libportaudio2 (Debian, Ubuntu) or portaudio (Fedora, Arch, Homebrew).",
        ) from error
    except Exception as error:  # its own class of error cannot be had while the import fails
        raise error_for(kind)(
            "The sound system cannot be used", f"Check its configuration (ALSA): {_reason(error)}."
        ) from error
    return cast("ModuleType", sounddevice)


def refresh(kind: Kind) -> None:
    """Look for devices anew, which PortAudio does only when it is initialised.

    While a stream is open nothing is done, for that would be the end of it.

    Raises:
        MicrophoneError: the sound system fails; `kind` is "input".
        SpeakerError: the same for "output".
    """
    sounddevice = library(kind)
    if _open_streams:
        return
    try:
        # There are no public functions for this.
        sounddevice._terminate()  # noqa: SLF001
        sounddevice._initialize()  # noqa: SLF001
    except sounddevice.PortAudioError as error:
        raise error_for(kind)("The sound system cannot be used", _reason(error)) from error


def open_stream(
    kind: Kind,
    index: int,
    rates_hz: Sequence[int],
    channels: Sequence[int],
    *,
    block_s: float,
    latency: float | str,
    finished: Callable[[], None],
    callback: Callable[..., None] | None = None,
) -> Any:
    """A stream, not yet started, with the first rate and number of channels the device takes.

    One for output is a `rtmixer.Mixer`: what it plays is fetched without Python, whose one lock may
    be held elsewhere for longer than a device can wait.

    Args:
        kind: the direction.
        index: PortAudio's number of the device.
        rates_hz: rates to try, best first.
        channels: numbers of channels to try, best first.
        block_s: seconds a block.
        latency: what PortAudio is asked for: seconds, "low" or "high".
        finished: called on PortAudio's own thread when the stream ends, be it that the device is
            gone.
        callback: called there with each block of input, see `sounddevice.RawInputStream`.

    Raises:
        MicrophoneError: it cannot be opened; `kind` is "input".
        SpeakerError: the same for "output".
    """
    sounddevice = library(kind)
    opener: Callable[..., Any]
    if kind == "input":
        opener = partial(sounddevice.RawInputStream, dtype="int16", callback=callback)
    else:
        from rtmixer import Mixer  # noqa: PLC0415 - imports sounddevice, see `library`

        opener = Mixer
    first_error: Exception | None = None
    for rate_hz, count in itertools.product(dict.fromkeys(rates_hz), dict.fromkeys(channels)):
        try:
            stream = opener(
                samplerate=rate_hz,
                blocksize=int(rate_hz * block_s),
                device=index,
                channels=count,
                latency=latency,
                finished_callback=finished,
            )
        except sounddevice.PortAudioError as error:
            first_error = first_error or error
        else:
            _open_streams.add(stream)
            return stream
    raise _cannot_open(kind, first_error) from first_error


def start(kind: Kind, stream: Any) -> None:
    """Let a stream run.

    Raises:
        MicrophoneError: it does not; `kind` is "input".
        SpeakerError: the same for "output".
    """
    try:
        stream.start()
    except library(kind).PortAudioError as error:
        close(stream)
        raise _cannot_open(kind, error) from error


def close(stream: Any) -> None:
    """End a stream at once: what the device has not sounded yet is not heard any more.

    Harmless where it has been closed already.
    """
    if stream in _open_streams:
        _open_streams.discard(stream)
        stream.close()  # unlike stop(), discards what is pending; never raises


def _take_note(future: asyncio.Future[Any]) -> None:
    """Look at the result: asyncio complains of an error that nobody waits for any more."""
    if not future.cancelled():
        future.exception()


def _hanging(kind: Kind) -> DeviceError:
    return error_for(kind)(
        "The sound system does not answer", "Restart the sound server, or log in again."
    )


def _cannot_open(kind: Kind, error: Exception | None) -> DeviceError:
    what = "microphone" if kind == "input" else "speaker"
    return error_for(kind)(
        f"The {what} cannot be opened: {_reason(error)}",
        "Does another program use it? `voice-assistant devices` lists what there is.",
    )


def _reason(error: Exception | None) -> str:
    """PortAudio's words without its numbers: "Error opening Stream: Invalid device [...]"."""
    return str(error).partition(" [")[0].rpartition(": ")[2].strip("'\" ") or "unknown error"
