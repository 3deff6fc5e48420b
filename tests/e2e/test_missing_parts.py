"""What is missing is said once, the rest works, and what appears is used."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest
from bench import Desktop
from bench.sounds import contains, flite, load
from bench.waiting import wait_for
from helpers.audio.wav_files import write_wav
from helpers.e2e.assistant import Assistant, answered_aloud, ask_aloud, command, events, held

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.hearing.archive import Archive

QUICK_S = 30.0


def missing(assistant: Assistant) -> str:
    status = assistant.status()
    return "\n".join(status["missing"]) if status else ""


def answers(assistant: Assistant, *options: str) -> bool:
    done = assistant.tell("ask", "--json", *options, "what is 3 plus 4")
    told = {event["event"]: event for event in events(done.stdout)}
    return "7" in told["answered"]["text"]


NOTHING = {"display": False, "bus": False, "sound": False}
PARTS = {
    "no desktop at all": (NOTHING, ("microphone", "speaker", "talk key", "bus")),
    "no display": ({"display": False}, ("talk key", "no tray", "notification")),
    # With a display, programs find or start a bus of their own.
    "no bus": ({"bus": False, "display": False}, ("bus",)),
    "no sound": ({"sound": False}, ("microphone", "speaker")),
    "no panel": ({"panel": False}, ("no tray",)),
    "no notification daemon": ({"notifications": ""}, ("notification",)),
}


@pytest.mark.parametrize("case", PARTS)
def test_a_missing_part_is_reported_once_with_a_hint_and_the_rest_works(make_desktop, case):
    left_out, words = PARTS[case]
    with Assistant(make_desktop(**left_out)) as assistant:
        for word in words:
            wait_for(lambda w=word: w in missing(assistant).lower(), f"{word} is missed", QUICK_S)
        assert answers(assistant)
        assert answers(assistant, *([] if "speaker" in words else ["--no-speech"]))
        lines = missing(assistant).splitlines()
        said = assistant.said()
        for line in lines:
            title = line.split(". ")[0]
            assert said.count(title) == 1, f"{title!r} was said {said.count(title)} times"
            assert line.removeprefix(title).strip(". "), f"{title!r} has no hint"
        assert "Traceback" not in said + assistant.log()
        assert assistant.process.poll() is None


def test_parts_that_appear_are_picked_up():
    with Desktop(panel=False, notifications="") as desktop:
        desktop.sound.stop()
        with Assistant(desktop) as assistant:
            for word in ("microphone", "speaker", "no tray", "notification"):
                wait_for(
                    lambda w=word: w in missing(assistant).lower(), f"{word} is missed", QUICK_S
                )
            desktop.parts += [desktop.panel, desktop.notifications]
            desktop.start()
            assistant.wait_until_complete()
            with desktop.listen() as heard:
                ask_aloud(desktop, assistant, "what is two plus three")
                answered_aloud(heard, "2 plus 3 is 5.")
            wait_for(lambda: "2 plus 3" in str(desktop.notified()), "it is shown")


def test_a_missing_part_at_the_start_does_not_hide_an_offer(make_desktop):
    desktop = make_desktop(panel=False)
    archive = Archive(Path(desktop.env["XDG_DATA_HOME"]) / "voice-assistant" / "recordings")
    write_wav(archive.new_file(), read_speech(flite("what is two plus three")), SPEECH_RATE_HZ)
    with Assistant(desktop) as assistant:
        wait_for(lambda: "There is no tray" in str(desktop.notified()), "it is missed", QUICK_S)
        wait_for(lambda: "The assistant runs" in str(desktop.notified()), "it greets", QUICK_S)
        assert "has not been answered" in str(desktop.notified())
        with desktop.listen() as heard:
            for position in range(3):  # only one of the three has a button
                with contextlib.suppress(AssertionError):  # the others close as the answer begins
                    desktop.act_on_notification(position)
            wait_for(lambda: contains(heard.pcm, load(flite("2 plus 3 is 5."))), "an answer", 60)
        assistant.wait_for_phase("idle")
        assert archive.every() == []


def test_a_key_without_a_microphone_says_so_and_harms_nothing(make_desktop):
    desktop = make_desktop(sound=False, panel=False)
    with Assistant(desktop) as assistant:
        wait_for(lambda: "microphone" in missing(assistant).lower(), "it is missed", QUICK_S)
        with held(desktop):
            assistant.wait_for_phase("error")
        wait_for(lambda: "microphone" in str(desktop.notified()).lower(), "it is shown")
        assert answers(assistant)


def test_a_key_that_another_program_has_is_said(make_desktop):
    desktop = make_desktop(sound=False, panel=False)
    with Assistant(desktop) as first:
        first.wait_for_phase("idle")
        wait_for(lambda: "key" not in missing(first).lower(), "the key is ours", QUICK_S)
        other = {"XDG_RUNTIME_DIR": str(desktop.folder / "other")}
        (desktop.folder / "other").mkdir(mode=0o700)
        with Assistant(desktop, **other) as second:
            wait_for(lambda: "Another program" in missing(second), "the key is missed", QUICK_S)
            assert "hotkey.keys" in missing(second)


def test_a_port_that_is_taken_is_said(env):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("serve", "--port", str(taken.getsockname()[1]), env=env)
    assert done.returncode == 3
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr
