"""`devices`: the microphones and loudspeakers of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.cli.terminal.layout import columns
from voice_assistant.sound import devices
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence


def show() -> int:
    """List microphones and speakers."""
    print(in_lines(devices.devices()))
    return 0


def in_lines(found: Sequence[devices.Device]) -> str:
    """Return a line for each device; a star marks those that the system prefers."""
    kinds = {"input": _("microphone"), "output": _("speaker")}
    width = max(map(columns, kinds.values()))
    lines = []
    for device in found:
        kind = kinds[device.kind]
        blanks = " " * (width - columns(kind))
        lines.append(f"{'*' if device.default else ' '} {kind}{blanks}  {device.name}")
    return "\n".join(lines) or _("There are no microphones and no speakers.")
