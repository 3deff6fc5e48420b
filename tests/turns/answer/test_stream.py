"""An answer that is interrupted: its server is told, whenever that happens."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeBackend, until

from voice_assistant.api.models import ChatRequest
from voice_assistant.api.stream.events import (
    Message,
)
from voice_assistant.turns.answer.stream import AnswerStream

IDS = {"task_id": "task", "message_id": "message", "conversation_id": "conversation"}


async def interrupted(steps: int, *script) -> tuple[list[str], list[str]]:
    """What was read before an interruption, so many turns of the loop later, and what stopped."""

    async def main() -> None:
        async with backend.chat(ChatRequest("what")) as stream:
            incoming = AnswerStream(stream)

            async def follow() -> None:
                async for event in incoming:
                    read.append(event.answer)  # noqa: PERF401  (as they come)

            task = asyncio.create_task(follow())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            await incoming.hang_up(backend)
            await incoming.cancel_read()

    read: list[str] = []
    backend = FakeBackend(script=script)
    await main()
    return read, backend.stopped


@pytest.mark.parametrize("steps", range(1, 20))
async def test_the_server_is_told_even_if_the_next_words_come_at_that_moment(steps):
    words = [Message(answer=str(number), **IDS) for number in range(20)]

    read, stopped = await interrupted(steps, *words)

    assert len(read) < 20
    assert stopped == ["task"]


async def test_an_answer_that_has_ended_is_not_stopped():
    assert await interrupted(20, Message(answer="all", **IDS)) == (["all"], [])


async def test_an_answer_that_ends_without_a_name_is_not_stopped():
    goes_on = asyncio.Event()

    async def main() -> None:
        async with backend.chat(ChatRequest("what")) as stream:
            incoming = AnswerStream(stream)
            task = asyncio.create_task(anext(incoming))
            await until(lambda: incoming._awaited)
            task.cancel()
            await asyncio.wait([task])
            goes_on.set()
            await incoming.hang_up(backend)

    backend = FakeBackend(script=[goes_on])
    await main()
    assert backend.stopped == []
