from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench import MissingProgramError, contains, flite, load, processes_with, wait_for
from bench.parts import Sound
from bench.program import find_program

KEYS_DOWN = """
from Xlib.display import Display
display = Display()
print(sum(byte.bit_count() for byte in display.query_keymap()))
display.close()
"""


def texts(desktop):
    return [(shown.summary, shown.body) for shown in desktop.notified()]


def test_speech_into_the_virtual_microphone_is_heard_there(desktop):
    question = flite("what time is it in paris")
    with desktop.listen(Sound.microphone) as heard:
        desktop.speak_into_microphone(question)
    assert contains(heard.pcm, load(question))
    assert not contains(heard.pcm, load(flite("please turn off all the lights", "awb")))


def test_sound_of_the_virtual_speaker_is_heard_and_the_microphone_stays_silent(desktop, tmp_path):
    answer = flite("it is a quarter past nine", "rms")
    with desktop.listen() as speaker, desktop.listen(Sound.microphone) as microphone:
        desktop.run("paplay", str(answer))
    assert contains(speaker.pcm, load(answer))
    assert 0.5 < speaker.loud_s < 4
    assert microphone.loud_s == 0
    assert contains(load(speaker.save(tmp_path / "heard.wav")), load(answer))


def test_a_notification_is_shown_on_the_screen(desktop, tmp_path):
    def corner():
        picture = Image.open(desktop.screenshot(tmp_path / "screen.png")).convert("L")
        return np.asarray(picture)[:100, -420:]

    desktop.close_notifications()
    wait_for(lambda: corner().std() == 0, "the corner is empty")
    desktop.run("notify-send", "A question", "An <i>answer</i>\nin two lines")
    wait_for(lambda: corner().std() > 1, "something is drawn in the corner")
    said = ("A question", "An <i>answer</i>\nin two lines")
    wait_for(lambda: said in texts(desktop), "dunst notes what it shows")
    desktop.close_notifications()


def test_an_updated_notification_is_noted_again_under_the_same_number(desktop):
    number = desktop.run("notify-send", "--print-id", "First").strip()
    desktop.run("notify-send", f"--replace-id={number}", "Second")

    def summaries():
        return [shown.summary for shown in desktop.notified() if shown.id == int(number)]

    wait_for(lambda: summaries() == ["First", "Second"], "both are noted in order")
    desktop.close_notifications()


def test_a_notification_can_be_clicked(desktop):
    asking = ["notify-send", "--wait", "--action=default=Open", "Shall I?"]
    with subprocess.Popen(asking, env=desktop.env, stdout=subprocess.PIPE, text=True) as asks:
        wait_for(lambda: ("Shall I?", "") in texts(desktop), "it is shown")
        desktop.act_on_notification()
        assert asks.communicate(timeout=20)[0].strip() == "default"
    desktop.close_notifications()


def test_a_key_is_held_for_a_while(desktop):
    def held():
        return desktop.run(sys.executable, "-c", KEYS_DOWN).strip()

    assert held() == "0"
    with desktop.holding("F9"):
        assert held() == "1"
    assert held() == "0"


def test_a_frozen_part_lives_but_does_nothing(make_desktop):
    desktop = make_desktop(bus=False, display=False)
    desktop.sound.freeze()
    with pytest.raises(subprocess.TimeoutExpired):
        desktop.run("pactl", "info", timeout_s=0.3)
    assert desktop.sound.running
    desktop.sound.thaw()
    assert "bench_microphone" in desktop.run("pactl", "info")


def test_a_screenshot_shows_a_panel(desktop, tmp_path):
    picture = np.asarray(Image.open(desktop.screenshot(tmp_path / "screen.png")).convert("L"))
    assert picture.shape == (800, 1280)
    assert picture.std() > 1


def test_every_part_can_crash_and_come_back_where_it_was(make_desktop):
    desktop = make_desktop()
    env = dict(desktop.env)
    for part in desktop.parts:
        part.kill()
        assert not part.running
    desktop.start()
    assert all(part.running for part in desktop.parts)
    assert desktop.env == env


def test_this_process_lives_on_the_desktop_for_a_while(desktop):
    import sounddevice  # noqa: PLC0415  importing it looks for devices

    before = dict(os.environ)
    with desktop.active():
        assert os.environ["DISPLAY"] == desktop.env["DISPLAY"]
        assert sounddevice.query_devices(kind="input")["max_input_channels"] > 0
    assert dict(os.environ) == before


def test_a_desktop_may_lack_parts(make_desktop):
    desktop = make_desktop(sound=False, panel=False, windows=False, notifications="", activates=())
    assert [part.name for part in desktop.parts] == ["Xvfb", "dbus-daemon"]
    assert not desktop.bus.has("org.freedesktop.Notifications")
    with pytest.raises(AssertionError, match="notify-send"):
        desktop.run("notify-send", "Nobody", "hears")


def test_nothing_of_a_desktop_outlives_it(make_desktop):
    desktop = make_desktop()
    left_behind = subprocess.Popen(["sleep", "600"], env=desktop.env)
    assert len(processes_with("BENCH", str(desktop.folder))) > len(desktop.parts)
    desktop.stop()
    left_behind.wait()
    assert processes_with("BENCH", str(desktop.folder)) == []
    assert not desktop.folder.exists()


def test_a_desktop_ends_when_its_tests_are_killed():
    source = """
from bench import Desktop
with Desktop() as desktop:
    print(desktop.folder, flush=True)
    input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", source],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        folder = tests.stdout.readline().strip()
        assert len(processes_with("BENCH", folder)) >= 6
        tests.kill()
    wait_for(lambda: not processes_with("BENCH", folder), "its programs end")
    wait_for(lambda: not Path(folder).exists(), "its files are gone")


def test_a_missing_program_is_named_with_its_package():
    with pytest.raises(MissingProgramError, match="not-a-program is missing: install the package"):
        find_program("not-a-program")
