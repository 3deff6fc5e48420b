"""Every answer ends: in whatever order its parts come, and whatever waits in vain."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import FakeBackend, FakePlayback, FakeSpeaker, utter, wav
from helpers.speech.spoken import BATCH, FIRST, SECOND, running, speaking_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice_assistant.errors import SpeakerError
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "\n\n",
        FIRST,
        f" {SECOND} ",
        "Half a sen",
        "tence. ",
        "<think>",
        "Let me see.",
        "</think>",
        "<details><summary>More</summary>",
        "</details>",
        "```\nls -l\n",
        "\n```\n",
        "<!-- a comment",
        " -->",
        "...",
        "😀",
        "| a | b |\n|---|---|\n",
        "[1]: https://example.org/",
        "\ud83d",
    ]
)
SOUND = wav(utter(BATCH))
AUDIO = st.sampled_from(
    [b"", b"<html>", SOUND, SOUND[:44], SOUND[: len(SOUND) // 2], wav(np.zeros(9000, np.int16))]
)
STEPS = st.lists(
    st.one_of(
        TEXTS.map(lambda text: ("text", text)),
        AUDIO.map(lambda data: ("audio", data)),
        st.just(("audio_ended",)),
        st.just(("left_out",)),
        st.just(("ended", "m")),
        TEXTS.map(lambda text: ("replaced", text)),
        st.just(("wait",)),
    ),
    max_size=12,
)


@given(steps=STEPS, auto_play=st.sampled_from([True, False, None]), late=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
async def test_an_answer_ends_in_whatever_order_its_parts_come(steps, auto_play, late):
    speaking = speaking_of(FakeBackend(), FakeSpeaker(), auto_play=auto_play, patience_s=1e-3)
    async with asyncio.timeout(10), running(speaking) as task:
        for name, *values in steps:
            if name == "wait":
                await asyncio.sleep(0)
            else:
                getattr(speaking, name)(*values)
        if late:
            await asyncio.sleep(0)
        speaking.ended("m")
    assert task.result().complete


def soon_idle(speaker):
    source = SpeechSource(FakeBackend(), auto_play=False)
    return Speaking(source, SpeechOutput(speaker), idle_s=0.01)


class Stuck(FakePlayback):
    """Plays nothing, or all, and never says that it has finished."""

    async def finish(self):
        await asyncio.Event().wait()


class StuckSpeaker(FakeSpeaker):
    def play(self, *, prompt=False):
        playback = super().play(prompt=prompt)
        playback.__class__ = Stuck
        return playback


@pytest.mark.parametrize("plays", [True, False])
async def test_an_answer_of_which_nothing_is_left_ends_and_the_log_says_so(plays, caplog):
    speaker = StuckSpeaker(held=not plays)
    speaking = soon_idle(speaker)
    speaking.text(FIRST)
    speaking.ended("m")
    async with asyncio.timeout(10):
        if plays:
            assert (await speaking.run()).complete
        else:
            with pytest.raises(SpeakerError, match="does not play"):
                await speaking.run()
    assert "did not end" in caplog.text


async def test_a_paused_answer_does_not_end():
    speaker = FakeSpeaker(held=True)
    speaking = soon_idle(speaker)
    async with asyncio.timeout(10), running(speaking) as task:
        speaking.text(FIRST)
        speaking.ended("m")
        narration = speaking._narration
        narration.pause()
        await asyncio.wait([task], timeout=0.2)
        assert not task.done()
        narration.resume()
        speaker.release()
    assert speaker.heard_words == FIRST


async def test_an_answer_does_not_end_while_the_language_of_its_signs_is_looked_for():
    begins = threading.Event()
    threads = ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(threads)
    threads.submit(begins.wait)
    speaker = FakeSpeaker()
    speaking = soon_idle(speaker)
    try:
        async with asyncio.timeout(20), running(speaking) as task:
            speaking.text("It takes ~5 minutes.")
            speaking.ended("m")
            await asyncio.wait([task], timeout=0.2)
            assert not task.done()
            begins.set()
        assert "about 5" in speaker.heard_words
    finally:
        begins.set()
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
