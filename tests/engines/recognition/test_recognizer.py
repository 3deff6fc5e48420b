"""The recogniser with its real process."""

from __future__ import annotations

import asyncio
import os
import signal

import numpy as np
import pytest
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.engines.recognition.recognizer import (
    Recognizer,
    RecognizerDied,
    recognizer_available,
)
from voice_assistant.server.skills.grammar import grammar

pytestmark = needs_real_engines


async def recognizing(scenario, commands=""):
    """Run a scenario with a recogniser."""

    async def run():
        async with Recognizer(commands) as recognizer:
            return await scenario(recognizer)

    return await run()


def test_this_machine_can_recognise_speech():
    assert recognizer_available()


async def test_silence_has_no_words():
    async def scenario(recognizer):
        zeros = np.zeros(16_000, np.int16)
        hiss = np.random.default_rng(1).integers(-3, 4, 16_000, np.int16)
        return [await recognizer.recognize(pcm) for pcm in (zeros, hiss, zeros[:1], zeros[:0])]

    assert await recognizing(scenario, grammar()) == ["", "", "", ""]


async def test_speech_has_the_same_words_in_pieces_and_as_a_whole():
    async def scenario(recognizer):
        pcm = await spoken("what time is it")
        async with recognizer.utterance() as utterance:
            for start in range(0, pcm.size, 777):
                await utterance.feed(pcm[start : start + 777])
            await utterance.feed(pcm[:0])
            pieces = await utterance.finish()
        return pieces, await recognizer.recognize(pcm)

    assert await recognizing(scenario, grammar()) == ("what time is it", "what time is it")


async def test_without_a_grammar_it_hears_anything():
    async def scenario(recognizer):
        return await recognizer.recognize(await spoken("the children were playing in the garden"))

    assert await recognizing(scenario) == "the children were playing in the garden"


async def test_recordings_at_the_same_time_wait_for_each_other():
    async def scenario(recognizer):
        questions = ("what time is it", "cancel the timer", "what can you do")
        recordings = [await spoken(question, "rms") for question in questions]
        return questions, await asyncio.gather(*map(recognizer.recognize, recordings))

    questions, heard = await recognizing(scenario, grammar())
    assert list(questions) == heard


async def test_a_recording_that_is_given_up_leaves_no_trace():
    async def scenario(recognizer):
        other, pcm = await spoken("how much time is left"), await spoken("what time is it")
        async with recognizer.utterance() as utterance:
            await utterance.feed(other)
        waiting = asyncio.create_task(recognizer.recognize(other))
        async with asyncio.timeout(20):
            while not recognizer._turn.locked():
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return await recognizer.recognize(pcm), recognizer._process.returncode

    assert await recognizing(scenario, grammar()) == ("what time is it", None)


async def test_who_stops_waiting_for_words_leaves_them_to_nobody():
    async def scenario(recognizer):
        other, pcm = await spoken("how much time is left"), await spoken("what time is it")
        async with recognizer.utterance() as utterance:
            await utterance.feed(other)
            finishing = asyncio.create_task(utterance.finish())
            await asyncio.sleep(0)  # it has asked, and now waits
            finishing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await finishing
        return await recognizer.recognize(pcm)

    assert await recognizing(scenario, grammar()) == "what time is it"


async def test_a_process_that_died_unused_is_replaced_unnoticed():
    async def scenario(recognizer):
        process = recognizer._process
        process.send_signal(signal.SIGKILL)
        await process.wait()
        return await recognizer.recognize(await spoken("what time is it"))

    assert await recognizing(scenario, grammar()) == "what time is it"


@pytest.mark.parametrize("when", ["while it listens", "while it is waited for"])
async def test_a_process_that_dies_is_told_once_and_replaced(when):
    async def scenario(recognizer):
        pcm = await spoken("what time is it")
        process = recognizer._process

        async def dying():
            async with recognizer.utterance() as utterance:
                await utterance.feed(pcm)
                finishing = asyncio.create_task(utterance.finish())
                await asyncio.sleep(0)
                process.send_signal(signal.SIGKILL)
                await finishing

        async def dead():
            async with recognizer.utterance() as utterance:
                process.send_signal(signal.SIGKILL)
                while True:
                    await utterance.feed(pcm)

        with pytest.raises(RecognizerDied) as died:
            await (dead() if when == "while it listens" else dying())
        assert died.value.hint
        return await recognizer.recognize(pcm)

    assert await recognizing(scenario, grammar()) == "what time is it"


async def test_its_process_ends_with_the_context_and_with_its_input():
    async def scenario(recognizer):
        return recognizer._process

    process = await recognizing(scenario)
    assert process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


async def test_an_interrupt_of_the_terminal_is_not_for_its_process():
    async def scenario(recognizer):
        pcm = await spoken("what time is it")
        await recognizer.recognize(pcm)  # it has loaded, and set its signals
        recognizer._process.send_signal(signal.SIGINT)
        return await recognizer.recognize(pcm)

    assert await recognizing(scenario, grammar()) == "what time is it"


async def test_what_cannot_be_started_says_so():
    async def scenario():
        async with Recognizer("x" * 100, command=("/nowhere/python",)):
            pytest.fail("it started")

    with pytest.raises(RecognizerDied, match="cannot be started"):
        await scenario()


@pytest.mark.parametrize("when", ["while it listens", "while it is waited for"])
async def test_a_process_that_hangs_is_given_up_and_replaced(when):
    pcm = await spoken("what time is it")

    async def hear(recognizer):
        async with recognizer.utterance() as utterance:
            utterance._patience_s = -1000.0  # the longest patience is over
            while when == "while it listens":  # until its pipe is full
                await utterance.feed(pcm)
            await utterance.finish()

    async with Recognizer(grammar()) as recognizer:
        assert await recognizer.recognize(pcm) == "what time is it"
        hanging = recognizer._process
        hanging.send_signal(signal.SIGSTOP)
        with pytest.raises(RecognizerDied, match="stopped unexpectedly"):
            await hear(recognizer)
        assert await recognizer.recognize(pcm) == "what time is it"
        assert hanging.returncode == -signal.SIGKILL
