"""The whole assistant on a real desktop: a key is held, a voice speaks, an answer is heard."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from bench import Desktop
from bench.sounds import contains, flite, load
from bench.waiting import wait_for
from helpers.e2e.assistant import (
    SUM,
    SUM_ANSWER,
    SUM_HEARD,
    Assistant,
    answered_aloud,
    click,
    command,
    events,
    held,
    icon_in_words,
)
from PIL import Image


@pytest.fixture(scope="module")
def desktop():
    with Desktop(notifications="xfce4-notifyd") as whole:
        yield whole


@pytest.fixture(scope="module")
def running(desktop):
    with Assistant(desktop) as assistant:
        assistant.wait_until_complete()
        yield assistant


def icon(desktop) -> np.ndarray:
    with Image.open(desktop.screenshot(desktop.folder / "icon.png")) as image:
        return np.asarray(image.convert("L").crop((1240, 768, 1280, 800)), dtype=np.int32)


def looks_other(one, other) -> bool:
    return bool(np.count_nonzero(np.abs(one - other) > 40) > 40)


def test_a_spoken_question_gets_a_spoken_answer_and_a_follow_up_is_a_click_away(
    desktop, assistant, notified
):
    assert "Ready" in icon_in_words(desktop, assistant)
    idle = icon(desktop)
    with desktop.listen() as heard:
        with held(desktop):
            assistant.wait_for_phase("listening")
            wait_for(lambda: "▯" in icon_in_words(desktop, assistant), "the icon: how loud")
            assert "Listening" in icon_in_words(desktop, assistant)
            wait_for(lambda: looks_other(idle, icon(desktop)), "the icon shows that it listens")
            listening = icon(desktop)
            desktop.speak_into_microphone(flite(SUM))
        wait_for(lambda: "Thinking" in icon_in_words(desktop, assistant), "the icon: thinking")
        assert "▯" not in icon_in_words(desktop, assistant)
        wait_for(lambda: "Speaking" in icon_in_words(desktop, assistant), "the icon: speaking", 60)
        speaking = icon(desktop)
        assistant.wait_for_phase("idle")
        answered_aloud(heard)
    assert looks_other(listening, speaking)
    assert looks_other(idle, speaking)
    assert SUM_HEARD in notified.strings()
    assert SUM_ANSWER in notified.strings()
    conversation = assistant.status()["conversation_id"]
    assert conversation

    follow_up = wait_for(
        lambda: next((one for one in notified.strings() if one.endswith("Times two")), None),
        "a follow-up is offered",
    )
    with desktop.listen() as heard:
        click(desktop, follow_up)
        wait_for(
            lambda: contains(heard.pcm, load(flite("84 times 2 is 168."))),
            "the follow-up's answer is heard",
            60,
        )
        assistant.wait_for_phase("idle")
    assert assistant.status()["conversation_id"] == conversation


def test_pressing_during_the_answer_silences_it_and_listens(desktop, assistant):
    with desktop.listen() as heard:
        asked = assistant.begin("ask", "--json", "what can you do")
        assistant.wait_for_phase("speaking")
        wait_for(lambda: heard.loud_s > 0.5, "the answer is heard")
        with held(desktop):
            assistant.wait_for_phase("listening")
            before = len(heard.pcm)
            desktop.speak_into_microphone(flite(SUM))
            # What was played before the press has passed; the start sound is 0.1 s long.
            after = heard.pcm[before + 16000 * 3 // 10 :]
            assert len(after) > 16000
            assert np.abs(after.astype(np.int32)).max() < 100, "something is still being said"
        told = {event["event"]: event for event in events(asked.communicate(timeout=30)[0])}
        assert not told["spoken"]["complete"]
        assert told["idle"]
        answered_aloud(heard)
        assistant.wait_for_phase("idle")


def test_stop_ends_speech(desktop, assistant):
    with desktop.listen() as heard:
        asked = assistant.begin("ask", "--json", "what can you do")
        assistant.wait_for_phase("speaking")
        wait_for(lambda: heard.loud_s > 0.3, "the answer is heard")
        assert assistant.tell("stop").returncode == 0
        told = {event["event"]: event for event in events(asked.communicate(timeout=30)[0])}
    assert not told["spoken"]["complete"]
    assert assistant.phase() == "idle"


def test_ctrl_c_at_ask_stops_what_it_began(assistant):
    asked = assistant.begin("ask", "--json", "what can you do")
    assistant.wait_for_phase("speaking")
    asked.send_signal(signal.SIGINT)
    _, errors = asked.communicate(timeout=30)
    assert asked.returncode == 130
    assert "Traceback" not in errors
    assistant.wait_for_phase("idle", 5)


def test_the_command_line_does_what_the_key_does(desktop, assistant):
    with desktop.listen() as heard:
        assert assistant.tell("press").returncode == 0
        assistant.wait_for_phase("listening")
        desktop.speak_into_microphone(flite("what is two plus three", "rms"))
        assert assistant.tell("release").returncode == 0
        answered_aloud(heard, "2 plus 3 is 5.")
    assistant.wait_for_phase("idle")
    conversation = assistant.status()["conversation_id"]
    assert assistant.tell("new").returncode == 0
    assert assistant.status()["conversation_id"] == ""
    assert conversation


def test_a_second_daemon_is_refused_in_words(assistant, notified):
    second = command("run", env=assistant.env)
    assert second.returncode == 10
    title = "The assistant is running already"
    wait_for(lambda: title in notified.strings(), "who chose it in a menu sees it")
    hold = "Hold Ctrl+Alt+Space while you speak, or tap it and speak."
    assert f"{hold} Tap it twice to stop everything." in notified.strings()
    assert "running already" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_embedded_backend_is_started_again(desktop, assistant):
    (server,) = (
        pid
        for pid in assistant.processes()
        if b"voice_assistant.server\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(server, signal.SIGKILL)
    done = assistant.tell("ask", "--json", "--no-speech", "what is 3 plus 4")
    assert done.returncode == 0, done.stdout
    told = {event["event"]: event for event in events(done.stdout)}
    assert "7" in told["answered"]["text"]
