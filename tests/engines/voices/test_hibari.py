"""The voice that runs in this process, with its real network."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from fakes import until
from helpers.engines.speaking import samples_of, voice_of

from voice_assistant.audio.pauses import INAUDIBLE
from voice_assistant.engines.models.catalogue import HIBARI_VOICES
from voice_assistant.engines.models.folder import ModelFolder
from voice_assistant.engines.voices import hibari
from voice_assistant.engines.voices.hibari import LEAD_S, TAIL_S, Hibari, hibari_voices
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.system.memory import give_back_memory

pytestmark = pytest.mark.skipif(not hibari_voices(), reason="needs the package hibari-tts")

RATE_HZ = 24_000


@pytest.fixture(scope="module")
def voice():
    return voice_of("hibari")


def audible_s(pcm):
    """Seconds of the first and behind the last sound."""
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > INAUDIBLE)
    return loud[0] / RATE_HZ, (pcm.size - loud[-1]) / RATE_HZ


async def test_a_sentence_is_spoken_without_silence_around_it(voice):
    pcm = await samples_of(voice, "It is a quarter past seven.")
    assert 1.0 < pcm.size / RATE_HZ < 2.5
    begin_s, end_s = audible_s(pcm)
    assert begin_s <= LEAD_S + 0.001
    assert end_s == pytest.approx(TAIL_S, abs=0.04)


async def test_the_same_words_sound_the_same(voice):
    assert np.array_equal(await samples_of(voice, "Hello."), await samples_of(voice, "Hello."))


async def test_sentences_come_one_by_one(voice):
    blocks = [pcm.size async for pcm, _ in voice.speak("One sentence. Then another one.")]
    assert len(blocks) == 2


def memory_mb():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux")
async def test_the_memory_of_a_long_sentence_is_given_back(voice):
    long = "The kettle is boiling over in the kitchen of the house next door where nobody " * 4
    await samples_of(voice, "Hello.")
    before = memory_mb()
    await samples_of(voice, long)
    await samples_of(voice, "Hello.")
    give_back_memory()
    assert memory_mb() - before < 30  # else 50


@pytest.mark.parametrize("text", ["", "...", "!!!", "🎉", "   "])
async def test_nothing_to_say_is_nothing(voice, text):
    assert not (await samples_of(voice, text)).size


async def test_hibari_is_as_loud_as_the_other_voices(voice):
    def loudness_db(pcm):
        power = np.square(pcm[: pcm.size // 480 * 480].reshape(-1, 480).astype(float)).mean(axis=1)
        loud = power[power > 0.01 * np.percentile(power, 95)]
        return 10 * np.log10(loud.mean() / 32768**2)

    text = "The timer for ten minutes is running."
    voices = [voice, voice_of("flite"), voice_of("flite", "rms"), voice_of("espeak-ng")]
    found = [loudness_db(await samples_of(one, text)) for one in voices if one]
    assert max(found) - min(found) < 3.0, found
    assert -23.0 < found[0] < -17.0


async def test_other_languages_are_left_to_espeak(voice):
    if not shutil.which("espeak-ng"):
        pytest.skip("needs espeak-ng")
    rates = {rate async for _, rate in voice.speak("Это предложение по-русски.")}
    assert rates == {22_050}


async def test_words_that_nobody_reads_are_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    alone = find_voice()
    assert alone.name == "hibari heart"
    with pytest.raises(VoiceFailed, match="cannot read"):
        await samples_of(alone, "Это предложение.")


async def test_hibari_is_the_first_choice_unless_another_voice_is_named():
    assert voice_of("auto").name == "hibari heart"
    if shutil.which("flite"):
        assert voice_of("auto", "rms").name == "flite rms"
    assert voice_of("hibari", "nobody") is None


async def test_more_voices_are_there_once_they_are_installed(tmp_path):
    models = ModelFolder(tmp_path)
    assert hibari_voices(models) == ["heart"]
    (emma,) = (model for model in HIBARI_VOICES if model.name == "hibari-emma")
    file = models.place(emma) / emma.files[0].name
    file.parent.mkdir()
    file.touch()
    with file.open("r+b") as opened:
        opened.truncate(emma.size)
    assert hibari_voices(models) == ["heart", "emma"]
    with pytest.raises(VoiceFailed, match="damaged"):
        Hibari("emma", models).load()
    assert hibari_voices(models) == ["heart"]


async def test_warming_loads_what_is_needed():
    voice = Hibari()
    assert voice._network is None
    voice.load()
    assert voice._network is not None


async def test_what_was_loaded_for_a_sentence_is_forgotten_after_a_while(monkeypatch):
    monkeypatch.setattr(hibari, "FORGOTTEN_AFTER_S", 0.0)
    voice = Hibari()
    first = [pcm.size async for pcm, _ in voice.speak("Yes.")]
    await until(lambda: voice._network is None)
    assert [pcm.size async for pcm, _ in voice.speak("Yes.")] == first
    voice.load()
    async for _ in voice.speak("Yes."):
        pass
    voice._forget()
    assert voice._network is not None
