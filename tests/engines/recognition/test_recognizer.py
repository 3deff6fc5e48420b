"""The recogniser with its real network."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import numpy as np
import pytest
from fakes import until
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.api.models import Transcript
from voice_assistant.command_words.spoken import spoken_where_nothing_goes_on
from voice_assistant.engines.models.catalogue import MOONSHINE, MOONSHINE_BASE
from voice_assistant.engines.models.folder import ModelFolder, ModelMissing
from voice_assistant.engines.recognition.command_grammar import (
    Beginning,
    Commands,
    beginning_with,
    of_phrases,
)
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.server.skills.grammar import commands

RATE_HZ = 16_000
SILENCE = np.zeros(RATE_HZ, np.int16)


@pytest.fixture(scope="module")
async def recognizer():
    async with Recognizer(commands) as recognizer:
        yield recognizer


def letters(heard):
    return "".join(sign for sign in heard.text.lower() if sign.isalpha() or sign == " ")


@needs_real_engines
async def test_silence_and_noise_have_no_words(recognizer):
    hiss = np.random.default_rng(1).integers(-900, 900, RATE_HZ, np.int16)
    for pcm in (SILENCE, hiss, SILENCE[:1], SILENCE[:0]):
        assert (await recognizer.recognize(pcm)).text == ""


@needs_real_engines
async def test_speech_has_the_same_words_in_pieces_and_as_a_whole(recognizer):
    pcm = await spoken("what time is it")
    async with recognizer.utterance() as utterance:
        for start in range(0, pcm.size, 777):
            await utterance.feed(pcm[start : start + 777])
        await utterance.feed(pcm[:0])
        pieces = await utterance.finish()
    assert pieces == await recognizer.recognize(pcm) == Transcript(text="What time is it?")


@needs_real_engines
async def test_speech_that_sounds_like_a_command_is_heard_as_one(recognizer):
    pcm = await spoken("set a timer for ten minutes")
    assert letters(await recognizer.recognize(pcm)) == "set a timer for ten minutes"
    async with Recognizer() as without_commands:
        assert letters(await without_commands.recognize(pcm)) != "set a timer for ten minutes"


def noise_before(kind):
    """Return 0.5 s of a noise in a quiet room, louder than speech."""
    at_s = np.arange(RATE_HZ // 2) / RATE_HZ
    sound = {
        "chord": sum(np.sin(2 * np.pi * hz * at_s) for hz in (220, 277, 330)),
        "bell": np.exp(-3 * at_s) * (np.sin(7540 * at_s) + np.sin(11310 * at_s)),
        "tune": np.sin(2 * np.pi * at_s * (400 + 100 * np.floor(at_s * 6))),
    }[kind]
    return sound / np.sqrt(np.mean(sound**2)) * 3300


@needs_real_engines
@pytest.mark.parametrize("kind", ["chord", "bell", "tune"])
async def test_what_is_said_after_a_loud_noise_is_heard_whole(recognizer, kind):
    said = (await spoken("set a timer for five minutes")).astype(float)
    said *= 730 / np.sqrt(np.mean(said**2))
    pcm = np.concatenate([SILENCE, noise_before(kind), said, SILENCE])
    pcm += np.random.default_rng(1).normal(0, 25, pcm.size)
    heard = await recognizer.recognize(pcm.astype(np.int16))
    assert letters(heard) == "set a timer for five minutes"


@needs_real_engines
async def test_a_larger_network_that_is_damaged_is_told_and_the_small_one_hears(tmp_path):
    models = ModelFolder(tmp_path)
    (tmp_path / MOONSHINE.name).symlink_to(ModelFolder().place(MOONSHINE))
    models.place(MOONSHINE_BASE).mkdir()
    for file in MOONSHINE_BASE.files:
        with (models.place(MOONSHINE_BASE) / file.name).open("wb") as opened:
            opened.truncate(file.size)
    async with Recognizer(models=models) as recognizer:
        assert recognizer.available()
        with pytest.raises(ModelMissing, match="moonshine-base-en is damaged"):
            await recognizer.load()
        assert recognizer.available()
        await recognizer.load()


@needs_real_engines
async def test_a_network_that_nobody_uses_is_let_go_and_loaded_again_when_somebody_speaks():
    said, asked = await spoken("what time is it"), "What time is it?"
    async with Recognizer(commands, idle_s=0.01) as recognizer:
        async with recognizer.utterance() as utterance:
            await utterance.feed(said)
            await asyncio.sleep(0.02)  # longer than nobody would use it
            assert recognizer.knows(asked), "somebody speaks"
        await until(lambda: not recognizer.knows(asked))
        assert (await recognizer.recognize(said)).text == asked


@needs_real_engines
async def test_changed_commands_are_known_as_soon_as_the_network_is_loaded_anew():
    own = ["shine"]
    async with Recognizer(lambda: Commands(of_phrases(own))) as recognizer:
        await recognizer.load()
        assert recognizer.knows("shine")
        own[:] = ["rain"]
        recognizer.let_go()
        await recognizer.load()
        assert recognizer.knows("rain")
        assert not recognizer.knows("shine")


@needs_real_engines
async def test_speech_that_is_no_command_is_heard_too(recognizer):
    pcm = await spoken("the children were playing in the garden")
    assert letters(await recognizer.recognize(pcm)) == "the children were playing in the garden"


@needs_real_engines
async def test_words_are_there_while_one_speaks_and_at_once_after_a_pause(recognizer):
    pcm = np.concatenate([await spoken("what can you do"), SILENCE])
    async with recognizer.utterance() as utterance:
        assert (await utterance.so_far()).text == ""
        for start in range(0, pcm.size, 3200):
            await utterance.feed(pcm[start : start + 3200])
        await utterance._ahead
        assert letters(await utterance.so_far()) == "what can you do"
        finishing = asyncio.create_task(utterance.finish())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert finishing.done(), "the words were found at the pause"
        assert letters(finishing.result()) == "what can you do"


@needs_real_engines
async def test_whoever_follows_gets_the_words_so_far_when_they_change(recognizer):
    async with recognizer.utterance() as utterance, aclosing(utterance.follow()) as words:
        await utterance.feed(await spoken("what time is it"))
        await utterance.feed(SILENCE)
        first = await anext(words)
        await utterance.feed(await spoken("in new york"))
        second = await anext(words)
        heard = await utterance.finish()
    assert first == "What time is it?"
    assert "York" in second
    assert second == heard.text


@needs_real_engines
async def test_words_after_a_pause_belong_to_the_same_recording(recognizer):
    pcm = np.concatenate(
        [await spoken("set a timer"), SILENCE[:8000], await spoken("for ten minutes")]
    )
    async with recognizer.utterance() as utterance:
        for start in range(0, pcm.size, 1600):
            await utterance.feed(pcm[start : start + 1600])
        assert letters(await utterance.finish()) == "set a timer for ten minutes"


@needs_real_engines
async def test_sentences_far_apart_are_all_heard(recognizer):
    question, order = await spoken("what time is it"), await spoken("what can you do")
    pcm = np.concatenate([question, np.zeros(7 * RATE_HZ, np.int16), order])
    assert letters(await recognizer.recognize(pcm)) == "what time is it what can you do"


@needs_real_engines
async def test_recordings_at_the_same_time_do_not_disturb_each_other(recognizer):
    questions = ["what time is it", "cancel the timer", "what can you do"]
    recordings = [await spoken(question, "rms") for question in questions]
    heard = await asyncio.gather(*map(recognizer.recognize, recordings))
    assert [letters(one) for one in heard] == questions


@needs_real_engines
async def test_a_slow_recording_keeps_nobody_waiting(recognizer):
    pcm = await spoken("what time is it")
    async with recognizer.utterance() as slow:
        await slow.feed(pcm[:8000])
        assert (await recognizer.recognize(pcm)).text == "What time is it?"
        await slow.feed(pcm[8000:])
        assert (await slow.finish()).text == "What time is it?"


@needs_real_engines
async def test_a_recording_that_is_given_up_leaves_no_trace(recognizer):
    pcm = await spoken("what time is it")
    waiting = asyncio.create_task(recognizer.recognize(pcm))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await recognizer.recognize(pcm)).text == "What time is it?"


async def test_without_its_model_it_says_how_to_get_it(tmp_path):
    async with Recognizer(models=ModelFolder(tmp_path)) as deaf:
        assert not deaf.available()
        await deaf.warm()
        with pytest.raises(ModelMissing, match="not installed") as missing:
            await deaf.recognize(SILENCE)
    assert "models install moonshine-tiny-en" in missing.value.hint


@needs_real_engines
@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("Computer, what time is it?", Beginning.GOES_ON),
        ("Computer.", Beginning.PHRASE),
        ("My computer is slow.", Beginning.OTHER),
        ("Hello.", Beginning.OTHER),
    ],
)
async def test_a_phrase_wakes_where_it_begins_what_is_said(recognizer, words, begins):
    pcm = (await spoken(words))[: int(1.5 * RATE_HZ)]
    assert await recognizer.begins_with(pcm, beginning_with("computer")) is begins


@needs_real_engines
async def test_the_words_are_known_in_a_pause(recognizer):
    pcm = await spoken("what time is it")
    async with recognizer.utterance() as utterance:
        assert utterance.words_at_pause is None
        await utterance.feed(pcm)
        await utterance.feed(np.zeros(RATE_HZ // 2, np.int16))
        await until(lambda: utterance.words_at_pause is not None)
        assert utterance.words_at_pause.text == "What time is it?"
        assert recognizer.knows("What time is it?")
        assert not recognizer.knows("The moon is made of cheese.")
        await utterance.feed(pcm)
        assert utterance.words_at_pause is None


@needs_real_engines
@pytest.mark.parametrize("said", ["computer", "computer slower", "computer louder"])
async def test_a_short_command_to_the_assistant_is_heard_behind_the_wake_word(said):
    own = spoken_where_nothing_goes_on()
    async with Recognizer(lambda: commands(own).after("computer")) as recognizer:
        assert letters(await recognizer.recognize(await spoken(f"{said}."))) == said
