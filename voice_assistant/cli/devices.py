"""`devices`: the microphones and loudspeakers of this machine."""

from __future__ import annotations

from voice_assistant.cli.terminal.layout import columns
from voice_assistant.sound import devices
from voice_assistant.translation import _


def show() -> int:
    """List microphones and speakers."""
    kinds = {"input": _("microphone"), "output": _("speaker")}
    width = max(map(columns, kinds.values()))
    for device in devices.devices():
        kind = kinds[device.kind]
        blanks = " " * (width - columns(kind))
        print(f"{'*' if device.default else ' '} {kind}{blanks}  {device.name}")
    return 0
