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
from typing import Any, NamedTuple

TIMEOUT_S = 2.0

log = logging.getLogger(__name__)


class Node(NamedTuple):
    """A source or a sink."""

    name: str
    description: str
    rate_hz: int
    default: bool


def sources() -> list[Node] | None:
    """The microphones; None where there is no sound server. Monitors of speakers are none."""
    return _nodes("sources", "default_source_name")


def sinks() -> list[Node] | None:
    """The speakers; None where there is no sound server."""
    return _nodes("sinks", "default_sink_name")


def hears_speaker() -> bool:
    """Whether this process records what a speaker plays; False where that cannot be told."""
    known = _pactl("list")
    if known is None:
        return False
    monitors = {source["index"] for source in known["sources"] if _is_monitor(source)}
    return any(
        output["source"] in monitors
        for output in known["source_outputs"]
        if output["properties"].get("application.process.id") == str(os.getpid())
    )


def _nodes(what: str, default: str) -> list[Node] | None:
    info, listed = _pactl("info"), _pactl("list", what)
    if info is None or listed is None:
        return None
    return [
        Node(
            name=node["name"],
            description=node["description"],
            rate_hz=int(node["sample_specification"].split()[-1].removesuffix("Hz")),
            default=node["name"] == info.get(default),
        )
        for node in listed
        if not _is_monitor(node)
    ]


def _is_monitor(node: dict[str, Any]) -> bool:
    return bool(node["properties"].get("device.class") == "monitor")


def _pactl(*arguments: str) -> Any:
    program = shutil.which("pactl")
    if program is None:
        return None
    try:
        answer = subprocess.run(
            [program, "--format=json", *arguments],
            # In other languages it writes numbers with a comma, which is no JSON.
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=True,
        )
        return json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.debug("pactl %s: %s", " ".join(arguments), error)
        return None
