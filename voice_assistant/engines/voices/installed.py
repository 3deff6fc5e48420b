"""Finds the voices of this machine; knows the command line of each speech program."""

from __future__ import annotations

import locale
import re
import shutil
import subprocess
import sys

from voice_assistant.engines.voices.ascii import keeps_words
from voice_assistant.engines.voices.hibari import BUNDLED, Hibari, hibari_voices
from voice_assistant.engines.voices.program import Program
from voice_assistant.engines.voices.voice import Voice
from voice_assistant.settings.sections.backend import EmbeddedSettings

SAPI = (
    "$ErrorActionPreference = 'Stop'; Add-Type -AssemblyName System.Speech; "
    "$text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(@($input) -join '')); "
    "$wav = New-Object IO.MemoryStream; "
    "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "{choose}$voice.SetOutputToWaveStream($wav); $voice.Speak($text); $voice.Dispose(); "
    "$bytes = $wav.ToArray(); "  # works on a closed stream, too
    "$output = [Console]::OpenStandardOutput(); $output.Write($bytes, 0, $bytes.Length); "
    "$output.Flush()"
)
"""The script for PowerShell: reads text in Base64, and writes a WAV file, spoken by Windows."""

SAPI_FOREIGN = (
    "foreach ($one in $voice.GetInstalledVoices()) {"
    " if ($one.Enabled -and $one.VoiceInfo.Culture.TwoLetterISOLanguageName -eq '{language}')"
    " { $voice.SelectVoice($one.VoiceInfo.Name); $found = $true; break } }; "
    "if (-not $found) { throw 'no voice of this language' }; "
)

SAY_WAV = ("--file-format=WAVE", "--data-format=LEI16@22050")
SAY_FOREIGN = (
    """voice=$(say -v '?' </dev/null"""
    """ | LC_ALL=C sed -nE "s/^([^#]*[^# ]) +$1[_-].*/\\1/p" | head -n 1); """
    """[ "$voice" ] && exec say -v "$voice" -f - -o "$2" """ + " ".join(SAY_WAV)
)
"""The script for macOS. The list of `say` has a line for each voice: name, language, example, as in
"Tingting    zh_CN    # and a sentence to try"."""


def find_voice(settings: EmbeddedSettings = EmbeddedSettings()) -> Voice | None:
    """Return the best voice of this machine that the settings allow; None without a voice."""
    engine, voice = settings.engine, settings.voice
    flite, espeak = shutil.which("flite"), shutil.which("espeak-ng") or shutil.which("espeak")
    foreign = _foreign(espeak) if espeak else None
    if engine in ("auto", "say") and sys.platform == "darwin":
        return _say(voice)
    sapi = engine == "sapi" or (engine == "auto" and sys.platform == "win32")
    if sapi and (powershell := shutil.which("powershell")):
        return _sapi(powershell, voice)
    if engine in ("auto", "hibari") and (voice or BUNDLED) in hibari_voices():
        network = Hibari(voice or BUNDLED)
        return Voice(
            f"hibari {voice or BUNDLED}",
            network.speak,
            foreign,
            load=network.load,
            gain=_gain("hibari"),
            language="en",
            can_read=_reads_english,
        )
    if engine in ("auto", "flite") and flite:
        return _flite(flite, voice or "slt", foreign)
    if engine in ("auto", "espeak-ng") and espeak:
        return _espeak(espeak, voice or "en-us", foreign)
    return None


LOUDNESS_DB = {"hibari": 4.7, "flite slt": -6.4, "flite awb": -1.4}
"""What makes a voice as loud as espeak-ng, whose speech has -19.7 dB of full scale (the power of
its loud parts, measured over four sentences; most voices of flite have the same)."""


def _gain(voice: str) -> float:
    gain: float = 10 ** (LOUDNESS_DB.get(voice, 0.0) / 20)
    return gain


def _reads_english(words: str, language: str) -> bool:
    """Return whether words can be read: hibari spells other letters by their English names."""
    return keeps_words(words) if language == "en" else espeak_reads(words, language)


def espeak_reads(words: str, language: str) -> bool:
    """Return whether espeak-ng can read words with the voice of a language.

    All voices except the Chinese ones say "Chinese letter" for each Chinese character; the Japanese
    voice does so, too (espeak-ng 1.51, `espeak-ng -q -x -v ja`).
    """
    return language in _HAN_READERS or not _HAN.search(words)


_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_HAN_READERS = frozenset({"zh", "cmn", "yue", "hak"})


def _espeak_names(espeak: str) -> dict[str, str]:
    """Return the voices of languages whose voice is not named by the language's code.

    Version 1.51 turns Chinese into Pinyin and reads most of the Pinyin as English: "hao two". The
    voice that reads all Latin letters as Pinyin reads this Pinyin, too
    (https://github.com/espeak-ng/espeak-ng/issues/1236).
    """
    try:
        told = subprocess.run(
            [espeak, "--version"], capture_output=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return {"zh": "cmn-latn-pinyin"} if b" 1.51" in told else {}


def _foreign(espeak: str) -> Program:
    """Return the program that speaks all languages except the voice's own."""
    command = [espeak, "-v", "{language}", "--stdin", "--stdout"]
    return Program("espeak-ng", command, _espeak_names(espeak))


def _espeak(espeak: str, voice: str, foreign: Program | None) -> Voice:
    program = Program(f"espeak-ng {voice}", [espeak, "-v", voice, "--stdin", "--stdout"])
    return Voice(
        program.name, program.speak, foreign, language=_language(voice), can_read=espeak_reads
    )


def _flite(flite: str, voice: str, foreign: Program | None) -> Voice:
    program = Program(f"flite {voice}", [flite, "-voice", voice, "-f", "-", "-o", "{file}"])
    return Voice(
        program.name,
        program.speak,
        foreign,
        gain=_gain(program.name),
        language="en",
        ascii_only=True,
        can_read=espeak_reads,
    )


def _say(voice: str) -> Voice:
    named = ["-v", voice] if voice else []
    program = Program(f"say {voice}".strip(), ["say", *named, "-f", "-", "-o", "{file}", *SAY_WAV])
    foreign = Program("say", ["sh", "-c", SAY_FOREIGN, "sh", "{language}", "{file}"])
    system = "" if voice else _language(locale.getlocale()[0] or "")
    return Voice(program.name, program.speak, foreign, language=system)


def _sapi(powershell: str, voice: str) -> Voice:
    quoted = voice.replace("'", "''")
    choose = f"$voice.SelectVoice('{quoted}'); " if voice else ""
    name = f"sapi {voice}".strip()
    command = [powershell, "-NoProfile", "-NonInteractive", "-Command"]
    own, foreign = (
        Program(name, [*command, SAPI.replace("{choose}", choice)], as_base64=True)
        for choice in (choose, SAPI_FOREIGN)
    )
    return Voice(name, own.speak, foreign)


def _language(name: str) -> str:
    """Return the language of a voice's or a locale's name: "en-us", "mb-de5", "de_DE"."""
    found = re.match(r"(?:mb-)?([a-z]{2,3})(?![a-z])", name)
    return found[1] if found else ""
