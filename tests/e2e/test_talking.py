"""The ways to talk, and recordings that outlive what happens to the assistant."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from bench import Desktop
from bench.sounds import contains, flite, load
from bench.waiting import wait_for
from helpers.e2e.assistant import (
    COMMAND,
    SUM,
    SUM_HEARD,
    Assistant,
    answered_aloud,
    ask_aloud,
    click,
    events,
    held,
    menu,
    saying,
)

from voice_assistant.audio.codec.files import read_speech

TRY_AGAIN = "Try the last recording again"
BOATS = "Two hundred boats went down to the harbour before the tide was out."
QUICK_HYBRID = '[hotkey]\nmode = "hybrid"\n[microphone]\nend_after_silence_s = 0.7\n'


@pytest.fixture(scope="module")
def desktop():
    with Desktop(notifications="xfce4-notifyd") as whole:
        yield whole


@contextmanager
def running(desktop, config="", **env):
    with Assistant(desktop, config, **env) as assistant:
        assistant.wait_until_complete()
        yield assistant


def recordings(assistant):
    return json.loads(assistant.tell("recordings", "list", "--json").stdout)


def hears_and_answers(desktop, assistant, speech: str):
    """Say something where the assistant listens already, and hear the sum's answer."""
    with desktop.listen() as heard:
        desktop.speak_into_microphone(flite(speech))
        answered_aloud(heard)
    assistant.wait_for_phase("idle")


def test_tapped_held_or_from_the_command_line_the_question_ends_when_it_should(desktop):
    with running(desktop, QUICK_HYBRID) as assistant:
        with held(desktop):
            pass
        assistant.wait_for_phase("listening")
        hears_and_answers(desktop, assistant, SUM)

        assert assistant.tell("toggle").returncode == 0
        assistant.wait_for_phase("listening")
        hears_and_answers(desktop, assistant, SUM)

        with saying(desktop, assistant):
            time.sleep(1.5)  # more than the silence that would end it without the key
            assert assistant.phase() == "listening"
        assistant.wait_for_end_of("listening")
        assistant.wait_for_phase("idle")
        assert recordings(assistant) == []


@contextmanager
def pressed_quickly(desktop, assistant, presses, delay_ms):
    """So many while one speaks; what is in the block follows them, then all works as before."""
    keys = ["ctrl+alt+space"] * presses
    presses = threading.Thread(
        target=desktop.xdotool, args=("key", "--delay", str(delay_ms), *keys)
    )
    presses.start()
    assistant.wait_for_phase("listening")
    desktop.speak_into_microphone(flite(BOATS))
    assert presses.is_alive(), "one speaks while the key goes up and down"
    presses.join()
    yield
    with desktop.listen() as heard:
        ask_aloud(desktop, assistant)
        answered_aloud(heard)
    assistant.wait_for_phase("idle")
    assert assistant.tell("recordings", "delete", "--all").returncode == 0


def test_200_quick_presses_lose_no_word_and_leave_nothing_stuck(desktop):
    config = '[hotkey]\nmode = "hold"\n[recordings]\nkeep_days = 1.0\n'
    with running(desktop, config) as assistant, pressed_quickly(desktop, assistant, 200, 12):
        wait_for(lambda: assistant.phase() in {"speaking", "idle"}, "it is being answered", 60)
        assert assistant.tell("stop").returncode == 0
        kept = recordings(assistant)
        assert any(recording["answered"] for recording in kept)
        # A part in which nobody speaks has no words, and is kept all the same.
        assert all(recording["answered"] or not recording["words"] for recording in kept)
        heard = [read_speech(Path(recording["file"])) for recording in reversed(kept)]
        assert contains(np.concatenate(heard), load(flite(BOATS)), at_least=0.9, share=1.0)


def test_80_quick_taps_leave_nothing_stuck(desktop):
    # Every second tap stops everything: only a key that is held keeps every word.
    with running(desktop, QUICK_HYBRID) as assistant, pressed_quickly(desktop, assistant, 80, 70):
        wait_for(lambda: assistant.phase() in {"speaking", "idle"}, "no tap is open", 60)
        assert assistant.tell("stop").returncode == 0
        assert all(not recording["words"] for recording in recordings(assistant))


def test_a_recording_of_a_killed_assistant_is_offered_and_answered(desktop, notified):
    with Assistant(desktop) as assistant:
        assistant.wait_until_complete()
        with saying(desktop, assistant):
            os.kill(assistant.process.pid, signal.SIGKILL)
            assistant.process.wait(10)
    with running(desktop) as assistant:
        (kept,) = recordings(assistant)
        assert not kept["answered"]
        assert contains(read_speech(Path(kept["file"])), load(flite(SUM)))
        wait_for(
            lambda: any("has not been answered" in said for said in notified.strings()),
            "the recording is offered",
        )
        with desktop.listen() as heard:
            click(desktop, "Try again")
            answered_aloud(heard)
        assistant.wait_for_phase("idle")
        assert recordings(assistant) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(env, port: int):
    """A backend for others, on this port."""
    with subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)], env=env, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert "Serving" in server.stdout.readline()
        try:
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def test_a_question_while_the_backend_was_down_is_answered_when_it_is_back(desktop):
    port = free_port()
    with serving(desktop.env, port):
        token_file = Path(desktop.env["XDG_DATA_HOME"]) / "voice-assistant" / "serve-token"
        key = token_file.read_text().strip()
    url = f"http://127.0.0.1:{port}/v1"
    with Assistant(desktop, VOICE_ASSISTANT_URL=url, VOICE_ASSISTANT_API_KEY=key) as assistant:
        ask_aloud(desktop, assistant)
        assistant.wait_for_phase("error")
        (kept,) = recordings(assistant)
        said = read_speech(Path(kept["file"]))
        assert contains(said, load(flite(SUM)))

        failed = assistant.tell("recordings", "retry", "--json")
        assert failed.returncode == 5
        assert events(failed.stdout)[-2]["recording"] == kept["name"]
        assert "voice-assistant recordings retry" in events(failed.stdout)[-2]["hint"]

        with serving(assistant.env, port):
            done = assistant.tell("recordings", "retry", "--json")
            assert done.returncode == 0, done.stdout
            told = {event["event"]: event for event in events(done.stdout)}
            assert told["asked"]["question"] == SUM_HEARD
            assert "84" in told["answered"]["text"]
        assert recordings(assistant) == []


def test_a_recording_can_be_listened_to_and_deleted(desktop):
    with running(desktop) as assistant:
        assistant.tell("recordings", "delete", "--all")  # presses without words leave some
        with saying(desktop, assistant):
            assert recordings(assistant) == [], "it is still being recorded"
            assert assistant.tell("stop").returncode == 0
        assistant.wait_for_phase("idle")
        wait_for(lambda: TRY_AGAIN in menu(desktop, assistant), "it is offered in the tray")
        (kept,) = recordings(assistant)
        with desktop.listen() as heard:
            assert assistant.tell("recordings", "play").returncode == 0
            wait_for(lambda: contains(heard.pcm, load(flite(SUM))), "it is heard", 20)
        assert "not answered" in assistant.tell("recordings", "list").stdout
        assert assistant.tell("recordings", "delete", kept["name"]).returncode == 0
        assert recordings(assistant) == []
        wait_for(lambda: TRY_AGAIN not in menu(desktop, assistant), "it is offered no more")
        assert assistant.tell("recordings", "delete", "1").returncode == 8
        assert assistant.tell("recordings", "delete").returncode == 2
