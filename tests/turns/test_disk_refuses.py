"""Turns while the disk takes nothing: they are answered, and it is told."""

from __future__ import annotations

import contextlib

import pytest
from fakes import FakeProblems, until
from helpers.system.disk import file_instead, full_disk
from helpers.turns.staging import ANSWER, server, staged

from voice_assistant.commands import Ask, New
from voice_assistant.errors import StorageError


@contextlib.contextmanager
def refusing(stage, disk):
    if disk == "full":
        with full_disk():
            yield
        return
    file_instead(stage.data)
    yield
    stage.data.unlink()
    stage.data.mkdir()


@pytest.mark.parametrize("disk", ["full", "gone"])
async def test_an_answer_is_whole_and_spoken_and_one_warning_told(disk):
    problems = FakeProblems()
    backend = server(script=ANSWER)
    async with staged(backend=backend, problems=problems) as stage:
        with refusing(stage, disk):
            stage.post(Ask(text="hello"))
            await stage.turn_over()
            stage.post(Ask(text="and then"))
            await until(lambda: stage.count("idle") == 2)
        assert stage.failures() == []
        assert [stage.count("answered"), stage.count("spoken")] == [2, 2]
        assert [request.conversation_id for request in backend.asked] == ["", "conversation"]
    ((_, problem),) = problems
    assert isinstance(problem, StorageError)
    assert "conversations.json cannot be written" in problem.title


@pytest.mark.parametrize("disk", ["full", "gone"])
async def test_a_spoken_question_is_answered(disk):
    problems = FakeProblems()
    async with staged(problems=problems) as stage:
        with refusing(stage, disk):
            await stage.speak()
            await stage.turn_over()
        assert stage.failures() == []
        assert [stage.count("answered"), stage.count("spoken")] == [1, 1]
    assert {type(problem) for _, problem in problems} == {StorageError}


@pytest.mark.parametrize("disk", ["full", "gone"])
async def test_a_new_conversation_begins(disk):
    backend = server(script=ANSWER)
    async with staged(backend=backend) as stage:
        stage.conversation.set_current("old")
        with refusing(stage, disk):
            stage.post(New())
            stage.post(Ask(text="hello"))
            await stage.turn_over()
        assert not stage.ended
    assert [request.conversation_id for request in backend.asked] == [""]
