"""A busy server lets a question wait: that is told, by word where the question was spoken."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeMicrophone, FakeSpeaker, FakeVoice, until, utter
from helpers.turns import fake_time
from helpers.turns.staging import ANSWER, server, staged
from helpers.turns.story import HISS, WITHOUT_TAIL

from voice_assistant import events
from voice_assistant.api.models import Parameters
from voice_assistant.api.stream.events import (
    Ping,
)
from voice_assistant.commands import Ask, Press
from voice_assistant.errors import Unreachable


def busy_for(seconds: float):
    """A server that begins with the question after so many seconds."""

    def queue() -> None:
        backend.streams[-1].queued = True

    async def wait() -> None:
        await asyncio.sleep(seconds)
        backend.streams[-1].queued = False

    backend = server(script=[queue, Ping(), wait, *ANSWER])
    return backend


@pytest.mark.parametrize(("seconds", "told"), [(4.9, 0), (5.1, 1), (170.0, 1)])
def test_a_typed_question_that_waits_is_told_of_once_after_five_seconds(seconds, told):
    async def story() -> None:
        voice = FakeVoice()
        async with staged(backend=busy_for(seconds), voice=voice) as stage:
            stage.post(Ask(text="hello", speech=False))
            await until(lambda: stage.kinds()[-1:] == ["idle"], seconds=300.0, pause_s=0.1)
            kinds = ["asked", *["queued"] * told, "begun", "text", "text", "text", "answered"]
            assert stage.kinds()[: len(kinds)] == kinds
            assert stage.phases == ["idle", "thinking", "idle"]
            assert voice.said == []

    fake_time.tell(story())


def test_to_a_spoken_question_it_is_said():
    async def story() -> None:
        voice, speaker = FakeVoice(), FakeSpeaker()
        async with staged(
            backend=busy_for(20.0),
            microphone=FakeMicrophone(utter("hello")),
            settings=WITHOUT_TAIL,
            voice=voice,
            speaker=speaker,
        ) as stage:
            await stage.speak()
            await until(lambda: "queued" in stage.kinds(), seconds=30.0, pause_s=0.1)
            await until(lambda: speaker.heard_words == events.Queued.told)
            await until(lambda: stage.kinds()[-1:] == ["idle"], seconds=300.0, pause_s=0.1)
            assert speaker.heard_words == f"{events.Queued.told}One.Two."
            assert voice.said == [events.Queued.told]

    fake_time.tell(story())


def test_whoever_speaks_again_meanwhile_is_not_talked_over():
    async def story() -> None:
        voice = FakeVoice()
        async with staged(
            backend=busy_for(20.0),
            microphone=FakeMicrophone(utter("hello")),
            settings=WITHOUT_TAIL,
            voice=voice,
        ) as stage:
            await stage.speak()
            await until(lambda: "asked" in stage.kinds(), seconds=30.0, pause_s=0.1)
            stage.microphone.pcm = HISS[:1600]
            stage.post(Press())
            await until(lambda: "queued" in stage.kinds(), seconds=30.0, pause_s=0.1)
            assert voice.said == []

    fake_time.tell(story())


@pytest.mark.parametrize(
    ("conversation", "seen", "can", "sure"),
    [
        ("", False, None, True),
        ("old", True, None, True),
        ("old", False, None, True),  # it is looked for first
        ("", False, Unreachable("It does not tell what it can do"), False),
    ],
)
async def test_only_a_question_that_will_be_taken_may_wait_in_a_queue(
    conversation, seen, can, sure
):
    backend = server(script=ANSWER, **({"can": can} if can else {}))
    async with staged(backend=backend) as stage:
        stage.conversation.set_current(conversation)
        if not seen:
            stage.conversation.doubt()
        stage.post(Ask(text="hello"))
        await stage.turn_over()
    assert backend.sure == [sure]


async def test_a_conversation_that_the_server_does_not_confirm_may_be_gone():
    class Silent(type(server())):
        async def has_conversation(self, conversation_id):
            raise Unreachable("It does not say")

    backend = Silent(script=ANSWER, can=Parameters())
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("old")
        stage.conversation.doubt()
        stage.post(Ask(text="hello"))
        await stage.turn_over()
    assert backend.sure == [False]
