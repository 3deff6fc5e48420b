"""Which voices are listed."""

from __future__ import annotations

import shutil

import pytest
from helpers.engines.speaking import voice_of

from voice_assistant.engines.voices.hibari import hibari_voices
from voice_assistant.engines.voices.listing import NamedVoices, voices


def test_every_listed_voice_of_english_can_be_chosen():
    found = [one for one in voices() if one.language == "en"]
    assert found
    for one in found:
        assert voice_of(one.engine, one.voice).name == f"{one.engine} {one.voice}"


def test_the_best_engine_comes_first():
    engines = list(dict.fromkeys(one.engine for one in voices()))
    assert engines == [name for name in ("hibari", "flite", "espeak-ng", "say") if name in engines]


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_languages_are_told():
    assert {"de", "fr", "es"} <= {one.language for one in voices() if one.engine == "espeak-ng"}


def test_programs_that_are_missing_or_odd_have_no_voices(tmp_path, monkeypatch):
    (tmp_path / "flite").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "flite").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [one.voice for one in voices()] == hibari_voices()


@pytest.mark.skipif(not shutil.which("flite"), reason="needs flite")
async def test_a_voice_is_found_by_its_name_alone_and_with_its_engine():
    named = NamedVoices()
    slt = await named.get("slt")
    assert slt.name == "flite slt"
    assert (await named.get("flite slt")).name == "flite slt"
    assert await named.get("slt") is slt
    assert await named.get("nobody") is None
