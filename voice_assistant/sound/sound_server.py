"""What only the sound server knows (PulseAudio, PipeWire), asked through its own `pactl`.

To PortAudio there is one device, "default", behind which the sound server hides all of them;
and a microphone that is lost it replaces by whatever is left, even by what the speaker plays.
Where `pactl` is missing nothing of this is known, and PortAudio's own list is what there is.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.system.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_S = 2.0
LABEL = "voice_assistant.stream"
"""A property of our streams, by which one of them is told from another."""

log = logging.getLogger(__name__)


class Node(NamedTuple):
    """A source or a sink.

    Attributes:
        name: the same whenever it is plugged in.
        description: what people are shown.
        rate_hz: the rate it works at.
        default: it is the system's choice.
        monitor: its samples are what a speaker plays.
        asleep: the sound server has suspended it, because nothing used it for some seconds.
    """

    name: str
    description: str
    rate_hz: int
    default: bool
    monitor: bool
    asleep: bool

    def bears(self, wanted: str) -> bool:
        """Whether `wanted` is a part of one of its names."""
        return wanted.casefold() in f"{self.description}\n{self.name}".casefold()


def sources() -> list[Node] | None:
    """The microphones; None where there is no sound server. Monitors of speakers are none."""
    return _nodes("sources", "default_source_name")


def sinks() -> list[Node] | None:
    """The speakers; None where there is no sound server."""
    return _nodes("sinks", "default_sink_name")


def sink_sleeps(wanted: str) -> bool:
    """Return whether the speaker that `wanted` names is asleep. Blocks for some 20 ms.

    Args:
        wanted: a part of its name; "" for the system's choice.
    """
    for sink in sinks() or []:
        if sink.bears(wanted) if wanted else sink.default:
            return sink.asleep
    return False


def recorded(label: str) -> tuple[Node, list[Node]] | None:
    """The source that a stream of this process records, and all microphones there are.

    Args:
        label: what the stream was given by `labelled`. Not every way to the sound server passes it
            on: where no stream bears it, the newest of this process is meant.

    Returns:
        None where it cannot be told.
    """
    known = _pactl("list")
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
    """Streams that are opened meanwhile bear `label`, and lead to `node` where that is given.

    The sound server's library reads both from the environment; they are set only while the stream
    is opened.

    Args:
        label: see `recorded`.
        variable: "PULSE_SOURCE" or "PULSE_SINK".
        node: the name of a node, "" for the system's choice.
    """
    wanted = {f"PULSE_PROP_{LABEL}": label, variable: node}
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
    info, listed = _pactl("info"), _pactl("list", what)
    if info is None or listed is None:
        return None
    nodes = [_node(node, info.get(default, "")) for node in listed]
    return [node for node in nodes if not node.monitor]


def _node(listed: dict[str, Any], default: str) -> Node:
    return Node(
        name=listed["name"],
        description=listed["description"],
        rate_hz=int(listed["sample_specification"].split()[-1].removesuffix("Hz")),
        default=listed["name"] == default,
        monitor=listed["properties"].get("device.class") == "monitor",
        asleep=listed.get("state") == "SUSPENDED",
    )


def _pactl(*arguments: str) -> Any:
    program = shutil.which("pactl")
    if program is None:
        return None
    try:
        answer = subprocess.run(
            [program, "--format=json", *arguments],
            # In other languages it writes numbers with a comma, which is no JSON.
            env=child_environment(LC_ALL="C.UTF-8"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=True,
        )
        return json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.debug("pactl %s: %s", " ".join(arguments), error)
        return None
