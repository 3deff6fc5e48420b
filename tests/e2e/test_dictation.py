"""What is said while the key to dictate is held arrives in the window in front."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from bench import Desktop
from bench.sounds import flite
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, SUM, SUM_HEARD, Assistant, held

PASTE = "from voice_assistant.desktop import clipboard as c; print(c.read('clipboard').text)"
KEY = ("ctrl", "alt", "d")
LOOKED_UP = re.compile(r"XmbLookupString gives \d+ bytes: \(([0-9a-f ]+)\)")


@pytest.mark.long
def test_a_dictation_is_typed_into_the_window_in_front_and_nothing_is_kept():
    with (
        Desktop() as desktop,
        Assistant(desktop, '[hotkey]\ndictate = "ctrl+alt+d"\n') as assistant,
        (desktop.folder / "keys").open("w+b") as told,
    ):
        assistant.wait_until_complete()
        environ = {**desktop.env, "LC_ALL": "C.UTF-8"}
        with subprocess.Popen(["xev", "-event", "keyboard"], env=environ, stdout=told) as window:
            try:
                desktop.run("xdotool", "search", "--sync", "--name", "Event Tester", "windowfocus")

                def typed() -> str:
                    told.seek(0)
                    found = LOOKED_UP.findall(told.read().decode("utf-8", "replace"))
                    return b"".join(map(bytes.fromhex, found)).decode()

                with held(desktop, KEY):
                    assistant.wait_for_phase("listening")
                    desktop.speak_into_microphone(flite(SUM))
                wait_for(lambda: len(typed()) >= len(SUM_HEARD), "the words are typed")
                assert typed() == SUM_HEARD
            finally:
                window.kill()
        assistant.wait_for_phase("idle")
        assert json.loads(assistant.tell("recordings", "list", "--json").stdout) == []
        assert json.loads(assistant.tell("history", "--json").stdout) == []


@pytest.mark.long
def test_where_nothing_can_be_typed_it_is_in_the_clipboard():
    with (
        Desktop() as desktop,
        Assistant(desktop, NO_FACE, XDG_SESSION_TYPE="wayland") as assistant,
    ):
        wait_for(lambda: assistant.status()["phase"] == "idle", "it is ready")
        assert assistant.tell("dictate").returncode == 0
        assistant.wait_for_phase("listening")
        desktop.speak_into_microphone(flite(SUM))
        assistant.wait_for_end_of("listening")  # by the silence after it
        pasted = [sys.executable, "-c", PASTE]

        def clipboard() -> str:
            done = subprocess.run(
                pasted, env=desktop.env, capture_output=True, text=True, check=False
            )
            return done.stdout.strip()

        wait_for(lambda: clipboard() == SUM_HEARD, "the words are in the clipboard")
