"""A story of three sentences, spoken on the stage as far as a test lets it be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from fakes import FakeBackend, FakeMicrophone, FakeSpeaker, until
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, IDS, SILENT, DeafEars, Stage, server, staged

from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
)
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Ask, Press, Release

if TYPE_CHECKING:
    import asyncio

SENTENCES = ("One is the first.", "Two is the second.", "Three is the last.")
STORY = (
    *(Message(answer=f"{sentence} ", **IDS) for sentence in SENTENCES),
    MessageEnd(**IDS),
)
TIMER = "Time is up."
"""What is announced meanwhile."""

HISS = np.ones(60 * SPEECH_RATE_HZ, np.int16)
"""A minute of a room in which nobody speaks."""


WITHOUT_TAIL = settings_with("microphone.tail_s=0")
"""The tail would only take its time."""


def hears_nothing(seconds: float = 0.1) -> FakeMicrophone:
    return FakeMicrophone(HISS[: round(seconds * SPEECH_RATE_HZ)])


def story(*, then: asyncio.Event | None = None, words: str = "a question"):
    """Return a backend that tells the story; the last sentence and the end come after `then`.

    Args:
        then: until this is set the last sentence does not come.
        words: what the server finds in every recording.
    """
    script = [*STORY[:2], *([then] if then else []), *STORY[2:]]
    return server(scripts=[script, ANSWER], words=[words])


def late_with_follow_ups(late: asyncio.Event) -> FakeBackend:
    """Return a backend that tells the story, and sends the follow-ups after `late`."""

    class Slow(FakeBackend):
        async def suggested(self, message_id):
            await late.wait()
            return ("And then?",)

    return Slow(script=STORY, can=SILENT)


def heard(speaker: FakeSpeaker) -> list[str]:
    return [playback.heard_words for playback in speaker.playbacks if playback.heard_words]


async def tell(stage: Stage, speaker: FakeSpeaker, *, hear_s: float = 1.2) -> None:
    """Begin the story, and let it be heard up to its second sentence."""
    stage.post(Ask(text="a story"))
    await until(lambda: speaker.playbacks)
    first = speaker.playbacks[0]

    def heard_enough() -> bool:
        first.hear(hear_s - first.played_s)
        return hear_s - first.played_s <= 1e-6

    await until(heard_enough)


async def slip(stage: Stage, *commands) -> None:
    """Touch the key, and wait for the end of its turn."""
    before = stage.count("idle")
    stage.post(commands[0] if commands else Press())
    await until(stage.heard_all)
    for command in commands[1:] or (Release(),):
        stage.post(command)
    await until(lambda: stage.count("idle") > before)


async def play(script, **staging) -> None:
    async def run() -> None:
        speaker = FakeSpeaker(held=True, ahead_s=0.5)
        staging.setdefault("backend", story())
        staging.setdefault("microphone", hears_nothing())
        staging.setdefault("settings", WITHOUT_TAIL)
        async with staged(speaker=speaker, **{"ears": DeafEars, **staging}) as stage:
            await script(stage, speaker)

    await run()
