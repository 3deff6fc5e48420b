"""The ways to talk, and when a question is complete."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import numpy as np
import pytest
from fakes import FakeMicrophone, read, until, utter
from helpers.settings.varied import QUIET, settings_with
from helpers.turns.staging import ANSWER, DeafEars, server, staged

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.commands import Press, Release, Stop, Tap, Toggle
from voice_assistant.errors import MicrophoneError
from voice_assistant.hearing.listening import Listening

HELLO = "a rather long question"


def silence(seconds: float) -> Pcm:
    return np.zeros(int(seconds * SPEECH_RATE_HZ), np.int16)


def said(*parts: Pcm) -> FakeMicrophone:
    return FakeMicrophone(np.concatenate(parts))


def uploaded(backend) -> str:
    return read(read_speech(backend.uploads[-1])).rstrip("\0")


@pytest.mark.parametrize("end_s", [0.7, 1.5, 3.0, 5.0, 10.0])
async def test_without_a_held_key_the_question_ends_with_a_silence(end_s):
    backend = server(script=ANSWER)
    microphone = said(utter(HELLO), silence(end_s - 0.1), utter("!"), silence(60))
    settings = settings_with(f"microphone.end_after_silence_s={end_s}")
    async with staged(backend=backend, microphone=microphone, settings=settings) as stage:
        stage.post(Toggle())
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
    assert uploaded(backend).replace("\0", "").startswith(HELLO)
    assert uploaded(backend).endswith("!")
    seconds = len(read_speech(backend.uploads[0])) / SPEECH_RATE_HZ
    expected_s = len(utter(HELLO + "!")) / SPEECH_RATE_HZ + 2 * end_s - 0.1
    assert seconds == pytest.approx(expected_s, abs=0.05)


@pytest.mark.parametrize(("end_s", "slow_s"), [(0.7, 4.0), (1.5, 4.0), (5.0, 10.0)])
async def test_a_slow_speaker_may_pause_to_think(end_s, slow_s):
    backend = server(script=ANSWER)
    microphone = said(utter(HELLO), silence(slow_s - 0.1), utter("!"), silence(60))
    slowly = f"microphone.end_after_silence_s={end_s}", "hands_free.slow_speaker=true"
    async with staged(
        backend=backend, microphone=microphone, settings=settings_with(*slowly)
    ) as stage:
        stage.post(Toggle())
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
    assert uploaded(backend).endswith("!")


async def listens_until_the_release(command, microphone, settings):
    """Check that no silence ends the question that `command` begins."""
    async with staged(microphone=microphone, settings=settings) as stage:
        stage.post(command)
        await until(stage.heard_all)
        await stage.settle()
        assert stage.kinds() == ["listening"]
        stage.post(Release())
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()


@pytest.mark.parametrize("command", [Press(), Toggle()])
async def test_while_a_key_is_held_or_where_silence_is_to_end_nothing_it_does_not(command):
    microphone = said(utter(HELLO), silence(29))
    settings = settings_with(f"microphone.end_after_silence_s={0 if command == Toggle() else 1.5}")
    await listens_until_the_release(command, microphone, settings)


async def test_a_key_whose_release_is_lost_ends_with_a_long_silence_and_is_answered():
    backend = server(script=ANSWER)
    microphone = said(utter(HELLO), silence(29), utter("!"), silence(90))
    async with staged(backend=backend, microphone=microphone) as stage:
        stage.post(Press())
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
        stage.post(Release())
        await stage.settle()
        assert "listening" not in stage.kinds()[1:], "a late release begins nothing"
    assert uploaded(backend).endswith("!")
    seconds = len(read_speech(backend.uploads[0])) / SPEECH_RATE_HZ
    assert seconds == pytest.approx(len(utter(HELLO + "!")) / SPEECH_RATE_HZ + 59, abs=0.1)


@pytest.mark.parametrize("command", [Release(), Tap()])
async def test_a_release_without_a_press_means_nothing(command):
    backend = server(script=ANSWER)
    async with staged(backend=backend, microphone=said(utter(HELLO))) as stage:
        stage.post(command)
        await stage.settle()
        assert stage.events == []
        await stage.speak()
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
    assert uploaded(backend) == HELLO


async def test_a_key_whose_release_is_lost_without_a_word_asks_nothing_and_leaves_nothing():
    backend = server(script=ANSWER)
    hiss = FakeMicrophone(np.ones(60 * SPEECH_RATE_HZ, np.int16))
    async with staged(backend=backend, microphone=hiss, ears=DeafEars) as stage:
        stage.post(Press())
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        assert stage.recordings() == []
    assert backend.uploads == []


async def test_without_a_limit_for_silence_a_held_key_is_believed():
    microphone = said(utter(HELLO), silence(40))
    settings = settings_with("microphone.tail_s=0", "microphone.held_silence_s=0")
    await listens_until_the_release(Press(), microphone, settings)


async def test_a_tap_lets_the_silence_end_what_the_press_began():
    async with staged(microphone=said(utter(HELLO), silence(30))) as stage:
        stage.post(Press())
        stage.post(Tap())
        await until(lambda: "answered" in stage.kinds())
        assert not stage.microphone.captures[0].delivered, "it was ended by the silence"
        await stage.turn_over()


async def test_a_second_tap_ends_the_question_and_begins_no_other():
    async with staged(microphone=said(utter(HELLO))) as stage:
        for command in (Press(), Tap()):
            stage.post(command)
        await until(stage.heard_all)
        for command in (Press(), Tap()):
            stage.post(command)
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
        assert len(stage.microphone.captures) == 1


async def test_a_key_that_is_down_again_at_once_was_never_up():
    """While the last syllable is still being recorded, neither press nor words are lost."""
    backend = server(script=ANSWER)
    async with staged(backend=backend, microphone=said(utter(HELLO))) as stage:
        for _ in range(200):
            stage.post(Press())
            stage.post(Release())
        stage.post(Press())
        await until(stage.heard_all)
        await asyncio.sleep(QUIET.microphone.tail_s * 1.5)
        assert stage.assistant.activity == "listening"
        stage.post(Release())
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
        assert len(stage.microphone.captures) == 1
    assert uploaded(backend) == HELLO


@pytest.mark.parametrize("nobody_s", [1.0, 10.0])
async def test_without_a_key_silence_ends_the_listening_soon(nobody_s):
    backend = server(script=ANSWER)
    hiss = FakeMicrophone(np.ones(60 * SPEECH_RATE_HZ, np.int16))
    settings = settings_with("microphone.tail_s=0", f"microphone.nothing_said_s={nobody_s}")
    async with staged(backend=backend, microphone=hiss, ears=DeafEars, settings=settings) as stage:
        stage.post(Toggle())
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        assert stage.recordings() == []
    assert backend.uploads == []


async def test_without_a_limit_for_saying_nothing_it_listens_on():
    hiss = FakeMicrophone(np.ones(40 * SPEECH_RATE_HZ, np.int16))
    settings = settings_with("microphone.tail_s=0", "microphone.nothing_said_s=0")
    async with staged(microphone=hiss, ears=DeafEars, settings=settings) as stage:
        stage.post(Toggle())
        await until(stage.heard_all)
        await stage.settle()
        assert stage.kinds() == ["listening"]
        stage.post(Stop())
        await stage.turn_over()


async def test_a_slip_of_the_finger_says_nothing_and_leaves_nothing():
    backend = server(script=ANSWER)
    hiss = FakeMicrophone(np.ones(3200, np.int16))
    async with staged(backend=backend, microphone=hiss, ears=DeafEars) as stage:
        await stage.speak()
        await stage.turn_over()
        assert stage.kinds() == ["listening", "idle"]
        assert stage.recordings() == []
    assert backend.asked == []


async def test_a_very_short_word_is_a_question():
    backend = server(script=ANSWER, words=["no"])
    async with staged(backend=backend, microphone=said(utter("no"))) as stage:
        await stage.speak()
        await until(lambda: stage.questions() == ["no"])
        await stage.turn_over()


async def test_a_long_recording_without_speech_asks_nothing_and_says_so():
    backend = server(script=ANSWER, words=["thank you for watching"])
    hiss = FakeMicrophone(np.ones(32000, np.int16))
    async with staged(backend=backend, microphone=hiss, ears=DeafEars) as stage:
        await stage.speak()
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        assert stage.failures()[0].title == "No words were heard"
        assert len(stage.recordings()) == 1, "the server may have missed what was said"
    assert backend.asked == []


@pytest.mark.parametrize("ending", [Stop(), None])
async def test_a_recording_is_kept_when_it_is_cut_off_and_only_if_somebody_spoke(ending):
    async def play(pcm: Pcm, kept: int) -> None:
        lost = None if ending else MicrophoneError("The microphone was lost", "")
        async with staged(microphone=FakeMicrophone(pcm, lost=lost)) as stage:
            stage.post(Press())
            await until(stage.heard_all)
            if ending:
                stage.post(ending)
            await stage.turn_over()
            assert len(stage.recordings()) == kept

    await play(utter(HELLO), 1)
    await play(silence(3), 0)


async def test_on_reaching_the_longest_time_the_question_is_sent():
    backend = server(script=ANSWER)
    settings = settings_with("microphone.max_s=1")
    async with staged(backend=backend, settings=settings) as stage:
        stage.post(Press())
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
    assert uploaded(backend) == "a question"


async def test_a_machine_that_slept_sends_what_was_said_before():
    """Nobody may have seen the key come up when the lid was closed."""
    slept_s = 0.0
    async with staged(microphone=said(utter(HELLO), silence(0.1), utter("zzz"))) as stage:
        parts = stage.parts
        listening = Listening(
            parts.microphone,
            parts.ears(),
            parts.settings.microphone,
            parts.recordings.longest_s,
            asleep_s=lambda: slept_s,
        )
        with parts.recordings.new() as recording:

            def hear(pcm: Pcm) -> None:
                nonlocal slept_s
                slept_s += 0.0 if pcm.any() else 3600.0
                write(pcm)

            write = recording.write
            recording.write = hear  # type: ignore[method-assign]
            async with AsyncExitStack() as resources:
                await listening.record(recording, lambda: None, resources)
            assert HELLO in read(read_speech(stage.recordings()[0]))
            assert "z" not in read(read_speech(stage.recordings()[0]))
        assert listening.speech_detected
