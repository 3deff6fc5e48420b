"""What only one system has is asked for by no other."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORT = """
import importlib, sys
PROGRAM = ("cli.commands", "cli.lifecycle", "runtime.daemon", "server.composition")

def load():
    for name in PROGRAM:
        importlib.import_module(f"voice_assistant.{name}")

load()  # the libraries, as this system has them
for name in [*sys.modules]:
    if name.partition(".")[0] in ("voice_assistant", "dbus_fast", "Xlib"):
        del sys.modules[name]
sys.modules.update(dict.fromkeys(("dbus_fast", "Xlib")))  # they cannot be imported
sys.platform = "darwin"
load()
"""


def test_the_assistant_needs_nothing_of_linux_elsewhere():
    subprocess.run([sys.executable, "-c", IMPORT], check=True)


@pytest.mark.long
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_the_types_are_right_on_other_systems(platform, tmp_path):
    options = ["--platform", platform, "--no-warn-unreachable", "--cache-dir", str(tmp_path)]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "voice_assistant"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
