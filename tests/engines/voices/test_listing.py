"""Which voices are listed."""

from __future__ import annotations

import shutil

import pytest
from helpers.engines.speaking import voice_of

from voice_assistant.engines.voices.hibari import hibari_voices
from voice_assistant.engines.voices.listing import NamedVoices, check_voices, voices
from voice_assistant.errors import ConfigError
from voice_assistant.settings.sections.backend import BackendSettings, EmbeddedSettings


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


@pytest.mark.parametrize(
    ("embedded", "backend", "named"),
    [
        ({}, {}, ""),
        ({"engine": "hibari", "voice": hibari_voices()[0]}, {"voice": hibari_voices()[0]}, ""),
        ({"engine": "hibari", "voice": "nobody"}, {}, "embedded.voice"),
        ({"voice": "nobody"}, {}, "embedded.voice"),
        ({}, {"voice": "nobody"}, "backend.voice"),
        ({}, {"voice": "flite nobody"}, "backend.voice"),
        ({}, {"voice": "alloy", "kind": "dify", "url": "https://dify.example/v1"}, ""),
    ],
)
def test_a_voice_that_is_not_there_is_told_with_those_that_are(embedded, backend, named):
    wished = (EmbeddedSettings(**embedded), BackendSettings(**backend))
    if not named:
        check_voices(*wished)
        return
    with pytest.raises(ConfigError, match=named) as caught:
        check_voices(*wished)
    assert "nobody" in caught.value.title
    assert f"hibari: {hibari_voices()[0]}" in caught.value.hint
    assert len(caught.value.hint) < 300


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_a_variant_of_a_voice_is_a_voice():
    check_voices(EmbeddedSettings(engine="espeak-ng", voice="de+f3"), BackendSettings())
    with pytest.raises(ConfigError):
        check_voices(EmbeddedSettings(engine="espeak-ng", voice="xx+f3"), BackendSettings())
