"""`devices`: what a user reads of microphones and loudspeakers."""

from __future__ import annotations

from voice_assistant.cli.devices import in_lines
from voice_assistant.sound.devices import Device


def test_each_device_has_a_line_and_the_systems_choice_a_star():
    found = [
        Device("Headset", "input", default=True, rate_hz=48_000, channels=1, index=0),
        Device("Monitor", "output", default=False, rate_hz=48_000, channels=2, index=1),
    ]
    assert in_lines(found).splitlines() == ["* microphone  Headset", "  speaker     Monitor"]


def test_a_machine_without_devices_is_told_so():
    assert in_lines([]) == "There are no microphones and no speakers."
