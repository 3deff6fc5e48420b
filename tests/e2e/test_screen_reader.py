"""Beside Orca, its voice says the answers: nobody hears two voices."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_SOUNDS, Assistant

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (shutil.which("orca") and shutil.which("speech-dispatcher")),
        reason="needs orca and speech-dispatcher",
    ),
]

EARPHONES = "earphones"
SPEECHD = f"""
AudioOutputMethod "pulse"
AudioPulseDevice "{EARPHONES}"
AddModule "espeak-ng" "sd_espeak-ng" "espeak-ng.conf"
DefaultModule espeak-ng
DefaultLanguage en
"""


@contextmanager
def running(desktop, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    log = (desktop.folder / "log" / Path(command[0]).name).open("w")
    with log, subprocess.Popen(command, env=desktop.env, stdout=log, stderr=log) as program:
        try:
            yield program
        finally:
            program.kill()


@contextmanager
def dispatcher(desktop) -> Iterator[None]:
    """speech-dispatcher, which speaks into a loudspeaker of its own."""
    desktop.sound.plug_speaker(EARPHONES)
    settings = desktop.folder / "speechd"
    shutil.copytree("/etc/speech-dispatcher", settings)
    (settings / "speechd.conf").write_text(SPEECHD)
    socket = Path(desktop.env["XDG_RUNTIME_DIR"]) / "speech-dispatcher" / "speechd.sock"
    socket.parent.mkdir(exist_ok=True)
    with running(
        desktop,
        *("speech-dispatcher", "--run-single", "--timeout", "0"),
        *("--config-dir", str(settings), "--socket-path", str(socket)),
    ):
        wait_for(socket.exists, "speech-dispatcher listens")
        yield


def test_with_orca_there_is_never_a_second_voice(make_desktop):
    desktop = make_desktop()
    desktop.env["NO_AT_BRIDGE"] = "0"
    with (
        dispatcher(desktop),
        desktop.listen(f"{EARPHONES}.monitor") as reader,
        running(desktop, "orca", "--replace"),
        desktop.listen() as assistants,
        Assistant(desktop, NO_SOUNDS) as assistant,
    ):
        wait_for(lambda: reader.loud_s > 0.5, "Orca greets", 60)
        assistant.wait_until_complete()
        greeted_s = reader.loud_s
        asked = assistant.tell("ask", "what can you do")
        assert asked.returncode == 0, asked.stderr
        assert reader.loud_s > greeted_s + 2, "the answer was not said by the screen reader"
        assert assistants.loud_s == 0, "the assistant spoke, too"
        with assistant.begin("ask", "what can you do") as asking:
            assistant.wait_for_phase("speaking")
            assistant.tell("stop")
            asking.communicate()
        assert assistants.loud_s == 0
    with Assistant(desktop, NO_SOUNDS) as assistant, desktop.listen() as assistants:
        assistant.wait_until_complete()
        assistant.tell("ask", "what time is it")
        assert assistants.loud_s > 0.5, "without Orca the assistant speaks"


def test_orca_is_silent_while_the_assistant_itself_is_chosen_to_speak(make_desktop):
    desktop = make_desktop()
    desktop.env["NO_AT_BRIDGE"] = "0"
    with (
        dispatcher(desktop),
        desktop.listen(f"{EARPHONES}.monitor") as reader,
        desktop.listen() as assistants,
        Assistant(desktop, f'{NO_SOUNDS}\n[speech]\nspoken_by = "assistant"') as assistant,
        running(desktop, "orca", "--replace"),
    ):
        wait_for(lambda: reader.loud_s > 0.5, "Orca greets", 60)
        with assistant.begin("ask", "what can you do") as asking:
            assistant.wait_for_phase("speaking")
            wait_for(lambda: assistants.loud_s > 0.5, "the assistant speaks")
            before_s = reader.loud_s
            for _ in range(5):
                subprocess.run(
                    ("spd-say", "-P", "message", "Somebody turns the pages of a very long book."),
                    env=desktop.env,
                    check=True,
                )
            assistant.wait_for_end_of("speaking")
            assert reader.loud_s < before_s + 2, "two voices were heard"
            asking.communicate()
