"""Voices: those of this machine, and programs that misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.engines.speaking import samples_of, voice_of

from voice_assistant.audio.codec.wav import header
from voice_assistant.engines.voices.ascii import ascii_of
from voice_assistant.engines.voices.installed import espeak_reads
from voice_assistant.engines.voices.program import (
    Voice,
    VoiceFailed,
    sentences,
)

TEXTS = [
    "Five times seven is 35.",
    "One sentence. Another one, with 3.5 in it! A third?",
    "-h",
    "--voice=nobody -o /tmp/x",
    "<b>Bold</b> & [[plain]] <script>alert()</script> 'text' $(touch x) `y`",
    "Caf\u00e9, \u201cna\u00efve\u201d \u2014 d\u00e9j\u00e0 vu\u2026",
    "\u041f\u0440\u0438\u0432\u0435\u0442",
    "A long text " * 60,
]


def real_voices():
    return [name for name in ("flite", "espeak-ng") if shutil.which(name)] or [
        pytest.param("", marks=pytest.mark.skip("needs flite or espeak-ng"))
    ]


def python_voice(code):
    """A voice whose program is a few lines of Python."""
    return Voice("python", [sys.executable, "-c", code])


@pytest.mark.parametrize("engine", real_voices())
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_every_text_is_spoken(engine, text):
    pcm = await samples_of(voice_of(engine), text)
    assert pcm.dtype == np.int16
    assert np.abs(pcm).max() > 1000


@pytest.mark.parametrize("engine", real_voices())
@pytest.mark.parametrize("text", ["", "  \n", "...", "<br>", "?! \u2014", "___"])
async def test_a_text_without_words_makes_no_sound(engine, text):
    assert (await samples_of(voice_of(engine), text)).size == 0


@pytest.mark.parametrize("engine", real_voices())
async def test_a_longer_text_is_longer_speech(engine):
    async def scenario():
        voice = voice_of(engine)
        return [(await samples_of(voice, text)).size for text in ("One.", "One. Two. Three.")]

    short, long = await scenario()
    assert long > 2 * short


@pytest.mark.parametrize("engine", real_voices())
async def test_the_first_sentence_is_heard_before_the_others_are_made(engine):
    async def scenario():
        speech = voice_of(engine).speak("A sentence. " * 400)
        async with contextlib.aclosing(speech):
            pcm, rate_hz = await anext(speech)
        return pcm.size / rate_hz

    assert 0 < await scenario() < 3


async def test_the_text_stands_in_no_process_list():
    code = "import sys, time; sys.stdin.read(); print(flush=True); time.sleep(60)"

    async def scenario():
        speech = python_voice(code).speak("A secret.")
        listening = asyncio.create_task(anext(speech, None))
        await program()
        seen = [command for *_, command in processes() if "A secret" in command]
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await speech.aclose()
        return seen

    assert await scenario() == []


async def test_closing_the_speech_kills_the_program():
    wav = header(16_000).hex()
    code = (
        "import sys, time; sys.stdin.read();"
        f"sys.stdout.buffer.write(bytes.fromhex('{wav}') + bytes(64000)); sys.stdout.flush();"
        "time.sleep(60)"
    )

    async def scenario():
        speech = python_voice(code).speak("Hello.")
        async with contextlib.aclosing(speech):
            async for pcm, rate_hz in speech:
                assert pcm.size
                assert rate_hz == 16_000
                pid = await program()
                break
        return pid

    began = time.monotonic()
    pid = await scenario()
    assert time.monotonic() - began < 30
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    "code",
    ["import sys; sys.exit(3)", "import os; os.kill(os.getpid(), 9)", "1 / 0"],
)
async def test_a_program_that_fails_is_told(code):
    with pytest.raises(VoiceFailed) as failed:
        await samples_of(python_voice(code), "Hello.")
    assert "status" in failed.value.title


async def test_a_program_that_writes_no_file_is_told():
    """As where the disk is full."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()", "{file}"]
    with pytest.raises(VoiceFailed, match="wrote no speech"):
        await samples_of(Voice("python", command), "Hello.")


async def test_a_program_that_is_gone_is_told():
    with pytest.raises(VoiceFailed, match="cannot be started"):
        await samples_of(Voice("gone", ["/nowhere/flite"]), "Hello.")


async def test_a_program_that_does_not_read_its_input_still_speaks():
    wav = header(16_000).hex()
    code = (
        "import sys; sys.stdin.close();"
        f"sys.stdout.buffer.write(bytes.fromhex('{wav}') + bytes(3200))"
    )
    pcm = await samples_of(python_voice(code), "Hello.")
    assert pcm.size == 1600


async def test_other_scripts_go_to_who_can_read_them():
    foreign = [sys.executable, "-c", "import sys; sys.exit(len('{language}'))"]
    voice = Voice("flite", [sys.executable, "-c", "import sys; sys.exit(9)"], foreign)
    with pytest.raises(VoiceFailed, match="status 2"):
        await samples_of(voice, "\u041f\u0440\u0438\u0432\u0435\u0442")
    with pytest.raises(VoiceFailed, match="status 9"):
        await samples_of(voice, "Privet")


def telling(words):
    """A program whose speech is words: two letters are one sample."""
    wav = header(16_000).hex()
    code = f"import sys; sys.stdout.buffer.write(bytes.fromhex('{wav}') + b'{words}')"
    return [sys.executable, "-c", code]


FAILING = [sys.executable, "-c", "import sys; sys.exit(5)"]
GERMAN = "Berlin ist die Hauptstadt von Deutschland."


async def told(voice, text, *within):
    """What the programs of `telling` tell."""

    async def scenario():
        return b"".join([pcm.tobytes() async for pcm, _ in voice.speak(text, within)])

    return (await scenario()).decode()


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
    voice = Voice("one", telling("own."), telling("{language}"), language="en")
    assert await told(voice, text, *within) == language


@pytest.mark.parametrize("own", ["de", ""])
async def test_a_voice_reads_its_own_language_and_one_that_is_not_known_all_latin_letters(own):
    voice = Voice("one", telling("own."), telling("{language}"), language=own)
    assert await told(voice, "Ja.", GERMAN) == "own."


async def test_a_voice_reads_what_no_other_voice_of_this_machine_does():
    voice = Voice("one", telling("own."), FAILING, language="en")
    assert await told(voice, "Ja. Gut.", GERMAN) == "own.own."
    with pytest.raises(VoiceFailed, match="status 5"):
        await told(voice, "Привет", GERMAN)


async def test_words_in_other_letters_are_read_within_a_sentence():
    voice = Voice("one", telling("own."), telling("{language}"), language="en")
    assert await told(voice, "Hello is written 你好, is it not?") == "own.zhown."
    assert await told(voice, "Hello is written 你好.") == "own.zh"


async def test_words_that_no_voice_reads_cost_the_sentence_no_others():
    voice = Voice("one", telling("own."), FAILING, language="en")
    assert await told(voice, "Hello is written 你好, is it not?") == "own.own.own."


async def test_a_language_is_called_as_the_program_calls_it_for_words_in_its_letters():
    voice = Voice(
        "one", telling("own."), telling("{language}"), language="en", names={"zh": "zh2."}
    )
    assert await told(voice, "你好") == "zh2."
    assert await told(voice, "OK.", "你好") == "zh"


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("import sys; sys.exit(1)", []),
        ("import sys; sys.exit(1)", ["{file}"]),
        ("", []),
        ("", ["{file}"]),
        ("import time; time.sleep(60)", []),
    ],
    ids=["fails", "fails-file", "silent", "silent-file", "hangs"],
)
async def test_where_a_voice_is_broken_another_one_speaks(code, arguments):
    broken = [sys.executable, "-c", code, *arguments]
    voice = Voice("one", broken, telling("{language}"), language="en", patience_s=5.0)
    assert await told(voice, "Yes.") == "en"


async def test_a_program_that_hangs_is_told_and_ended():
    code = "import sys, time; sys.stdin.read(); time.sleep(60)"

    async def scenario():
        voice = Voice("one", [sys.executable, "-c", code], patience_s=5.0)
        speech = asyncio.create_task(samples_of(voice, "Yes."))
        pid = await program()
        with pytest.raises(VoiceFailed, match="hangs"):
            await speech
        return pid

    pid = await scenario()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_sentence_that_another_voice_breaks_off_is_told():
    command = telling("{language}")
    broken = Voice("one", FAILING, [*command[:2], f"{command[2]}; sys.exit(5)"], language="en")
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


def test_a_text_is_cut_into_its_sentences():
    text = "It is 3.5 miles. Is it? Yes: <i>really</i>!\nNo stop at the end"
    assert [" ".join(sentence.split()) for sentence in sentences(text)] == [
        "It is 3.5 miles.",
        "Is it?",
        "Yes: really !",
        "No stop at the end",
    ]


def test_a_row_of_a_table_is_said_in_one():
    assert sentences("City: Paris, Country: France.") == ["City: Paris, Country: France."]


def test_a_long_sentence_is_cut_where_a_voice_rests():
    text = "One thing; another, which is long: " * 20
    *portions, _ = sentences(text)
    assert "".join(sentences(text)).replace(" ", "") == text.replace(" ", "")
    assert {portion[-1] for portion in portions} <= set(":;,")
    assert min(map(len, portions)) > 250


def test_a_text_without_stops_is_cut_between_words():
    text = "seven letters " * 100
    portions = sentences(text)
    assert " ".join(portions).strip() == text.strip()
    assert max(map(len, portions)) < 320
    assert len(sentences("x" * 1000)) > 2


def test_a_comparison_is_no_markup():
    assert sentences("1 < 2 and 3 > 2") == ["1 < 2 and 3 > 2"]


def test_plain_letters_keep_what_can_be_kept():
    assert ascii_of("Caf\u00e9 \u201cd\u2019or\u201d \u2014 oui") == "Cafe d'or  -  oui"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\u22123 °C", "minus 3 degrees C"),
        ("3½ or ¼", "3 and 1/2 or 1/4"),
        ("2 \u00d7 3 ÷ 4", "2 times 3 divided by 4"),
        ("€1,500.50, £5.", "1,500.50 euros , 5 pounds ."),
        ("10 €", "10 euros"),
        ("5 m²", "5 m squared"),
        ("Søren, Straße", "Soren, Strasse"),
        ("a \u2260 b", "a not equal to b"),
        ("x < 5, y \u2265 3, z <= 2", "x less than 5, y at least 3, z at most 2"),
        ("a -> b \u2192 c", "a to b to c"),
        ("10⁶ = 10^6", "10 to the power of 6 = 10 to the power of 6"),
        ("10⁻²³", "10 to the power of minus 23"),
        ("π r²", "pi r squared"),
        ("5 \u00b5s, 5 \u03bcs", "5 micro s, 5 micro s"),
    ],
)
def test_signs_are_read_also_by_a_voice_that_knows_only_letters(text, read):
    assert " ".join(ascii_of(text).split()) == read


async def test_a_text_that_a_voice_cannot_read_is_told_and_not_taken_for_spoken():
    wav = header(16_000, 0).hex()
    silent = python_voice(f"import sys; sys.stdout.buffer.write(bytes.fromhex('{wav}'))")

    with pytest.raises(VoiceFailed, match="cannot read"):
        await samples_of(silent, "Hello.")


def processes():
    """Id, parent and command line of every process."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            yield int(folder.name), parent, (folder / "cmdline").read_text().replace("\0", " ")


async def program():
    """The id of a voice's program, as soon as it runs."""
    async with asyncio.timeout(20):
        while True:
            for pid, parent, command in list(processes()):
                if parent == os.getpid() and "stdin" in command:
                    return pid
            await asyncio.sleep(0.01)


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
        "one", telling("own."), telling("{language}"), language="en", can_read=espeak_reads
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
    voice = Voice("one", telling("own."), ascii_only=True)
    with pytest.raises(VoiceFailed, match="cannot read all"):
        await told(voice, text)
    assert await told(voice, "Café, 5 °C") == "own."


async def test_signs_are_read_in_the_language_of_the_text():
    wav = header(16_000).hex()
    code = f"import sys; sys.stdout.buffer.write(bytes.fromhex('{wav}') + sys.stdin.buffer.read())"
    reading = [sys.executable, "-c", code]
    voice = Voice("one", telling("own."), reading, language="en")
    assert await told(voice, "Das sind ~5.", GERMAN) == "Das sind etwa 5."
