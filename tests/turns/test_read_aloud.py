"""A screen reader says what the assistant would speak, and the assistant is silent."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import FakeProblems, FakeSpeaker, until
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, server, staged

from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
    TtsMessage,
)
from voice_assistant.commands import (
    Announce,
    Ask,
    Back,
    Pause,
    Press,
    Repeat,
    Resume,
    Skip,
    Speed,
    Stop,
)
from voice_assistant.errors import SpeakerError, Unreachable
from voice_assistant.speech.marks import ReadMarks
from voice_assistant.speech.player import Player

IDS = {"task_id": "task", "message_id": "message", "conversation_id": "conversation"}
SENTENCES = ("One is here. ", "Two is here. ", "Three is here.")
STORY = (*(Message(answer=sentence, **IDS) for sentence in SENTENCES), MessageEnd(**IDS))
WORDS = [sentence.strip() for sentence in SENTENCES]


class Reader:
    """Says one message at a time, each to its end when `end` is called, or at once."""

    def __init__(self) -> None:
        self.at_once = False
        self.lost = False
        self.asked: list[str] = []
        self.said_whole: list[str] = []
        self.speeds: list[float] = []
        self._over: dict[str, asyncio.Event] = {}

    async def say(self, words: str, *, speed: float = 1.0) -> str:
        await asyncio.sleep(0)
        if self.lost:
            raise SpeakerError("The reader is gone")
        self.asked.append(words)
        self.speeds.append(speed)
        number = str(len(self.asked))
        self._over[number] = asyncio.Event()
        if self.at_once:
            self.end()
        return number

    async def said(self, number: str) -> None:
        await self._over[number].wait()

    def cancel(self) -> None:
        for over in self._over.values():
            over.set()

    def end(self) -> None:
        self.said_whole.append(self.asked[-1])
        self.cancel()

    @property
    def now(self) -> str:
        """What is being said, "" if nothing is."""
        speaking = self._over and not self._over[str(len(self.asked))].is_set()
        return self.asked[-1] if speaking else ""


@contextlib.asynccontextmanager
async def reading(**staging):
    reader, player, speaker = Reader(), Player(), FakeSpeaker()
    marks = ReadMarks(reader, lambda: player.sentence, lambda: player.speed)
    staging.setdefault("backend", server(script=STORY))
    async with staged(speaker=speaker, player=player, read_aloud=lambda: marks, **staging) as stage:
        yield stage, reader
        reader.at_once = True
        reader.cancel()
    assert speaker.playbacks == [], "there were two voices"


async def says(reader, words) -> None:
    await until(lambda: reader.now == words)


async def test_sentences_are_said_one_after_the_other_and_the_server_is_asked_for_none():
    backend = server(script=STORY)
    async with reading(backend=backend) as (stage, reader):
        stage.post(Ask(text="a story"))
        for words in WORDS:
            await says(reader, words)
            assert stage.phases[-1] == "speaking"
            reader.end()
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        spoken = next(event for event in stage.events if type(event).__name__ == "Spoken")
        assert (spoken.complete, spoken.problem) == (True, "")
    assert reader.said_whole == WORDS
    assert backend.spoken == []


async def test_the_listener_pauses_skips_and_goes_back():
    async with reading() as (stage, reader):
        stage.post(Ask(text="a story"))
        await says(reader, WORDS[0])
        stage.post(Pause())
        await until(lambda: stage.phases[-1] == "paused")
        assert reader.now == ""
        stage.post(Resume())
        await says(reader, WORDS[0])  # the whole sentence again
        stage.post(Skip())
        await says(reader, WORDS[1])
        stage.post(Back())
        await until(lambda: len(reader.asked) == 4 and reader.now)
        stage.post(Stop())
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert reader.now == ""
        assert reader.said_whole == []


async def test_a_press_silences_it_at_once():
    async with reading() as (stage, reader):
        stage.post(Ask(text="a story"))
        await says(reader, WORDS[0])
        stage.post(Press())
        await until(lambda: "listening" in stage.kinds())
        assert reader.now == ""


@pytest.mark.parametrize("speed", [1.0, 2.0, 0.7])
async def test_an_answer_is_said_again_at_the_listeners_speed(speed):
    async with reading() as (stage, reader):
        reader.at_once = True
        stage.post(Speed(factor=speed))
        stage.post(Ask(text="a story"))
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 2)
        assert reader.said_whole == WORDS * 2
        assert set(reader.speeds) == {speed}


async def test_an_announcement_waits_for_the_end_of_a_sentence():
    async with reading() as (stage, reader):
        stage.post(Ask(text="a story"))
        await says(reader, WORDS[0])
        stage.post(Announce(text="Tea is ready."))
        await stage.settle()
        for words in (*WORDS[:2], "Tea is ready.", WORDS[2]):  # the second one was handed over
            await says(reader, words)
            reader.end()


async def test_sound_within_the_stream_is_not_heard():
    stream = (STORY[0], TtsMessage(audio=b"\0" * 9000, **IDS), *STORY[1:])
    async with reading(backend=server(script=stream)) as (stage, reader):
        reader.at_once = True
        stage.post(Ask(text="a story"))
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert reader.said_whole == WORDS


async def test_what_went_wrong_is_said_by_the_reader_too():
    async with reading(
        backend=server(words=[Unreachable("The network is gone", "Look at the cable.")])
    ) as (stage, reader):
        await stage.speak()
        await until(lambda: reader.now.startswith("The network is gone."))
        reader.end()
        await until(lambda: stage.kinds()[-1:] == ["idle"])


async def test_a_reader_that_is_lost_is_a_problem_of_the_speaker():
    problems = FakeProblems()
    async with reading(problems=problems, backend=server(script=ANSWER)) as (stage, reader):
        reader.lost = True
        stage.post(Ask(text="a story"))
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert "speaker" in str(problems)


async def test_who_wants_no_speech_hears_no_reader():
    quiet = settings_with("speech.enabled=false")
    async with reading(settings=quiet) as (stage, reader):
        stage.post(Ask(text="a story"))
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert reader.asked == []
