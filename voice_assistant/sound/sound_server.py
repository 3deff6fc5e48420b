"""Asks the sound server (PulseAudio, PipeWire) about its devices, through its program `pactl`.

PortAudio sees one device, "default", behind which the sound server has all devices. If a microphone
is lost, the sound server replaces it by any source that is left, even by what the speaker plays.
Without `pactl` none of this is known, and PortAudio's own list is used.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.system.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TIMEOUT_S = 2.0
_CANCELLER = "echo-cancel"
"""A part of the canceller's link group with PipeWire, and of its driver's name with PulseAudio."""
LABEL = "voice_assistant.stream"
"""The property that holds the label of each of our streams."""
UNMIXED = "stream.dont-remix"
"""The property by which PipeWire gives each channel of a microphone as it is.

By itself it mixes them by their places, and makes zeros of sockets ("aux0" and so on)."""
UNMIXED_CHANNELS = {
    *("front-left", "front-right", "rear-left", "rear-right", "front-center", "lfe"),
    *("side-left", "side-right", "mono"),
    *(f"aux{number}" for number in range(8)),
}
"""The channels that a stream with `UNMIXED` has; it lacks all others."""

log = logging.getLogger(__name__)


class Node(NamedTuple):
    """A source or a sink.

    Attributes:
        name: its name for programs; it stays the same when the device is plugged in again.
        description: its name for people.
        rate_hz: its own rate.
        default: whether it is the system's choice.
        monitor: whether its samples are what a speaker plays.
        asleep: whether the sound server has suspended it: nothing used it for some seconds.
        cancels_echo: whether the sound server's canceller (module-echo-cancel) makes its sound.
        channels: the names of its channels.
    """

    name: str
    description: str
    rate_hz: int
    default: bool
    monitor: bool
    asleep: bool
    cancels_echo: bool
    channels: tuple[str, ...] = ()

    def bears(self, wanted: str) -> bool:
        """Return whether `wanted` is a part of one of its names."""
        return wanted.casefold() in f"{self.description}\n{self.name}".casefold()


def is_pulseaudio() -> bool:
    """Return whether PulseAudio itself is the sound server; False if it does not tell.

    Blocks for some 10 ms, until the answer is known.
    """
    try:
        return _server_name() == "pulseaudio"
    except LookupError:
        return False


@cache  # a session has one sound server
def _server_name() -> str:
    """Return how the sound server calls itself, such as "PulseAudio (on PipeWire 1.0.5)".

    Raises:
        LookupError: it does not tell.
    """
    return str((ask("info") or {})["server_name"])


def sources() -> list[Node] | None:
    """Return the microphones, without monitors of speakers; None without a sound server."""
    return _nodes("sources", "default_source_name")


def sinks() -> list[Node] | None:
    """Return the speakers; None without a sound server."""
    return _nodes("sinks", "default_sink_name")


def echo_is_cancelled(wanted: str) -> bool:
    """Return whether the sound server removes the speaker's sound from a microphone's.

    Blocks for some 20 ms.

    Args:
        wanted: a part of the microphone's name; "" for the system's choice.
    """
    found = (node for node in sources() or [] if (node.bears(wanted) if wanted else node.default))
    return any(node.cancels_echo for node in found)


def unheard_channels(wanted: str) -> tuple[str, ...]:
    """Return the names of a microphone's channels that no stream of ours has.

    PulseAudio gives all of them, any other sound server those of `UNMIXED_CHANNELS`. Blocks for
    some 20 ms.

    Args:
        wanted: a part of the microphone's name; "" for the system's choice.
    """
    if is_pulseaudio():
        return ()
    found = (node for node in sources() or [] if (node.bears(wanted) if wanted else node.default))
    return lacking(next((node.channels for node in found), ()))


def lacking(channels: Iterable[str]) -> tuple[str, ...]:
    """Return those of the channels that a stream with `UNMIXED` lacks."""
    return tuple(name for name in channels if name not in UNMIXED_CHANNELS)


def sink_sleeps(wanted: str) -> bool:
    """Return whether the speaker that `wanted` names is asleep. Blocks for some 5 ms.

    An answer waits for this, so the system's choice is asked for only where it matters: most
    machines have one speaker, or all of them are awake.

    Args:
        wanted: a part of its name; "" for the system's choice.
    """
    found = _listed("sinks", "") or []
    if wanted:
        return next((sink.asleep for sink in found if sink.bears(wanted)), False)
    if len({sink.asleep for sink in found}) > 1:
        found = [sink for sink in sinks() or [] if sink.default]
    return bool(found) and found[0].asleep


def sink_index(wanted: str) -> int | None:
    """Return the number of the speaker that `wanted` names; None if there is none.

    Blocks for some 20 ms.

    Args:
        wanted: a part of its name; "" for the system's choice.
    """
    info, listed = ask("info"), ask("list", "sinks")
    for sink in listed or []:
        node = _node(sink, (info or {}).get("default_sink_name", ""))
        if node.bears(wanted) if wanted else node.default:
            return int(sink["index"])
    return None


def recorded(label: str) -> tuple[Node, list[Node]] | None:
    """Return the source that a stream of this process records, and all microphones.

    Args:
        label: the stream's label, set by `labelled`. Some ways to the sound server do not pass it
            on: if no stream has the label, the newest stream of this process is meant.

    Returns:
        None if the sound server does not tell.
    """
    known = ask("list")
    if known is None:
        return None
    ours = [
        stream
        for stream in known["source_outputs"]
        if stream["properties"].get("application.process.id") == str(os.getpid())
    ]
    bearing = [stream for stream in ours if stream["properties"].get(LABEL) == label]
    stream = max(bearing or ours, key=lambda stream: int(stream["index"]), default=None)
    if stream is None:
        return None
    found = {source["index"]: _node(source, "") for source in known["sources"]}
    if stream["source"] not in found:
        return None
    return found[stream["source"]], [node for node in found.values() if not node.monitor]


@contextmanager
def labelled(label: str, variable: str, node: str) -> Iterator[None]:
    """Give `label`, and `node` if there is one, to each stream that is opened within this context.

    The libraries of the sound servers read both from the environment: PulseAudio's, and that of
    PipeWire, by which ALSA's plugin "pipewire" opens streams. The latter gives no process, either.
    A microphone's has `UNMIXED` too, which PulseAudio does not know.

    Args:
        label: see `recorded`.
        variable: "PULSE_SOURCE" or "PULSE_SINK".
        node: the name of a node, "" for the system's choice.
    """
    properties = {LABEL: label, "application.process.id": str(os.getpid())}
    if variable == "PULSE_SOURCE":
        properties[UNMIXED] = "true"
    wanted = {
        f"PULSE_PROP_{LABEL}": label,
        f"PULSE_PROP_{UNMIXED}": properties.get(UNMIXED, ""),
        variable: node,
        "PIPEWIRE_ALSA": json.dumps(properties),
        "PIPEWIRE_NODE": node,
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update({name: value for name, value in wanted.items() if value})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _nodes(what: str, default: str) -> list[Node] | None:
    info = ask("info")
    return None if info is None else _listed(what, info.get(default, ""))


def _listed(what: str, default: str) -> list[Node] | None:
    listed = ask("list", what)
    if listed is None:
        return None
    return [node for node in (_node(node, default) for node in listed) if not node.monitor]


def _node(listed: dict[str, Any], default: str) -> Node:
    properties = listed["properties"]
    group = properties.get("node.link-group")
    return Node(
        name=listed["name"],
        description=listed["description"],
        rate_hz=int(listed["sample_specification"].split()[-1].removesuffix("Hz")),
        default=listed["name"] == default,
        monitor=properties.get("device.class") == "monitor",
        asleep=listed.get("state") == "SUSPENDED",
        cancels_echo=_CANCELLER in f"{listed.get('driver')} {group}",
        channels=tuple(filter(None, listed.get("channel_map", "").split(","))),
    )


def ask(*arguments: str) -> Any:
    """Return what `pactl` tells, from its JSON; None if it does not. Blocks for some 10 ms."""
    try:
        answer = _pactl("--format=json", *arguments)
        return None if answer is None else json.loads(answer)
    except ValueError as error:
        log.debug("pactl %s: %s", " ".join(arguments), error)
        return None


def tell(*arguments: str) -> None:
    """Have `pactl` change something; what the sound server refuses is logged."""
    _pactl(*arguments)


def _pactl(*arguments: str) -> bytes | None:
    """Return the output of `pactl`; None if it fails, or is not installed."""
    program = shutil.which("pactl")
    if program is None:
        return None
    try:
        return subprocess.run(
            [program, *arguments],
            # In other languages it writes numbers with a comma, which is no JSON.
            env=child_environment(LC_ALL="C.UTF-8"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        log.debug("pactl %s: %s", " ".join(arguments), error)
        return None
