"""A configuration of ALSA that PortAudio cannot take is told, and does not end the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's")

LOOK = """
import os
from voice_assistant.errors import DeviceError
from voice_assistant.sound import devices
def look():
    try:
        print("found" if devices.devices() else "nothing")
    except DeviceError as error:
        print(error.title)
look()
with open(os.environ["ALSA_CONFIG_PATH"], "w") as file:
    file.write("pcm.!default { type null }")
os.utime(os.environ["ALSA_CONFIG_PATH"], (1, 1))  # ALSA sees no change within a second
look()
"""


@pytest.mark.parametrize("first", ["", "pcm.mine { type null }", "pcm {"])
def test_sound_without_a_default_device_is_told_and_works_once_there_is_one(tmp_path, first):
    configuration = tmp_path / "asound.conf"
    configuration.write_text(first)
    looked = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={**os.environ, "ALSA_CONFIG_PATH": str(configuration)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert looked.stdout == "The sound system cannot be used\nfound\n", looked.stderr
    assert looked.returncode == 0
