"""Which channel a voice is taken from, and that no choice can be heard."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from helpers.audio.signals import sine, speech_like

from voice_assistant.audio.channel_choice import ChannelChoice
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import to_pcm
from voice_assistant.audio.level import rms_dbfs

RATE_HZ = 16_000
BLOCK = 320
VOICE = speech_like(RATE_HZ, 4.0) / 32768.0
MUSIC = sum(sine(RATE_HZ, 4.0, hz) for hz in (220, 277, 330)) / 3 / 32768.0


def room(channels: int, level: float = 0.0005) -> np.ndarray:
    """The noise of so many microphones."""
    return np.random.default_rng(1).normal(0, level, (len(VOICE), channels))


def heard(samples: np.ndarray, block: int = BLOCK) -> np.ndarray:
    choice = ChannelChoice(RATE_HZ)
    return np.concatenate(
        [choice.feed(samples[at:][:block]) for at in range(0, len(samples), block)]
    )


def level_db(pcm: np.ndarray) -> float:
    """How loud it is, from a little after the beginning."""
    return rms_dbfs(pcm[RATE_HZ // 4 :])


def likeness(pcm: np.ndarray, voice: np.ndarray = VOICE) -> float:
    """1 where it is the voice, 0 where nothing of it is left, -1 where it is its opposite."""
    begin = RATE_HZ // 2
    return float(np.corrcoef(pcm[begin:], voice[begin:])[0, 1])


@pytest.mark.parametrize("noise", [0.0, 0.0005])
@pytest.mark.parametrize("channel", range(8))
def test_a_voice_on_one_of_eight_channels_is_as_loud_as_on_a_single_one(channel, noise):
    samples = room(8, noise)
    samples[:, channel] += 0.1 * VOICE

    assert level_db(heard(samples)) == pytest.approx(level_db(to_pcm(0.1 * VOICE)), abs=0.5)


@pytest.mark.parametrize("noise", [0.0, 0.0005])
@pytest.mark.parametrize("begins_s", [0.0, 0.5, 2.0])
def test_music_on_other_channels_does_not_drown_a_voice_that_is_16_db_quieter(noise, begins_s):
    samples = room(8, noise)
    begin = int(begins_s * RATE_HZ)
    samples[:, 0] += 0.15 * VOICE
    samples[begin:, 6:] += MUSIC[begin:, None]

    assert likeness(heard(samples)) > 0.9


@pytest.mark.parametrize("fades_in_s", [0.0, 0.05, 0.5])
@pytest.mark.parametrize("noise", [0.0, 0.0005])
def test_the_voice_is_found_by_its_first_pause_where_music_begins_just_before(noise, fades_in_s):
    speaks, plays = RATE_HZ // 2, int(0.31 * RATE_HZ)  # within a step
    fade = np.clip((np.arange(len(MUSIC)) - plays) / max(1, fades_in_s * RATE_HZ), 0, 1)
    samples = room(8, noise)
    samples[speaks:, 0] += 0.15 * VOICE[speaks:]
    samples[:, 6:] = (fade * MUSIC)[:, None]

    assert likeness(heard(samples)[speaks:], VOICE[speaks:]) > 0.99


@pytest.mark.parametrize("noise", [0.0, 0.0005])
def test_two_opposite_channels_do_not_cancel(noise):
    voice = 0.1 * VOICE[:, None] * [1, -1]

    assert level_db(heard(voice + room(2, noise))) == pytest.approx(
        level_db(to_pcm(0.1 * VOICE)), abs=0.5
    )


def test_of_two_microphones_the_one_with_less_noise_beside_the_voice_is_used():
    samples = room(2) * [1, 60] + VOICE[:, None] * [0.1, -0.1]

    assert likeness(heard(samples)) > 0.95


@pytest.mark.parametrize("channels", [2, 4])
def test_channels_that_agree_are_mixed_to_the_sample(channels):
    samples = VOICE[:, None] + room(channels)

    assert np.abs(heard(samples).astype(int) - to_pcm(samples)).max() <= 1


def test_a_single_channel_passes_through():
    assert np.array_equal(heard(VOICE[:, None]), to_pcm(VOICE))
    assert np.array_equal(heard(VOICE), to_pcm(VOICE))


@pytest.mark.parametrize("block", [1, 100, 160, 321, 1000, 64_000])
def test_blocks_may_have_any_size(block):
    samples = room(2)
    samples[:, 1] += VOICE

    assert likeness(heard(samples, block)) > 0.99


def test_the_channel_in_use_stays_while_others_speak_as_clearly():
    """People who take turns at two microphones, each of which hears both."""
    turns = np.sin(2 * np.pi * np.arange(len(VOICE)) / RATE_HZ) > 0
    samples = room(2) + np.stack([VOICE * np.where(turns, 1, 0.7), -VOICE], axis=1) * 0.3
    pcm = heard(samples).astype(float)
    gains = [likeness(pcm[at:][:RATE_HZ], VOICE[at:][:RATE_HZ]) for at in range(0, 48_000, RATE_HZ)]

    assert len({gain > 0 for gain in gains}) == 1


def test_a_change_of_the_channel_makes_no_click():
    tone = np.sin(2 * np.pi * 200 * np.arange(len(VOICE)) / RATE_HZ) * 0.3
    samples = np.stack([tone, -tone], axis=1)
    samples[: len(samples) // 8, 1] = 0
    samples[len(samples) // 8 :, 0] = 0
    before, after = heard(samples)[:1000], heard(samples)[-1000:]
    steps = np.abs(np.diff(heard(samples).astype(int)))
    steps[len(samples) // 8 - 1] = 0  # the tone itself stops there

    assert rms_dbfs(before) == pytest.approx(rms_dbfs(after), abs=1.0)
    assert steps.max() <= 1.1 * np.abs(np.diff(before.astype(int))).max()


def test_samples_that_are_no_number_are_silence_and_teach_nothing():
    samples = room(2)
    samples[:, 1] += VOICE
    broken = samples.copy()
    broken[8000:8320] = [np.nan, np.inf]
    broken[8320:8640, 0] = 3e38

    assert likeness(heard(broken)[16_000:], VOICE[16_000:]) > 0.99


def test_nothing_makes_nothing():
    assert heard(np.zeros((3200, 2))).tolist() == [0] * 3200
    assert ChannelChoice(RATE_HZ).feed(np.empty((0, 4), np.float32)).tolist() == []


def test_a_look_changes_no_choice():
    samples = room(2)
    samples[:, 1] += VOICE
    choice = ChannelChoice(RATE_HZ)
    looked_at = choice.peek(samples[:1600])
    choice.feed(samples)

    assert np.array_equal(looked_at, to_pcm(samples[:1600].astype(np.float64)))
    assert np.array_equal(choice.peek(samples), to_pcm(samples[:, 1]))


@pytest.mark.parametrize(
    ("kind", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("MP3", None)]
)
def test_a_file_of_two_opposite_channels_is_read_as_the_voice(kind, subtype):
    file = io.BytesIO()
    soundfile.write(file, VOICE[:, None] * [1, -1], RATE_HZ, format=kind, subtype=subtype)
    pcm = read_speech(file.getvalue())

    assert level_db(pcm) == pytest.approx(level_db(to_pcm(VOICE)), abs=1.0)
