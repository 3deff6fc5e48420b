"""A voice speaks, and its program starts, fails and ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path

import numpy as np
import pytest
from helpers.engines.speaking import real_voices, samples_of, voice_of
from helpers.engines.telling import python, python_voice

from voice_assistant.audio.codec.wav import header
from voice_assistant.engines.voices.program import Program, VoiceFailed
from voice_assistant.engines.voices.voice import Voice

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
    silent = python("import sys; sys.stdin.read()", "{file}")
    with pytest.raises(VoiceFailed, match="wrote no speech"):
        await samples_of(Voice("python", silent.speak), "Hello.")


async def test_a_program_that_is_gone_is_told():
    with pytest.raises(VoiceFailed, match="cannot be started"):
        await samples_of(Voice("gone", Program("gone", ["/nowhere/flite"]).speak), "Hello.")


async def test_a_program_that_does_not_read_its_input_still_speaks():
    wav = header(16_000).hex()
    code = (
        "import sys; sys.stdin.close();"
        f"sys.stdout.buffer.write(bytes.fromhex('{wav}') + bytes(3200))"
    )
    pcm = await samples_of(python_voice(code), "Hello.")
    assert pcm.size == 1600


async def test_a_program_that_hangs_is_told_and_ended():
    code = "import sys, time; sys.stdin.read(); time.sleep(60)"

    async def scenario():
        voice = Voice("one", python(code, patience_s=2.0).speak)
        speech = asyncio.create_task(samples_of(voice, "Yes."))
        pid = await program()
        with pytest.raises(VoiceFailed, match="hangs"):
            await speech
        return pid

    pid = await scenario()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


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
