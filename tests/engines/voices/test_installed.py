"""Which voices a machine has, and programs that behave as those of macOS and Windows do."""

from __future__ import annotations

import json
import os
import sys

import numpy as np
import pytest
from helpers.engines.speaking import samples_of, voice_of

from voice_assistant.engines.voices.hibari import hibari_voices
from voice_assistant.engines.voices.installed import _language, _say, find_voice
from voice_assistant.engines.voices.program import VoiceFailed


def program_named(folder, name, text):
    program = folder / name
    program.write_text(text)
    program.chmod(0o755)


def test_engines_are_found_by_name(tmp_path, monkeypatch):
    for name in ("flite", "espeak-ng"):
        program_named(tmp_path, name, "#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert voice_of("flite").name == "flite slt"
    assert voice_of("flite", "rms").name == "flite rms"
    assert voice_of("espeak-ng", "de").name == "espeak-ng de"
    assert voice_of("nobody") is None
    (tmp_path / "flite").unlink()
    assert voice_of("flite") is None
    if sys.platform != "darwin" and not hibari_voices():
        assert find_voice().name == "espeak-ng en-us"
        (tmp_path / "espeak-ng").unlink()
        assert find_voice() is None


ESPEAK = f"""#!{sys.executable}
import sys
from voice_assistant.audio.codec.wav import header
if sys.argv[1:] == ["--version"]:
    sys.exit(print("eSpeak NG text-to-speech: VERSION  Data at: /usr/share/espeak-ng-data"))
name = sys.argv[sys.argv.index("-v") + 1].encode()
sys.stdout.buffer.write(header(16_000) + name + bytes(len(name) % 2))
"""


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
@pytest.mark.parametrize(
    ("version", "name"), [("1.50", "zh"), ("1.51", "cmn-latn-pinyin"), ("1.52.0", "zh")]
)
async def test_chinese_is_read_by_the_voice_of_espeak_that_knows_its_tones(
    version, name, tmp_path, monkeypatch
):
    program_named(tmp_path, "espeak-ng", ESPEAK.replace("VERSION", version))
    monkeypatch.setenv("PATH", str(tmp_path))

    pcm = await samples_of(voice_of("espeak-ng"), "你好")

    assert pcm.tobytes().rstrip(b"\0").decode() == name


POWERSHELL = f"""#!{sys.executable}
import base64, json, pathlib, sys, wave
seen = pathlib.Path(__file__).with_name("seen")
encoded = sys.stdin.read()
seen.write_text(json.dumps([sys.argv[1:], base64.b64decode(encoded, validate=True).decode()]))
with wave.open(sys.stdout.buffer, "wb") as wav:
    wav.setparams((1, 2, 22_050, 2205, "NONE", ""))
    wav.writeframes(b"ab" * 2205)
"""


SAY = f"""#!{sys.executable}
import json, pathlib, struct, sys
VOICES = [("Alex", "en_US"), ("Eddy (Chinese (China mainland))", "zh_CN"), ("Tingting", "zh_CN")]
if sys.argv[1:] == ["-v", "?"]:
    for name, locale in VOICES:
        print(name.ljust(19), locale.ljust(8), "# Hello zh_TW!")
    sys.exit()
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert options["-f"] == "-"
said = sys.stdin.buffer.read().decode("utf-8")
pathlib.Path(__file__).with_name("seen").write_text(json.dumps([sys.argv[1:], said]))
def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body
fmt = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 22_050, 44_100, 2, 16))
body = b"WAVE" + fmt + chunk(b"FLLR", bytes(4044)) + chunk(b"data", b"ab" * 2205)
pathlib.Path(options["-o"]).write_bytes(chunk(b"RIFF", body))
"""
"""Writes what macOS writes: a WAV file whose samples begin at a round place."""


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
@pytest.mark.parametrize(
    ("text", "chosen", "named"),
    [
        ("-v is no option, it's $(5 o'clock) `now`, caf\u00e9.", "", []),
        ("Hello.", "Daniel", ["-v", "Daniel"]),
        ("\u4f60\u597d\u3002", "Daniel", ["-v", "Eddy (Chinese (China mainland))"]),
    ],
)
async def test_the_voices_of_macos_speak_through_say(text, chosen, named, tmp_path, monkeypatch):
    program_named(tmp_path, "say", SAY)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    pcm = await samples_of(_say(chosen), text)

    assert pcm.tobytes() == b"ab" * 2205
    arguments, said = json.loads((tmp_path / "seen").read_text())
    assert said == text
    assert arguments[: len(named) + 3] == [*named, "-f", "-", "-o"]
    assert arguments[len(named) + 4 :] == ["--file-format=WAVE", "--data-format=LEI16@22050"]


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
async def test_a_language_that_no_voice_of_macos_speaks_is_told(tmp_path, monkeypatch):
    program_named(tmp_path, "say", SAY)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(VoiceFailed):
        await samples_of(_say(""), "\u041f\u0440\u0438\u0432\u0435\u0442")


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("en-us", "en"),
        ("de", "de"),
        ("de+f3", "de"),
        ("mb-de5", "de"),
        ("cmn-latn-pinyin", "cmn"),
        ("de_DE", "de"),
        ("C", ""),
        ("Daniel", ""),
        ("german", ""),
        ("", ""),
    ],
)
def test_a_voice_or_a_country_is_named_after_its_language(name, language):
    assert _language(name) == language


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
async def test_the_voices_of_windows_speak_through_powershell(tmp_path, monkeypatch):
    program_named(tmp_path, "powershell", POWERSHELL)
    monkeypatch.setenv("PATH", str(tmp_path))
    text = "\u201cCaf\u00e9\u201d, it's $(5 o'clock) `now`."
    voice = voice_of("sapi", "Zira O'Neill")

    async def scenario():
        return [block async for block in voice.speak(text)]

    blocks = await scenario()
    assert voice.name == "sapi Zira O'Neill"
    assert {rate_hz for _, rate_hz in blocks} == {22_050}
    assert np.concatenate([pcm for pcm, _ in blocks]).tobytes() == b"ab" * 2205
    arguments, said = json.loads((tmp_path / "seen").read_text())
    assert said == text
    assert arguments[:-1] == ["-NoProfile", "-NonInteractive", "-Command"]
    assert "$voice.SelectVoice('Zira O''Neill')" in arguments[-1]
    assert not any(word in arguments[-1] for word in ("Caf", "clock", '"', "{"))


async def test_the_best_voice_of_windows_is_the_one_chosen_there(tmp_path, monkeypatch):
    program_named(tmp_path, "powershell", POWERSHELL)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert voice_of("sapi").name == "sapi"
    await samples_of(voice_of("sapi"), "Hello.")
    assert "SelectVoice" not in (tmp_path / "seen").read_text()
    await samples_of(voice_of("sapi"), "\u4f60\u597d")
    arguments, said = json.loads((tmp_path / "seen").read_text())
    assert said == "\u4f60\u597d"
    assert "TwoLetterISOLanguageName -eq 'zh'" in arguments[-1]
    assert '"' not in arguments[-1]
    assert arguments[-1].count("{") == arguments[-1].count("}")
    if sys.platform not in ("darwin", "win32") and not hibari_voices():
        assert find_voice() is None
    (tmp_path / "powershell").unlink()
    assert voice_of("sapi") is None
