"""Which voice of this machine reads which words."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.engines.speaking import real_voices, samples_of, voice_of
from helpers.engines.telling import FAILING, GERMAN, python, telling, told

from voice_assistant.audio.codec.wav import header
from voice_assistant.engines.voices.installed import espeak_reads
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.engines.voices.voice import Voice


async def test_other_scripts_go_to_who_can_read_them():
    foreign = python("import sys; sys.exit(len('{language}'))")
    voice = Voice("flite", python("import sys; sys.exit(9)").speak, foreign)
    with pytest.raises(VoiceFailed, match="status 2"):
        await samples_of(voice, "\u041f\u0440\u0438\u0432\u0435\u0442")
    with pytest.raises(VoiceFailed, match="status 9"):
        await samples_of(voice, "Privet")


@pytest.mark.parametrize(
    ("text", "within", "language"),
    [
        ("Ja.", [GERMAN], "de"),
        ("Ja. Gut.", [GERMAN], "dede"),
        ("Ja.", ["Ja.", "Ist Berlin die Hauptstadt von Deutschland?"], "de"),
        ("Ja.", [GERMAN, "What is the capital of Germany?"], "de"),
        ("Ja.", ["Ja."], "own."),
        ("Yes.", ["Yes.", "Is Berlin the capital of Germany?"], "own."),
        (GERMAN, [], "own."),
        ("Привет", [GERMAN], "ru"),
    ],
)
async def test_words_of_other_languages_go_to_who_can_read_them(text, within, language):
    voice = Voice("one", telling("own.").speak, telling("{language}"), language="en")
    assert await told(voice, text, *within) == language


@pytest.mark.parametrize("own", ["de", ""])
async def test_a_voice_reads_its_own_language_and_one_that_is_not_known_all_latin_letters(own):
    voice = Voice("one", telling("own.").speak, telling("{language}"), language=own)
    assert await told(voice, "Ja.", GERMAN) == "own."


async def test_a_voice_reads_what_no_other_voice_of_this_machine_does():
    voice = Voice("one", telling("own.").speak, FAILING, language="en")
    assert await told(voice, "Ja. Gut.", GERMAN) == "own.own."
    with pytest.raises(VoiceFailed, match="status 5"):
        await told(voice, "Привет", GERMAN)


async def test_words_in_other_letters_are_read_within_a_sentence():
    voice = Voice("one", telling("own.").speak, telling("{language}"), language="en")
    assert await told(voice, "Hello is written 你好, is it not?") == "own.zhown."
    assert await told(voice, "Hello is written 你好.") == "own.zh"


async def test_words_that_no_voice_reads_cost_the_sentence_no_others():
    voice = Voice("one", telling("own.").speak, FAILING, language="en")
    assert await told(voice, "Hello is written 你好, is it not?") == "own.own.own."


async def test_a_language_is_called_as_the_program_calls_it_for_words_in_its_letters():
    foreign = telling("{language}", languages={"zh": "zh2."})
    voice = Voice("one", telling("own.").speak, foreign, language="en")
    assert await told(voice, "你好") == "zh2."
    assert await told(voice, "OK.", "你好") == "zh"


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("import sys; sys.exit(1)", []),
        ("import sys; sys.exit(1)", ["{file}"]),
        ("", []),
        ("", ["{file}"]),
    ],
    ids=["fails", "fails-file", "silent", "silent-file"],
)
async def test_where_a_voice_is_broken_another_one_speaks(code, arguments):
    voice = Voice("one", python(code, *arguments).speak, telling("{language}"), language="en")
    assert await told(voice, "Yes.") == "en"


async def test_where_a_voice_hangs_another_one_speaks():
    hanging = python("import time; time.sleep(60)", patience_s=0.3)
    voice = Voice("one", hanging.speak, telling("{language}"), language="en")
    assert await told(voice, "Yes.") == "en"


async def test_a_sentence_that_another_voice_breaks_off_is_told():
    breaks_off = telling("{language}", then="; sys.exit(5)")
    broken = Voice("one", FAILING.speak, breaks_off, language="en")
    with pytest.raises(VoiceFailed, match="status 5"):
        await told(broken, "Ja.", GERMAN)


@pytest.mark.skipif(len(real_voices()) < 2, reason="needs flite and espeak-ng")
async def test_this_machine_has_voices_for_german_and_for_english():
    async def spoken(engine, voice, *within):
        async def scenario():
            speech = voice_of(engine, voice).speak("Gut.", within)
            return np.concatenate([pcm async for pcm, _ in speech])

        return await scenario()

    assert np.array_equal(await spoken("flite", "slt", GERMAN), await spoken("espeak-ng", "de"))
    assert np.array_equal(
        await spoken("flite", "slt", "This is good."), await spoken("flite", "slt")
    )
    assert np.array_equal(await spoken("espeak-ng", "de", GERMAN), await spoken("espeak-ng", "de"))
    assert np.array_equal(
        await spoken("espeak-ng", "de", "This is good."), await spoken("espeak-ng", "en")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("光の速度は一定です。", ""),
        ("The city of Tokyo is 東京, you see.", "own.own."),
        ("In Japan they say 富士山.", "own."),
    ],
)
async def test_words_that_no_voice_can_read_are_left_out_and_told(text, said):
    voice = Voice(
        "one", telling("own.").speak, telling("{language}"), language="en", can_read=espeak_reads
    )
    heard = []

    async def listen():
        async for pcm, _ in voice.speak(text):
            heard.append(pcm.tobytes())

    with pytest.raises(VoiceFailed, match="cannot read all"):
        await listen()
    assert b"".join(heard).decode() == said


@pytest.mark.parametrize("text", ["Привет", "ሰላም ዛሬ", "வணக்கம்", "你好"])
async def test_a_program_of_plain_letters_is_not_silent_about_others(text):
    voice = Voice("one", telling("own.").speak, ascii_only=True)
    with pytest.raises(VoiceFailed, match="cannot read all"):
        await told(voice, text)
    assert await told(voice, "Café, 5 °C") == "own."


async def test_signs_are_read_in_the_language_of_the_text():
    wav = header(16_000).hex()
    code = f"import sys; sys.stdout.buffer.write(bytes.fromhex('{wav}') + sys.stdin.buffer.read())"
    voice = Voice("one", telling("own.").speak, python(code), language="en")
    assert await told(voice, "Das sind ~5.", GERMAN) == "Das sind etwa 5."
