"""Makes what other programs play quieter, and as loud as before again, through `pactl`.

The sound server writes down the volume of each program's stream, for its next one. So a program
that ends while it is quiet would begin quietly the next time: then its volume is written down anew.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.sound import sound_server
from voice_assistant.system import paths
from voice_assistant.system.child_environment import child_environment
from voice_assistant.system.kept_list import KeptList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

DUCKED = 10 ** (-20 / 60)
"""20 dB quieter, as other programs do it; PulseAudio's volumes are the cube roots of loudness."""

FULL = 65536
"""PulseAudio's number for 100 %."""

SAME = FULL // 100
"""PipeWire keeps volumes as fractions: they come back a little different."""

LEFT_ALONE = {"phone", "a11y"}
"""Roles of streams that stay as loud as they are: somebody at the telephone, a screen reader."""

_READER = "speech-dispatcher"
"""The names of the streams of a screen reader's voices begin so."""

LOOKS, LOOK_S = 20, 0.05
"""How often, and at which distance, our own silent stream is looked for."""

_KEPT_AS = "module-stream-restore.id"
"""The property with the name under which PulseAudio keeps the volume for the next stream."""

_KEPT_BY = (_KEPT_AS, "media.role", "application.id", "application.name", "media.name")
"""The properties by which PulseAudio or WirePlumber (`restore-stream.lua`) finds that volume."""


class DuckedStream(msgspec.Struct, frozen=True):
    """A stream that was made quieter.

    Attributes:
        index: its number on the sound server; another server may give it to another stream.
        program: the name of its program.
        kept_as: the name under which the server keeps its volume, "" if it does not.
        before: the volume of each channel before.
        after: the volume that was set.
        kept_by: what tells the server which volume it keeps, see `_KEPT_BY`.
    """

    index: int
    program: str
    kept_as: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    kept_by: dict[str, str] = {}


class OtherStreams:
    """The streams that other programs play on the loudspeaker of the assistant.

    Args:
        speaker: returns a part of the loudspeaker's name, "" for the system's choice.
    """

    def __init__(self, speaker: Callable[[], str]) -> None:
        self._speaker = speaker
        self._ducked = KeptList(paths.state_dir() / "ducked-streams.json", DuckedStream)
        self._one_at_a_time = threading.Lock()  # a thread outlives the task that waits for it

    @property
    def owed(self) -> bool:
        """Return whether a stream was made quieter, and is to be as loud as before again."""
        return bool(self._ducked.read())

    async def hush(self) -> None:
        """Make quieter what is played."""
        await asyncio.to_thread(self._duck)

    async def give_back(self, *, left_over: bool = False) -> None:  # noqa: ARG002  (volumes: always)
        """Make it as loud as before, unless somebody else has changed the volume meanwhile."""
        await asyncio.to_thread(self._restore)

    def _duck(self) -> None:
        with self._one_at_a_time:
            before = self._ducked.read()
            quiet = {one.index for one in before}
            new = [one for one in _loud(self._speaker()) if one.index not in quiet]
            if new:
                self._ducked.write([*before, *new])  # first: this process may be killed
                for one in new:
                    _set_volume(one.index, one.after)

    def _restore(self) -> None:
        with self._one_at_a_time:
            ducked = self._ducked.read()
            streams = _streams() if ducked else None
            if streams is None:
                return
            for one in ducked:
                _restore(one, streams)
            self._ducked.write([])


def _streams() -> list[dict[str, Any]] | None:
    """Return the streams of all programs; None without a sound server."""
    found: list[dict[str, Any]] | None = sound_server.ask("list", "sink-inputs")
    return found


def _loud(speaker: str) -> Iterable[DuckedStream]:
    """Yield the streams of other programs that can be heard on a loudspeaker."""
    streams = [one for one in _streams() or [] if not one["corked"] and _is_ducked(one)]
    sink = sound_server.sink_index(speaker) if streams else None
    for stream in streams:
        if stream["sink"] == sink:
            before = _volumes(stream)
            after = tuple(round(DUCKED * volume) for volume in before)
            properties = stream["properties"]
            kept_by = {name: properties[name] for name in _KEPT_BY if name in properties}
            kept_as = kept_by.get(_KEPT_AS, "")
            yield DuckedStream(stream["index"], _program(stream), kept_as, before, after, kept_by)


def _is_ducked(stream: dict[str, Any]) -> bool:
    """Return whether a stream is a program's, but not ours, and may become quieter."""
    properties = stream["properties"]
    return (
        _process(stream) not in {None, str(os.getpid())}  # the server's own ones have none
        and properties.get("media.role") not in LEFT_ALONE
        and not _program(stream).startswith(_READER)
    )


def _program(stream: dict[str, Any]) -> str:
    return str(stream["properties"].get("application.name", ""))


def _process(stream: dict[str, Any]) -> str | None:
    process: str | None = stream["properties"].get("application.process.id")
    return process


def _volumes(stream: dict[str, Any]) -> tuple[int, ...]:
    return tuple(channel["value"] for channel in stream["volume"].values())


def _restore(ducked: DuckedStream, streams: Iterable[dict[str, Any]]) -> None:
    """Set the volume of one stream, or of the one that has taken its place."""
    heirs = [
        stream
        for stream in streams
        if (ducked.kept_as and stream["properties"].get(_KEPT_AS) == ducked.kept_as)
        or (stream["index"] == ducked.index and _program(stream) == ducked.program)
    ]
    for heir in heirs:
        now = _volumes(heir)
        if len(now) == len(ducked.after) and all(
            abs(one - other) <= SAME for one, other in zip(now, ducked.after, strict=True)
        ):
            _set_volume(heir["index"], ducked.before)
    if not heirs and ducked.kept_as:
        _keep_volume(ducked)


def _set_volume(index: int, volumes: Iterable[int]) -> None:
    """Set the volume of each channel of a stream; no effect if the stream has just ended."""
    sound_server.tell("set-sink-input-volume", str(index), *map(str, volumes))


def _keep_volume(ducked: DuckedStream) -> None:
    """Let the sound server keep the volume of a program that plays nothing now.

    It keeps what is set on a stream of that name: a silent one takes the name for a moment.
    """
    names = [f"--property={name}={value}" for name, value in ducked.kept_by.items()]
    try:
        with subprocess.Popen(
            ["pacat", "--playback", "--raw", *names],
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as silent:
            try:
                for _ in range(LOOKS):
                    time.sleep(LOOK_S)
                    for stream in _streams() or []:
                        if _process(stream) == str(silent.pid):
                            _set_volume(stream["index"], [max(ducked.before)])
                            time.sleep(LOOK_S)  # WirePlumber hears of it a little later
                            return
            finally:
                silent.kill()
    except OSError as error:
        log.debug("the volume of %s is not kept: %s", ducked.program, error)
