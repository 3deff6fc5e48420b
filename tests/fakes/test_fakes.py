"""The behaviour of the fakes on which other tests rely."""

from __future__ import annotations

from fakes import FakeBackend, read, utter
from voice_assistant.api.models import ChatRequest
from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
)


def test_the_fake_recogniser_reads_an_utterance():
    assert read(utter("Grüße, 世界 😀")) == "Grüße, 世界 😀"


async def test_the_fake_server_stops_one_of_two_answers_that_follow_the_same_script():
    backend = FakeBackend([Message(answer="One.", task_id="task"), MessageEnd(task_id="task")])
    async with backend.chat(ChatRequest("first")) as first, backend.chat(ChatRequest("")) as second:
        await anext(first)
        await anext(second)
        await backend.stop(first.task_id)
        assert [event async for event in first] == []
        assert len([event async for event in second]) == 1
    assert (first.stopped, second.stopped) == (True, False)
