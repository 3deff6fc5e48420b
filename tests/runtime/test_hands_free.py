"""Barge-in and wake word follow the settings of a running assistant."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from types import SimpleNamespace

from fakes import FakeMicrophone, FakeProblems, until
from helpers.settings.varied import settings_with
from helpers.turns.story import HISS

from voice_assistant import events
from voice_assistant.engines.recognition.command_grammar import Beginning
from voice_assistant.runtime.hands_free import HandsFree

BARGE_IN = 'hands_free.barge_in="headphones"'
WAKE = "hands_free.wake_word=true"
MICRO = 'hands_free.wake_detector="micro"'
OFF = settings_with()


class Microphone(FakeMicrophone):
    """The microphone, which tells when it was muted."""

    muted = False

    def __init__(self) -> None:
        super().__init__(HISS[:16000])
        self.followers = []

    def on_change(self, follower):
        self.followers.append(follower)

    def capture(self, *, long: bool = False):
        return super().capture()

    def mute(self, *, on: bool) -> None:
        self.muted = on
        for follower in self.followers:
            follower()

    def listens(self) -> bool:
        return any(not capture.closed for capture in self.captures)


class Recognizer:
    """Hears no phrase in anything."""

    async def load(self):
        pass

    async def begins_with(self, pcm, phrase, *, whole):
        return Beginning.OTHER


@asynccontextmanager
async def running(settings=OFF):
    microphone, problems = Microphone(), FakeProblems()
    told = []
    speaker = SimpleNamespace(tell=told.append)
    assistant = SimpleNamespace(talk_over=None, wake=None)
    core = SimpleNamespace(
        settings=settings,
        missing=problems,
        microphone=microphone,
        speaker=speaker,
        services=SimpleNamespace(
            recognizer=Recognizer(), settings=settings, hears_here=lambda: True
        ),
    )
    hands_free = HandsFree(core, assistant)
    task = asyncio.create_task(hands_free.parts.run())
    try:
        yield SimpleNamespace(
            hands_free=hands_free, microphone=microphone, problems=problems, told=told
        )
    finally:
        task.cancel()
        await asyncio.wait([task])


def change(running, *settings: str) -> None:
    running.hands_free.parts.follow(OFF, settings_with(*settings))


async def test_the_wake_word_is_switched_on_and_off_without_a_restart():
    async with running() as it:
        assert not it.microphone.listens()
        change(it, WAKE)
        await until(it.microphone.listens)
        change(it)
        await until(lambda: not it.microphone.listens())


async def test_barge_in_that_is_switched_on_in_the_middle_of_an_answer_listens_at_once():
    async with running() as it:
        it.hands_free.handle(events.Speaking(turn=1))
        change(it, BARGE_IN)
        await until(it.microphone.listens)
        assert it.told[-1] is not None
        change(it)
        await until(lambda: not it.microphone.listens())
        assert it.told[-1] is None


async def test_a_mute_ends_the_waiting_and_its_end_begins_it_again():
    async with running(settings_with(WAKE)) as it:
        await until(it.microphone.listens)
        it.microphone.mute(on=True)
        await until(lambda: not it.microphone.listens())
        it.microphone.mute(on=False)
        await until(it.microphone.listens)


async def test_a_phrase_that_the_detector_does_not_know_is_told_and_the_rest_works():
    async with running(settings_with(WAKE, MICRO, BARGE_IN)) as it:
        await until(lambda: "wake word" in dict(it.problems))
        it.hands_free.handle(events.Speaking(turn=1))
        await until(it.microphone.listens)


def test_what_is_off_is_not_imported():
    off = ("hearing.wake_word", "hearing.barge_in", "audio.utterance_starts", "audio.talk_over")
    script = (
        "import sys, voice_assistant.runtime.daemon;"
        f"print([name for name in {off} if f'voice_assistant.{{name}}' in sys.modules],"
        "'onnxruntime' in sys.modules)"
    )
    printed = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert printed == "[] False\n"
