from __future__ import annotations

import pytest
from helpers.speech.cuts import VOICES, count


@pytest.mark.parametrize("name", ["slt", "rms", "awb", "kal16", "espeak-ng, 175 words"])
def test_of_a_real_voice_cut_off_anywhere_no_sentence_is_lost_and_hardly_two_repeated(name):
    voice = VOICES[name]
    if not voice.there:
        pytest.skip(f"needs {voice.command[0]}")
    found = count(voice, 2, 8, seed=3)
    assert len(found) == 4
    for case, counted in found.items():
        assert counted["cuts"] >= 16
        assert counted["lose"] == 0
        assert counted["repeat"] <= (case.voice == "unheard")
