"""Calls PortAudio, which exists once per process.

PortAudio's calls must not overlap, may take a while (a Bluetooth headset) and may hang with the
sound server. So all calls happen on one separate thread, one after the other; in particular, a
`close` that is requested during an `open` comes after it, and no stream stays open unseen.
"""

from __future__ import annotations

import asyncio
import atexit
import itertools
import sys
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, TypeVarTuple, cast

from voice_assistant.errors import DeviceError, MicrophoneError, SpeakerError
from voice_assistant.sound import alsa
from voice_assistant.sound.portaudio_thread import PortAudioThread
from voice_assistant.sound.unused_stack import unused_stacks
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from types import ModuleType

Kind = Literal["input", "output"]
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

PATIENCE_S = 5.0
"""Seconds after which a call, and the sound system, count as hanging."""

_thread = PortAudioThread()
_open_streams: set[Any] = set()


def submit(function: Callable[[*Ts], T], *args: *Ts) -> Future[T]:
    """Call `function` on PortAudio's thread, after all earlier calls; return its future."""
    return _thread.submit(function, *args)


def busy_s() -> float:
    """Return the seconds that PortAudio's present call has taken so far; 0.0 without a call."""
    return _thread.busy_s


def wait(kind: Kind, function: Callable[[*Ts], T], *args: *Ts) -> T:
    """Call `function` on PortAudio's thread, and return its result. Blocks until then.

    Raises:
        MicrophoneError: the sound system hangs; the call was about input.
        SpeakerError: the same for output.
    """
    try:
        return submit(function, *args).result(PATIENCE_S)
    except TimeoutError as error:
        raise _hanging(kind) from error


async def call(
    kind: Kind, function: Callable[[*Ts], T], *args: *Ts, patience_s: float = PATIENCE_S
) -> T:
    """Do the same as `wait`, without blocking. Cancelling does not undo the call.

    Raises:
        MicrophoneError: the sound system hangs; the call was about input.
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
    """Return the class of error for this direction."""
    return MicrophoneError if kind == "input" else SpeakerError


def library(kind: Kind) -> ModuleType:
    """Return the `sounddevice` module; the first call imports it: the import looks for devices.

    Raises:
        MicrophoneError: PortAudio is not installed, or fails; `kind` is "input".
        SpeakerError: the same for "output".
    """
    if "sounddevice" not in sys.modules:
        _check_configuration(kind)
    try:
        import sounddevice  # noqa: PLC0415
    except OSError as error:
        raise error_for(kind)(
            _("PortAudio is not installed"),
            _("Install libportaudio2 (Debian, Ubuntu) or portaudio (Fedora, Arch, Homebrew)."),
        ) from error
    except Exception as error:  # its own class of error cannot be had while the import fails
        raise error_for(kind)(
            _("The sound system cannot be used"),
            _("Check its configuration (ALSA): {reason}.", reason=_reason(error)),
        ) from error
    _settle_at_exit()
    return cast("ModuleType", sounddevice)


def _check_configuration(kind: Kind) -> None:
    if not alsa.has_default():
        raise error_for(kind)(
            _("The sound system cannot be used"),
            _(
                "Check its configuration (ALSA): {reason}.",
                reason=_("it has no default device; libasound2-data or alsa-lib brings one"),
            ),
        )


@cache
def _settle_at_exit() -> None:
    """Let the calls come to their end before `sounddevice` ends PortAudio, at the program's exit.

    PortAudio crashes if it is ended while a stream is being closed. A handler that is registered
    after another one runs before it. PortAudio that hangs is left to the system.
    """

    def settle() -> None:
        try:
            submit(bool).result(PATIENCE_S)
        except TimeoutError:
            atexit.unregister(sys.modules["sounddevice"]._exit_handler)  # noqa: SLF001

    atexit.register(settle)


def refresh(kind: Kind) -> None:
    """Refresh the list of devices, which PortAudio makes only when it is initialised.

    While a stream is open, this does nothing: a refresh would end the stream.

    Raises:
        MicrophoneError: the sound system fails; `kind` is "input".
        SpeakerError: the same for "output".
    """
    sounddevice = library(kind)
    if _open_streams:
        return
    _check_configuration(kind)
    try:
        # `sounddevice` has no public functions for this.
        sounddevice._terminate()  # noqa: SLF001
        sounddevice._initialize()  # noqa: SLF001
    except sounddevice.PortAudioError as error:
        raise error_for(kind)(_("The sound system cannot be used"), _reason(error)) from error


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
    """Return a stream, not yet started, with the first rate and channels that the device takes.

    A stream for output is a `rtmixer.Mixer`: it fetches its samples without Python, whose one lock
    may be held elsewhere for longer than a device can wait.

    Args:
        kind: the direction.
        index: PortAudio's number of the device.
        rates_hz: rates to try, best first.
        channels: numbers of channels to try, best first.
        block_s: seconds of a block.
        latency: the latency that PortAudio is asked for: seconds, "low" or "high".
        finished: called on PortAudio's own thread when the stream ends, also if its device is gone.
        callback: called on the same thread with each block of input, see
            `sounddevice.RawInputStream`.

    Raises:
        MicrophoneError: the device cannot be opened; `kind` is "input".
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
    """Start a stream.

    Raises:
        MicrophoneError: the stream does not start; `kind` is "input".
        SpeakerError: the same for "output".
    """
    try:
        with unused_stacks():
            stream.start()
    except library(kind).PortAudioError as error:
        close(stream)
        raise _cannot_open(kind, error) from error


def close(stream: Any) -> None:
    """End a stream at once: samples that the device has not played yet are lost.

    Closing a closed stream has no effect.
    """
    if stream in _open_streams:
        _open_streams.discard(stream)
        stream.close()  # unlike stop(), discards pending samples; never raises


def _take_note(future: asyncio.Future[Any]) -> None:
    """Read the future's error: asyncio complains of an error that is never read."""
    if not future.cancelled():
        future.exception()


def _hanging(kind: Kind) -> DeviceError:
    return error_for(kind)(
        _("The sound system does not answer"), _("Restart the sound server, or log in again.")
    )


def _cannot_open(kind: Kind, error: Exception | None) -> DeviceError:
    reason = _reason(error)
    return error_for(kind)(
        _("The microphone cannot be opened: {reason}", reason=reason)
        if kind == "input"
        else _("The speaker cannot be opened: {reason}", reason=reason),
        _("Does another program use it? `voice-assistant devices` lists what there is."),
    )


def _reason(error: Exception | None) -> str:
    """Return PortAudio's words without prefix and number: "Error opening Stream: X [1]" is "X"."""
    return str(error).partition(" [")[0].rpartition(": ")[2].strip("'\" ") or _("unknown error")
