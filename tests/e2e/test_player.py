"""Holding, skipping, repeating, louder and faster: by commands and keys, heard at the speaker."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest
from bench import Desktop
from bench.sounds import RATE_HZ, contains, flite, load
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant, events, held

from voice_assistant.audio.codec.files import read_speech

KEYS = """
[hotkey]
pause = "ctrl+alt+p"
skip = "ctrl+alt+n"
stop = "ctrl+alt+x"
"""
SETTINGS = KEYS + NO_SOUNDS + NO_FACE
LONG = "what can you do"


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="") as whole:
        yield whole


@pytest.fixture(scope="module")
def running(desktop):
    with Assistant(desktop, SETTINGS) as assistant:
        assistant.wait_until_complete()
        yield assistant


def loud(pcm) -> bool:
    return bool(np.abs(pcm.astype(np.int32)).max(initial=0) > 100)


def is_silent(capture) -> bool:
    """Nothing is heard for half a second, beginning now."""
    begin = len(capture.pcm)
    wait_for(lambda: len(capture.pcm) > begin + 8000, "half a second")
    return not loud(capture.pcm[begin + 3200 :])


def ask(assistant):
    asked = assistant.begin("ask", "--json", LONG)
    assistant.wait_for_phase("speaking")
    return asked


def spoken(asked):
    told = {event["event"]: event for event in events(asked.communicate(timeout=60)[0])}
    return told["spoken"], told["answered"]["text"]


@contextmanager
def changed(assistant, **wanted):
    """Volume and speed, by the command line; afterwards they are as before."""
    before = {name: assistant.tell(name).stdout.strip() for name in wanted}
    for name, value in wanted.items():
        assert assistant.tell(name, value).returncode == 0
        assert assistant.tell(name).stdout.strip() == value
    yield
    for name, value in before.items():
        assistant.tell(name, value)


def test_an_answer_is_held_gone_on_with_and_heard_to_its_end(desktop, assistant):
    with desktop.listen() as heard:
        asked = ask(assistant)
        wait_for(lambda: heard.loud_s > 0.5, "the answer is heard")
        assert assistant.tell("pause").returncode == 0
        assistant.wait_for_phase("paused", 5)
        assert is_silent(heard)
        assert assistant.tell("resume").returncode == 0
        assistant.wait_for_phase("speaking", 5)
        told, text = spoken(asked)
        wait_for(lambda: not loud(heard.pcm[-4000:]), "silence")
    assert told["complete"]
    sentence = text.partition(".")[0] + "."
    # The piece in which it was held is heard in two halves.
    assert contains(heard.pcm, load(flite(sentence)), share=0.6, piece_s=0.3)
    assert told["seconds"] > 1


def test_the_keys_hold_skip_and_stop(desktop, assistant):
    with desktop.listen() as heard:
        asked = ask(assistant)
        wait_for(lambda: heard.loud_s > 0.3, "the answer is heard")
        with held(desktop, ("ctrl", "alt", "p")):
            assistant.wait_for_phase("paused", 5)
        assert is_silent(heard)
        with held(desktop, ("ctrl", "alt", "n")):
            assistant.wait_for_phase("speaking", 5)
        before = heard.loud_s
        wait_for(lambda: heard.loud_s > before + 0.3, "the next sentence is heard")
        with held(desktop, ("ctrl", "alt", "x")):
            assistant.wait_for_phase("idle", 5)
        assert is_silent(heard)
        assert not spoken(asked)[0]["complete"]


def test_the_last_answer_is_said_again_faster_and_quieter(desktop, assistant):
    said = load(flite("12 times 7 is 84."))
    with desktop.listen() as heard:
        assistant.tell("ask", "what is twelve times seven")
        wait_for(lambda: contains(heard.pcm, said), "the answer", 30)
    with desktop.listen() as again:
        assert assistant.tell("repeat").returncode == 0
        wait_for(lambda: contains(again.pcm, said), "the answer, again", 30)
        assistant.wait_for_phase("idle")
    with changed(assistant, volume="25", speed="2"), desktop.listen() as fast:
        assistant.tell("repeat")
        assistant.wait_for_phase("speaking")
        assistant.wait_for_phase("idle")
    assert fast.loud_s == pytest.approx(again.loud_s / 2, abs=0.2)
    peaks = [np.abs(capture.pcm.astype(np.int32)).max() for capture in (again, fast)]
    assert peaks[1] / peaks[0] == pytest.approx(0.25, abs=0.08)


def test_the_file_of_an_answer_that_was_held_and_cut_short_holds_what_was_heard(
    desktop, assistant, tmp_path
):
    file = tmp_path / "answer.wav"
    with desktop.listen() as heard:
        asked = assistant.begin("ask", "--json", "--save-speech", str(file), LONG)
        for _ in range(2):
            assistant.wait_for_phase("speaking")
            before = heard.loud_s
            wait_for(lambda before=before: heard.loud_s > before + 0.7, "the answer is heard")
            assistant.tell("pause")
            assistant.wait_for_phase("paused", 5)
            assistant.tell("resume")
        assistant.wait_for_phase("speaking")
        before = heard.loud_s
        wait_for(lambda: heard.loud_s > before + 0.7, "the answer goes on")
        assistant.tell("stop")
        told, text = spoken(asked)
    written = read_speech(file)
    assert len(written) / RATE_HZ == pytest.approx(told["seconds"], abs=0.05)
    said = np.concatenate([load(flite(f"{part}.")) for part in text.rstrip(".").split(". ")])
    # In one piece, also where it was held; it begins with a little silence.
    assert contains(np.pad(said, (RATE_HZ // 2, 0)), written, at_least=0.9, share=1.0)


def test_wrong_numbers_are_refused_in_words(assistant):
    for arguments, words in ((("volume", "101"), "0 to 100"), (("speed", "4"), "0.5 to 3")):
        done = assistant.tell(*arguments)
        assert done.returncode == 3
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_half_of_the_settings_is_not_taken_for_half_a_percent(assistant):
    before = assistant.tell("volume").stdout
    done = assistant.tell("volume", "0.5")
    assert done.returncode == 2
    assert "50 is half of the full volume" in done.stderr
    assert assistant.tell("volume").stdout == before
