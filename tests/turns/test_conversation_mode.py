"""Conversation mode: after an answer the assistant listens again, and silence ends that quietly."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import FakeMicrophone, FakeSpeaker, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, DeafEars, LoudEars, server, staged
from helpers.turns.story import HISS

from voice_assistant import events
from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
)
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Ask, Conversation, Mute, Press, Release, Stop, Toggle
from voice_assistant.errors import MicrophoneError, microphone_off

ON = 'backend={kind="dify", url="http://127.0.0.1/v1"}', "hands_free.conversation=true"


def hiss(seconds: float) -> np.ndarray:
    return HISS[: round(seconds * SPEECH_RATE_HZ)]


def settings(*changes: str):
    return settings_with(*ON, "microphone.tail_s=0", *changes)


async def test_after_an_answer_it_listens_for_a_while_and_falls_silent():
    microphone = FakeMicrophone(hiss(6.5))
    async with staged(settings=settings(), microphone=microphone, ears=DeafEars) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("idle") == 2)
        await until(stage.rests)
        assert stage.kinds(2) == ["listening", "idle"]
        assert [event.by_itself for event in stage.events if isinstance(event, events.Listening)]
        assert stage.failures() == []
        assert stage.recordings() == []
        assert stage.parts.recordings.archive.newest() is None
        assert len(microphone.captures) == 1


@pytest.mark.parametrize(("answer", "seconds"), [("Yes.", 6.0), ("Is it?", 12.0)])
async def test_after_a_question_it_waits_twice_as_long(answer, seconds):
    said = [Message(answer=answer, task_id="t"), MessageEnd(task_id="t", message_id="m")]
    microphone = FakeMicrophone(hiss(20.0))
    backend = server(script=said)
    async with staged(
        backend=backend, settings=settings(), microphone=microphone, ears=DeafEars
    ) as stage:
        waited = []

        class Counting(DeafEars):
            def feed(self, pcm):
                super().feed(pcm)
                waited.append(self.silence_s)

        object.__setattr__(stage.parts, "ears", Counting)
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("idle") == 2)
        assert max(waited) == pytest.approx(seconds, abs=0.1)


async def test_conversation_mode_goes_on_until_nobody_speaks():
    backend = server(scripts=[ANSWER] * 3, words=["and then"])
    microphone = FakeMicrophone(
        np.concatenate([hiss(2.5), utter("and then"), hiss(2.0)])  # of which the last second counts
    )
    async with staged(
        backend=backend, settings=settings(), microphone=microphone, ears=LoudEars
    ) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.questions() == ["hello", "and then"])
        microphone.pcm = hiss(6.5)
        await until(lambda: stage.kinds(3)[-1:] == ["idle"])
        assert stage.kinds(2)[:3] == ["listening", "transcribing", "asked"]
        assert stage.kinds(3) == ["listening", "idle"]
        (upload,) = backend.uploads
        recorded_s = len(upload) / 2 / SPEECH_RATE_HZ
        assert recorded_s < 1.0 + len("and then") * 0.05 + 1.5 + 0.1, "the waiting is not recorded"


async def test_conversation_mode_listens_only_when_the_answer_has_left_the_loudspeaker():
    speaker = FakeSpeaker(held=True)
    microphone = FakeMicrophone(hiss(0.1))
    async with staged(
        settings=settings(), speaker=speaker, microphone=microphone, ears=DeafEars
    ) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: "answered" in stage.kinds())
        await stage.settle()
        assert microphone.captures == []
        speaker.release()
        await until(lambda: stage.assistant.activity == "attending")
        assert stage.kinds().index("spoken") < stage.kinds().index("listening")


@pytest.mark.parametrize("command", [Press(), Toggle()])
async def test_a_key_makes_it_listen_as_long_as_always(command):
    microphone = FakeMicrophone(hiss(0.1))
    async with staged(settings=settings(), microphone=microphone, ears=DeafEars) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.assistant.activity == "attending")
        stage.post(command)
        now = "listening" if command == Press() else "hands_free"
        await until(lambda: stage.assistant.activity == now)
        assert len(microphone.captures) == 1, "the microphone stays open"


async def test_a_held_key_takes_it_over_with_what_was_said():
    microphone = FakeMicrophone(hiss(2.0))
    backend = server(scripts=[ANSWER] * 2, words=["and then"])
    async with staged(
        backend=backend, settings=settings(), microphone=microphone, ears=DeafEars
    ) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.assistant.activity == "attending" and stage.heard_all())
        stage.post(Press())
        await until(lambda: stage.assistant.activity == "listening")
        stage.post(Conversation(on=False))
        stage.post(Release())
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert stage.questions() == ["hello", "and then"]


async def test_a_stop_ends_the_listening_and_a_switch_ends_the_mode():
    microphone = FakeMicrophone(hiss(0.1))
    async with staged(settings=settings(), microphone=microphone, ears=DeafEars) as stage:
        attention = stage.parts.attention
        stage.assistant.hand_on(Conversation, lambda command: attention.turn(command.on))
        stage.post(Ask(text="hello"))
        await until(lambda: stage.assistant.activity == "attending")
        stage.post(Stop())
        await until(stage.rests)
        stage.post(Ask(text="hello again"))
        await until(lambda: stage.assistant.activity == "attending")
        stage.post(Conversation())
        await until(stage.rests)
        assert not attention.on
        stage.post(Ask(text="once more"))
        await until(lambda: stage.kinds(5)[-1:] == ["idle"])
        await until(stage.rests)
        assert len(microphone.captures) == 2


async def test_after_slower_it_listens_on_and_after_that_is_all_it_does_not():
    sound = np.concatenate([hiss(0.5), utter("slower"), hiss(2.0)])
    microphone = FakeMicrophone(sound)
    backend = server(scripts=[ANSWER], words=["slower", "that's all"])
    async with staged(
        backend=backend, settings=settings(), microphone=microphone, ears=LoudEars
    ) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("idle") == 3)
        await until(stage.rests)
        assert stage.kinds(2) == stage.kinds(3)
        assert stage.kinds(3) == ["listening", "transcribing", "commanded", "idle"]
        assert stage.parts.player.speed == 0.75
        assert len(backend.asked) == 1


@pytest.mark.parametrize("error", [microphone_off(), MicrophoneError("There is no microphone")])
async def test_without_a_microphone_nothing_is_told_again_and_again(error):
    microphone = FakeMicrophone(missing=error)
    async with staged(settings=settings(), microphone=microphone) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("idle") == 2)
        assert stage.kinds(2) == ["idle"]


async def test_a_cough_is_no_question_and_is_not_kept():
    sound = np.concatenate([hiss(0.5), utter("cough"), hiss(2.0)])
    async with staged(
        backend=server(script=ANSWER, words=[""]),
        settings=settings(),
        microphone=FakeMicrophone(sound),
        ears=LoudEars,
    ) as stage:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.count("idle") == 2)
        assert stage.kinds(2) == ["listening", "transcribing", "idle"]
        assert stage.recordings() == []


async def test_muting_ends_a_recording():
    async with staged(settings=settings(), microphone=FakeMicrophone(hiss(0.1))) as stage:
        muted = []
        stage.assistant.hand_on(Mute, muted.append)
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(Mute(on=True))
        await until(lambda: muted)
        assert stage.kinds() == ["listening", "idle"]
