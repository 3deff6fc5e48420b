"""The daemon as Windows and macOS want it: tray on the main thread, everything else on another."""

from __future__ import annotations

import subprocess
import sys

from bench.waiting import wait_for
from e2e.assistant import command, events

RUN = """
import pystray  # first, so that it is the real one for this display
from voice_assistant import config, control, daemon
with control.only_daemon():
    daemon.run(config.Settings(), lambda title, hint: print(title), in_front=True)
"""


def test_it_answers_and_quits_with_its_tray_on_the_main_thread(make_desktop):
    desktop = make_desktop(sound=False)
    env = {**desktop.env, "PYSTRAY_BACKEND": "xorg"}
    with subprocess.Popen([sys.executable, "-c", RUN], env=env) as assistant:
        try:
            wait_for(lambda: command("status", env=env).returncode == 0, "it runs", 60)
            done = command("ask", "--json", "--no-speech", "what is 3 plus 4", env=env)
            told = {event["event"]: event for event in events(done.stdout)}
            assert "7" in told["answered"]["text"]
            assert command("quit", env=env).returncode == 0
            assert assistant.wait(30) == 0
        finally:
            assistant.kill()
