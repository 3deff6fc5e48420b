"""The words of a recording while it is spoken."""

from __future__ import annotations

import asyncio
import contextlib

from fakes import FakeMicrophone, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, server, staged

from voice_assistant.commands import Press, Release
from voice_assistant.engines.models.folder import ModelFolder
from voice_assistant.engines.recognition import recognizer
from voice_assistant.errors import Unreachable
from voice_assistant.events import HeardSoFar
from voice_assistant.hearing.live_words import LiveWords

SAID = utter("a long question")


async def spelt():
    yield "a"
    yield "a long"
    await asyncio.Event().wait()


async def unreachable():
    raise Unreachable("The embedded backend is not heard any more")
    yield


async def told(words_so_far, *changes):
    """The kinds of a spoken turn's events, and the words so far."""
    async with staged(
        backend=server(script=ANSWER),
        microphone=FakeMicrophone(SAID),
        settings=settings_with("microphone.tail_s=0", *changes),
        words_so_far=words_so_far,
    ) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        await stage.settle()
        stage.post(Release())
        await stage.turn_over()
        return stage.kinds(), [one.text for one in stage.events if isinstance(one, HeardSoFar)]


async def test_the_words_are_told_while_they_are_spoken():
    kinds, words = await told(spelt)
    assert kinds[:4] == ["listening", "heardsofar", "heardsofar", "transcribing"]
    assert words == ["a", "a long"]


async def test_they_can_be_switched_off():
    _, words = await told(spelt, "speech_to_text.live_words=false")
    assert words == []


async def test_where_they_cannot_be_had_the_question_is_answered_all_the_same():
    kinds, words = await told(unreachable)
    assert words == []
    assert "answered" in kinds


class Recognizer:
    """Tells how many samples it got."""

    @contextlib.asynccontextmanager
    async def utterance(self):
        self.samples, self.grown = 0, asyncio.Event()
        yield self

    async def feed(self, pcm):
        self.samples += pcm.size
        self.grown.set()

    async def follow(self):
        while True:
            await self.grown.wait()
            self.grown.clear()
            yield str(self.samples)


async def test_this_machine_follows_a_recording_that_grows():
    live = LiveWords(Recognizer())
    finding = asyncio.create_task(live.run())
    async with contextlib.aclosing(live.follow()) as words:
        live.feed(SAID[:1000])
        assert await anext(words) == "1000"
        live.feed(SAID[1000:1500])
        assert await anext(words) == "1500"
    finding.cancel()
    await asyncio.wait([finding])


async def test_there_are_no_words_so_far_without_a_recogniser(tmp_path):
    live = LiveWords(recognizer.Recognizer(models=ModelFolder(tmp_path)))
    finding = asyncio.create_task(live.run())
    assert [words async for words in live.follow()] == []
    await finding
