"""An answer that was given up is looked for, and offered when it is there."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager

import msgspec
import pytest
from fakes import FakeBackend, FakeSpeaker, until
from helpers.turns import fake_time
from helpers.turns.staging import ANSWER, IDS, SILENT, server, staged

from voice_assistant.api.models import HistoryMessage
from voice_assistant.api.stream.events import (
    Message,
)
from voice_assistant.commands import Ask
from voice_assistant.errors import BrokenStream, ModelFailed, TimedOut, Unreachable
from voice_assistant.turns.answer.late_answers import FOR_S, LEFT_S, LateAnswers, Unanswered

THERE = HistoryMessage(id="message", conversation_id="c1", query="q", answer="Paris.")
ASKED = Unanswered(question="q", spoken=True, message_id="message", conversation_id="c1")


class Late(FakeBackend):
    """A server that has the answer after some looks at its messages."""

    def __init__(self, *found, **behaviour) -> None:
        super().__init__(**{"can": SILENT, **behaviour})
        self.found = list(found)
        self.looked: list[dict] = []

    async def find_message(self, **about):
        self.looked.append(about)
        found = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if isinstance(found, Exception):
            raise found
        return found


@asynccontextmanager
async def looking(backend, late=None):
    offered: list = []
    late = late or LateAnswers()

    async def connect(_profile):
        return backend

    async def offer(*found):
        offered.append(found)

    task = asyncio.create_task(late.run(connect, offer, offered.append))
    try:
        yield late, offered
    finally:
        task.cancel()
        await asyncio.wait([task])


def test_a_late_answer_is_offered_as_soon_as_it_is_there():
    async def story() -> None:
        unwritten = msgspec.structs.replace(THERE, answer="")
        backend = Late(None, Unreachable("It is away"), unwritten, THERE)
        async with looking(backend) as (late, offered):
            late.look_for(ASKED)
            await until(lambda: offered, seconds=120.0, pause_s=0.5)
            assert offered == [(ASKED, THERE)]
            await asyncio.sleep(2 * FOR_S)
            assert len(backend.looked) == 4, "and is not looked for any more"
        assert backend.looked[0]["message_id"] == "message"

    fake_time.tell(story())


def test_a_late_answer_is_not_looked_for_forever():
    async def story() -> None:
        backend = Late(None)
        async with looking(backend) as (late, offered):
            late.look_for(ASKED)
            await asyncio.sleep(FOR_S + 60.0)
            looks = len(backend.looked)
            assert 20 < looks < 50
            await asyncio.sleep(FOR_S)
            assert (len(backend.looked), offered) == (looks, [])

    fake_time.tell(story())


def test_the_last_question_is_looked_for():
    async def story() -> None:
        backend = Late(None)
        async with looking(backend) as (late, _):
            late.look_for(ASKED)
            await asyncio.sleep(5.0)
            late.look_for(msgspec.structs.replace(ASKED, message_id="m2"))
            await asyncio.sleep(60.0)
            assert backend.looked[-1]["message_id"] == "m2"

    fake_time.tell(story())


@pytest.mark.parametrize(("age_s", "found"), [(5.0, True), (LEFT_S + 5.0, False)])
async def test_a_process_that_ended_in_the_middle_of_an_answer_has_left_the_question(
    tmp_path, age_s, found
):
    file = tmp_path / "unanswered.json"
    asked = msgspec.structs.replace(ASKED, asked_at=time.time() - age_s)
    LateAnswers(file).began(asked)
    assert file.stat().st_mode & 0o777 == 0o600
    assert '"q"' not in file.read_text()
    backend, late = Late(THERE), LateAnswers(file)
    async with looking(backend, late) as (_, offered):
        await until(lambda: not file.exists())
        left = msgspec.structs.replace(asked, question="")
        assert offered == ([left] if found else [])
        assert backend.looked == []
        assert late.take_left() == (left if found else None)
        assert late.take_left() is None


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]"])
async def test_a_spoilt_file_is_nothing(tmp_path, spoilt):
    file = tmp_path / "unanswered.json"
    file.write_bytes(spoilt)
    async with looking(Late(THERE), LateAnswers(file)) as (_, offered):
        await asyncio.sleep(0.05)
        assert offered == []


LOST = BrokenStream("The answer broke off")
BUSY = BrokenStream("The server is busy")


@pytest.mark.parametrize(
    ("script", "message_id", "conversation_id"),
    [
        ([BUSY], "", ""),
        ([Message(answer="Par", **IDS), LOST], "message", "conversation"),
    ],
)
async def test_an_answer_that_is_given_up_is_looked_for(script, message_id, conversation_id):
    async with staged(backend=server(script=script)) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        wanted = stage.parts.late._wanted
    assert wanted.question == "what"
    assert not wanted.spoken
    assert (wanted.message_id, wanted.conversation_id) == (message_id, conversation_id)
    assert time.time() - wanted.asked_at < 60


async def test_a_question_that_the_server_may_have_taken_is_looked_for():
    class Slow(FakeBackend):
        @asynccontextmanager
        async def chat(self, request, *, sure=False):
            raise TimedOut("It does not answer")
            yield

    async with staged(backend=Slow(can=SILENT)) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        assert stage.parts.late._wanted.question == "what"


@pytest.mark.parametrize("script", [ANSWER, [ModelFailed("The model failed")]])
async def test_a_question_that_was_answered_or_has_failed_is_not_looked_for(script):
    async with staged(backend=server(script=script)) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        assert stage.parts.late._wanted is None


async def test_the_place_of_the_speech_is_kept_while_the_answer_is_given(tmp_path):
    speaker = FakeSpeaker(held=True, ahead_s=0.3)
    file = tmp_path / "unanswered.json"
    async with staged(
        backend=server(script=ANSWER), speaker=speaker, late=LateAnswers(file)
    ) as stage:
        stage.post(Ask(text="what"))
        await until(lambda: speaker.words)

        def said() -> int:
            kept = msgspec.json.decode(file.read_bytes(), type=Unanswered)
            assert kept.aloud
            return kept.said

        assert said() == 0
        speaker.hear(0.35)
        await until(lambda: said() == 1)
        speaker.release()
        await stage.turn_over()
    assert not file.exists()


@pytest.mark.parametrize("damage", ["deep", "cut", "a fifo", "a folder", "huge"])
async def test_what_is_left_and_cannot_be_read_is_no_question(tmp_path, damage):
    file = tmp_path / "unanswered.json"
    match damage:
        case "deep":
            file.write_bytes(b'{"x": ' + b"[" * 100_000)
        case "cut":
            file.write_bytes(b'{"question": "q", "message')
        case "a fifo":
            os.mkfifo(file)
        case "a folder":
            file.mkdir()
        case "huge":
            with file.open("wb") as grown:
                grown.truncate(10 * 2**30)
    assert LateAnswers(file).take_left() is None
