"""Holding, skipping, repeating, louder and faster: by commands and keys, heard at the speaker."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from bench import Desktop
from bench.sounds import RATE_HZ, contains, flite, load, places
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant, aloud, events, held
from helpers.e2e.dify import access, app, served
from helpers.replay import response, trace

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


@pytest.fixture(autouse=True)
def as_set(desktop):
    """Each begins as loud and fast as it is set."""
    (Path(desktop.env["XDG_STATE_HOME"]) / "voice-assistant" / "choices.json").unlink(
        missing_ok=True
    )


@pytest.fixture
def assistant(desktop):
    with Assistant(desktop, SETTINGS) as assistant:
        wait_for(lambda: assistant.status()["pid"], "the assistant runs")
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
    assistant.wait_until_complete()
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
    assert assistant.tell("volume", "25").returncode == 0
    assert assistant.tell("speed", "2").returncode == 0
    assert assistant.tell("volume").stdout.strip() == "25"
    assert assistant.tell("speed").stdout.strip() == "2"
    with desktop.listen() as fast:
        assistant.tell("repeat")
        assistant.wait_for_phase("speaking")
        assistant.wait_for_phase("idle")
    assert fast.loud_s == pytest.approx(again.loud_s / 2, abs=0.2)
    peaks = [np.abs(capture.pcm.astype(np.int32)).max() for capture in (again, fast)]
    assert peaks[1] / peaks[0] == pytest.approx(0.25, abs=0.08)


@pytest.mark.parametrize(("mode", "touch_over_s"), [("hold", 5), ("hybrid", 15)])
def test_touching_the_talk_key_during_an_answer_loses_none_of_it(desktop, mode, touch_over_s):
    """Not even where the microphone hears the end of the answer and the start sound.

    A touch in the hybrid way listens until nobody has begun to speak for ten seconds.
    """

    def speak(request):
        said.append(request.json()["text"])
        return response(200, flite(said[-1]).read_bytes(), "audio/wav")

    said: list[str] = []
    chat = trace("1.14.0", "chat-stream-noautoplay", pace=2.0)  # it is still being written
    # With a held key the server decides whether somebody spoke: nobody did.
    no_words = response(200, b'{"text": ""}', "application/json")
    routes = app("1.14.0", chat_messages=chat, text_to_audio=speak, audio_to_text=no_words)
    with (
        served(routes) as server,
        aloud(desktop),
        Assistant(desktop, f'{KEYS}mode = "{mode}"\n{NO_FACE}', **access(server)) as assistant,
    ):
        assistant.wait_until_complete()
        with desktop.listen() as heard:
            asked = ask(assistant)
            for held_s in (0.0, 1.0):
                before = heard.loud_s
                wait_for(lambda before=before: heard.loud_s > before + 1.2, "the answer is heard")
                with held(desktop):
                    assistant.wait_for_phase("listening", 5) if held_s else None
                    time.sleep(held_s)
                assistant.wait_for_phase("speaking", 5 if held_s else touch_over_s)
            told, _ = spoken(asked)
            wait_for(lambda: not loud(heard.pcm[-4000:]), "silence")
    assert told["complete"]
    assert not [one.path for one in server.requests if one.path.endswith("/stop")]
    times = [places(heard.pcm, load(flite(sentence))) for sentence in said]
    assert len(said) > 3
    assert min(times) == 1
    assert sum(times) <= len(times) + 2, "a touch repeats one sentence, and no more"


def test_the_file_of_an_answer_that_was_held_and_cut_short_holds_what_was_heard(
    desktop, assistant, tmp_path
):
    file = tmp_path / "answer.wav"
    assistant.wait_until_complete()
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


def test_nothing_to_repeat_is_said(assistant):
    assert assistant.tell("repeat").returncode == 0
    wait_for(lambda: "no answer to repeat" in assistant.log(), "it is said")


def test_volume_and_speed_outlive_a_restart(desktop):
    with Assistant(desktop, SETTINGS) as assistant:
        assistant.tell("volume", "40")
        assistant.tell("speed", "1.5")
        wait_for(lambda: assistant.tell("speed").stdout.strip() == "1.5", "it is chosen")
    with Assistant(desktop, SETTINGS) as assistant:
        assert assistant.tell("volume").stdout.strip() == "40"
        assert assistant.tell("speed").stdout.strip() == "1.5"
    with Assistant(desktop, SETTINGS + "[speaker]\nvolume = 0.7\n") as assistant:
        assert assistant.tell("volume").stdout.strip() == "70"
