"""A server that takes a recording and never says its words: told in time, and nothing is lost."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from fakes import FakeBackend, FakeMicrophone, read, until, utter
from helpers.turns.staging import ANSWER, QUIET, SILENT, staged

from voice_assistant import events
from voice_assistant.api.models import Transcript
from voice_assistant.commands import Press, Release

SAID = utter("so?")


class Hung(FakeBackend):
    """Reads as many bytes of a recording as it is told to, and answers none."""

    def __init__(self, *, reads):
        super().__init__(script=ANSWER, can=SILENT)
        self.reads = reads

    async def audio_to_text(self, upload):
        if self.reads and not isinstance(upload.content, bytes):
            async for _ in upload.content:
                pass
        await asyncio.Event().wait()


def impatient(local):
    return msgspec.structs.replace(
        QUIET,
        speech_to_text=msgspec.structs.replace(QUIET.speech_to_text, local=local),
        backend=msgspec.structs.replace(QUIET.backend, silence_s=0.01),
    )


async def say(stage):
    stage.post(Press())
    await until(stage.heard_all)
    stage.post(Release())
    async with asyncio.timeout(10):
        await stage.turn_over()


@pytest.mark.parametrize("reads", [True, False])
async def test_a_recogniser_that_hangs_is_told_and_the_recording_kept(reads):
    async with staged(
        backend=Hung(reads=reads), microphone=FakeMicrophone(SAID), settings=impatient("never")
    ) as stage:
        await say(stage)
        (failed,) = [event for event in stage.events if isinstance(event, events.Failed)]
        assert failed.code == "timed_out"
        assert len(stage.recordings()) == 1


@pytest.mark.parametrize("reads", [True, False])
async def test_in_the_place_of_a_recogniser_that_hangs_this_machine_listens(reads):
    async def here(pcm):
        return Transcript(text=read(pcm))

    async with staged(
        backend=Hung(reads=reads),
        microphone=FakeMicrophone(SAID),
        settings=impatient("fallback"),
        local_words=here,
    ) as stage:
        await say(stage)
        assert stage.questions() == ["so?"]
