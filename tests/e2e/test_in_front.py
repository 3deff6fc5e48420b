"""The daemon as Windows and macOS want it: tray on the main thread, everything else on another."""

from __future__ import annotations

import subprocess
import sys

from bench.waiting import wait_for
from helpers.e2e.assistant import command, events

RUN = """
import threading
import pystray
from voice_assistant.runtime import daemon
from voice_assistant.runtime.process.daemon_lock import only_daemon
from voice_assistant.settings.schema import Settings

class Icon(pystray.Icon):
    '''A backend of pystray's that draws nothing, and insists on the main thread.'''
    over = threading.Event()
    def _run(self):
        assert threading.current_thread() is threading.main_thread()
        self._mark_ready()
        next(item for item in self.menu if item.text == "Start when I log in")(self)
        self.over.wait()
    def _stop(self):
        self.over.set()
    def _nothing(self, *_):
        pass
    _show = _hide = _update_icon = _update_title = _update_menu = _notify = _nothing

pystray.Icon = Icon
with only_daemon():
    daemon.run(Settings(), lambda title, hint: print(title), in_front=True)
print("ended")
"""


def test_the_assistant_answers_and_quits_with_its_tray_on_the_main_thread(make_desktop):
    desktop = make_desktop(display=False, bus=False, sound=False)
    env = {**desktop.env, "PYSTRAY_BACKEND": "dummy"}
    with subprocess.Popen(
        [sys.executable, "-c", RUN], env=env, stdout=subprocess.PIPE, text=True
    ) as assistant:
        try:
            wait_for(lambda: command("status", env=env).returncode == 0, "it runs", 60)
            done = command("ask", "--json", "--no-speech", "what is 3 plus 4", env=env)
            told = {event["event"]: event for event in events(done.stdout)}
            assert "7" in told["answered"]["text"]
            switched = command("autostart", "status", env=env).stdout
            assert switched.startswith("on: "), "by the menu, from the main thread"
            assert command("quit", env=env).returncode == 0
            printed, _ = assistant.communicate(timeout=30)
            assert assistant.returncode == 0
            assert printed.endswith("ended\n")
        finally:
            assistant.kill()
