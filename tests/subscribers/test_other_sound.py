"""When other programs are hushed, and when they are heard again."""

from __future__ import annotations

import asyncio
import contextlib

import msgspec
import pytest
from fakes import until

from voice_assistant import events
from voice_assistant.subscribers.other_sound import OtherSound

SPOKEN = events.Spoken(seconds=1.0, complete=True, stream_s=1.0, text_to_audio_s=0.0)


class Music:
    """Other programs; `gone` while they cannot be reached."""

    def __init__(self) -> None:
        self.owed = False
        self.gone = False
        self.told: list[str] = []

    async def hush(self) -> None:
        self.told.append("hush")
        self.owed = True

    async def give_back(self, *, left_over=False) -> None:
        self.told.append("left over" if left_over else "give back")
        self.owed = self.gone


@contextlib.asynccontextmanager
async def beside(music, *, grace_s=0.0, hushed=True):
    sound = OtherSound([music], lambda: [music] if hushed else [], grace_s=grace_s, retry_s=0.01)
    running = asyncio.create_task(sound.run())
    try:
        yield sound
    finally:
        running.cancel()
        await asyncio.wait([running])


def told(sound, *those, turn=1):
    for event in those:
        sound.handle(msgspec.structs.replace(event, turn=turn))


BEGUN = [
    (events.Listening(),),
    (events.Listening(by_itself=True),),
    (events.Announced(text="tea"),),
    (events.Asked(question="q", source="text"), events.Speaking()),
    (events.Speaking(), events.Paused(), events.Resumed()),
    (events.Listening(), events.Transcribing(), events.Asked(question="q", source="voice")),
]


@pytest.mark.parametrize("begun", BEGUN)
async def test_others_are_quiet_while_it_listens_thinks_and_speaks(begun):
    music = Music()
    async with beside(music) as sound:
        told(sound, *begun)
        await until(lambda: music.owed)
        told(sound, events.Idle())
        await until(lambda: not music.owed)
    assert music.told == ["hush", "give back"]


@pytest.mark.parametrize(
    "over",
    [SPOKEN, events.Paused(), events.Working(), events.Queued(), events.Idle()],
)
async def test_others_are_heard_again_before_what_takes_long(over):
    music = Music()
    async with beside(music) as sound:
        told(sound, events.Listening())
        await until(lambda: music.owed)
        told(sound, over)
        await until(lambda: not music.owed)


async def test_a_typed_question_that_is_not_spoken_hushes_nobody():
    music = Music()
    async with beside(music) as sound:
        told(sound, events.Asked(question="q", source="text"), events.Text(delta="a"))
        await asyncio.sleep(0.01)
        told(sound, events.Idle())
        await asyncio.sleep(0.01)
    assert music.told == []


async def test_a_press_within_the_grace_keeps_others_quiet():
    music = Music()
    async with beside(music, grace_s=60.0) as sound:
        told(sound, events.Listening())
        await until(lambda: music.owed)
        told(sound, events.Idle())
        await asyncio.sleep(0.01)
        told(sound, events.Listening(), turn=2)
        await asyncio.sleep(0.01)
        assert music.told == ["hush"]


async def test_others_stay_quiet_until_the_last_of_two_turns_is_over():
    music = Music()
    async with beside(music) as sound:
        told(sound, events.Speaking())
        told(sound, events.Listening(), turn=2)
        told(sound, events.Idle())
        await until(lambda: music.owed)
        await asyncio.sleep(0.01)
        assert music.owed
        told(sound, events.Idle(), turn=2)
        await until(lambda: not music.owed)


async def test_others_stay_quiet_while_an_alarm_rings():
    music = Music()
    async with beside(music) as sound:
        told(sound, events.Announced(text="tea", rings=True), events.Speaking(), SPOKEN)
        await until(lambda: music.owed)
        await asyncio.sleep(0.01)
        assert music.owed
        told(sound, events.Idle())
        await until(lambda: not music.owed)


async def test_what_cannot_be_given_back_is_tried_again_until_it_can():
    music = Music()
    async with beside(music) as sound:
        music.gone = True
        told(sound, events.Listening())
        await until(lambda: music.owed)
        told(sound, events.Idle())
        await until(lambda: music.told.count("give back") > 2)
        music.gone = False
        await until(lambda: not music.owed)


async def test_what_a_killed_process_has_left_is_given_back_at_the_start():
    music = Music()
    music.owed = True
    async with beside(music):
        await until(lambda: music.told == ["left over"])


async def test_the_end_of_the_assistant_gives_back():
    music = Music()
    async with beside(music) as sound:
        told(sound, events.Listening())
        await until(lambda: music.owed)
    assert music.told == ["hush", "give back"]


async def test_who_wants_nobody_hushed_has_nobody_hushed():
    music = Music()
    async with beside(music, hushed=False) as sound:
        told(sound, events.Listening())
        await asyncio.sleep(0.01)
        told(sound, events.Idle())
        await asyncio.sleep(0.01)
    assert music.told == []
