"""The wake word: it wakes where it begins what is said, and nothing else is kept or sent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeMicrophone, FakeRecognizer, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.phases import Following
from helpers.turns.staging import ANSWER, LoudEars, server, staged
from helpers.turns.story import HISS

import voice_assistant.cli
from voice_assistant import events
from voice_assistant.api.models import Transcript
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.utterance_starts import LEADS_S
from voice_assistant.commands import Ask, Press
from voice_assistant.engines.recognition.command_grammar import Beginning
from voice_assistant.errors import MicrophoneError, Unreachable
from voice_assistant.hearing.wake_word import ROOM_S, RecognizedPhrase, WakeWord

QUESTION = read_speech(Path(voice_assistant.cli.__file__).parent / "question.wav")
DIFY = 'backend={kind="dify", url="http://127.0.0.1/v1"}'
SETTINGS = settings_with(DIFY, "microphone.tail_s=0", "hands_free.wake_word=true")
WORD = utter("computer")
LONGER = round((LEADS_S[1] - LEADS_S[0]) * SPEECH_RATE_HZ)
BEFORE = HISS[: round(ROOM_S * SPEECH_RATE_HZ) + 320]


class LongMicrophone(FakeMicrophone):
    """The microphone, which can be muted."""

    muted = False

    def capture(self, *, long: bool = False):
        return super().capture()


class Ears:
    """Take the first sound that is louder than hiss for the phrase, once all of it is there."""

    goes_on = False

    def __init__(self) -> None:
        self._said = np.empty(0, np.int16)

    async def feed(self, pcm):
        self._said = np.concatenate([self._said, pcm[pcm > 1]])
        return self._said[: len(WORD)] if len(self._said) >= len(WORD) else None


async def spot():
    return Ears()


@asynccontextmanager
async def waiting(*said, words=(), after=HISS[: 3 * SPEECH_RATE_HZ], **stage_options):
    """An assistant that waits for its wake word, while this is said."""
    microphone = LongMicrophone(np.concatenate([BEFORE, *said, after]))
    backend = server(scripts=[ANSWER] * 3, words=list(words))
    async with staged(
        backend=backend, microphone=microphone, settings=SETTINGS, ears=LoudEars, **stage_options
    ) as stage:
        wake_word = WakeWord(microphone, spot, lambda *_: lambda block: block, stage.assistant.wake)
        stage.assistant.subscribe(Following(wake_word))
        task = asyncio.create_task(wake_word.run())
        await until(lambda: microphone.captures)
        microphone.pcm = BEFORE  # is what is heard afterwards
        try:
            yield stage, backend, wake_word, task
        finally:
            task.cancel()
            await asyncio.wait([task])


@pytest.mark.parametrize("heard", ["Computer, what time is it?", "Computor what time is it?"])
async def test_the_question_in_the_same_breath_is_asked_without_the_wake_word(heard):
    async with waiting(WORD, utter("what time"), words=[heard]) as (stage, backend, *_):
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert stage.questions() == ["What time is it?"]
        (listening,) = [e for e in stage.events if isinstance(e, events.Listening)]
        assert (listening.by_itself, listening.woken, listening.talked_over) == (True, True, False)
        recorded = read_speech(backend.uploads[0])
        assert np.count_nonzero(recorded > 1) == len(WORD) + len(utter("what time"))


@pytest.mark.parametrize("gone", [False, True])
async def test_the_backend_is_told_how_surely_the_question_was_heard_here(gone):
    told = []

    async def tell_heard(transcript) -> None:
        told.append(transcript)
        if gone:
            raise Unreachable("It is not there")

    unsure = Transcript(text="Computer, click fine.", sure=False, perhaps="Computer, flip it.")
    here = {"recognizer": FakeRecognizer(unsure), "tell_heard": tell_heard}
    async with waiting(WORD, utter("flip it"), words=[unsure], **here) as (stage, *_):
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert stage.questions() == ["Click fine."]
    assert told == [Transcript(text="Click fine.", sure=False, perhaps="Flip it.")]


async def test_the_word_alone_asks_nothing_and_is_no_error():
    async with waiting(WORD, words=["Computer."]) as (stage, backend, *_):
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert backend.asked == []
        assert stage.failures() == []
        assert stage.recordings() == []


async def test_without_the_word_nothing_is_recorded_or_sent():
    async with waiting(HISS[:SPEECH_RATE_HZ]) as (stage, backend, *_):
        await until(stage.heard_all)
        assert stage.kinds() == []
        assert backend.uploads == []
        assert stage.recordings() == []


async def test_while_an_answer_is_given_it_does_not_listen_and_afterwards_it_does():
    async with waiting() as (stage, *_):
        await until(stage.heard_all)
        stage.post(Ask(text="hello"))
        await until(lambda: "answered" in stage.kinds())
        assert stage.microphone.captures[0].stopped
        await until(lambda: len(stage.microphone.captures) == 2)
        await until(lambda: "idle" in stage.kinds())


async def test_a_key_comes_first():
    async with waiting() as (stage, *_):
        await until(stage.heard_all)
        stage.post(Press())
        await until(lambda: stage.kinds() == ["listening"])
        (listening,) = stage.events
        assert not listening.woken
        assert stage.microphone.captures[0].stopped


async def test_while_the_microphone_is_muted_none_is_opened():
    async with waiting() as (stage, _, wake_word, task):
        await until(stage.heard_all)
        stage.microphone.muted = True
        wake_word.look("idle")
        await until(lambda: stage.microphone.captures[0].closed)
        await stage.settle()
        assert len(stage.microphone.captures) == 1
        stage.microphone.muted = False
        wake_word.look("idle")
        await until(lambda: len(stage.microphone.captures) == 2)
        assert not task.done()


async def test_a_missing_microphone_is_reported():
    microphone = LongMicrophone(missing=MicrophoneError("There is no microphone"))
    wake_word = WakeWord(microphone, spot, lambda *_: lambda block: block, lambda _: None)
    wake_word.look("idle")
    with pytest.raises(MicrophoneError):
        await wake_word.run()


NEITHER, SHORT, LONG = (False, False), (True, False), (False, True)
"""Whether a look finds the phrase with the short lead, which is tried first, and with the long."""


class Looks:
    """A recogniser that finds the phrase, or not, with each lead of each look at an utterance."""

    def __init__(self, *found: tuple[bool, bool]) -> None:
        self._looks = iter(found)
        self._long: bool | None = None  # whether it is found with the long lead, which comes next
        self.looks = 0
        self.heard = HISS[:0]

    async def begins_with(self, pcm, phrase, *, whole):
        if self._long is None:
            self.looks += 1
            found, long = next(self._looks)
            self._long = None if found else long
        else:
            found, self._long = self._long, None
            assert len(pcm) == len(self.heard) + LONGER
        self.heard = pcm
        return Beginning.GOES_ON if found else Beginning.OTHER


@pytest.mark.parametrize(
    ("found", "looks"),
    [
        ((SHORT, SHORT), 2),
        ((LONG, LONG), 2),
        ((SHORT, LONG), 2),
        ((LONG, NEITHER, SHORT, SHORT), 4),
        ((NEITHER, NEITHER, NEITHER, LONG), 4),
    ],
)
async def test_a_look_that_ends_within_a_word_needs_a_second_one_that_agrees(found, looks):
    recognizer = Looks(*found)
    spotter = RecognizedPhrase(recognizer, "computer")
    talk = QUESTION[np.flatnonzero(np.abs(QUESTION) > 1000)[0] :]
    sound = np.concatenate([HISS[:SPEECH_RATE_HZ], talk, talk])
    woken = None
    for at in range(0, len(sound), 320):
        woken = await spotter.feed(sound[at : at + 320])
        if woken is not None:
            break
    assert woken is not None
    assert recognizer.looks == looks
    assert woken is recognizer.heard
    assert spotter.goes_on
