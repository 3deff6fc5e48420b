"""Which step of an app runs is told where no words come for a while."""

from __future__ import annotations

import asyncio

import pytest
from fakes import until
from helpers.turns import fake_time
from helpers.turns.staging import ANSWER, server, staged

from voice_assistant import events
from voice_assistant.api.stream.events import AgentThought, NodeRun, NodeStarted
from voice_assistant.commands import Ask


def step(title: str, kind: str = "tool") -> NodeStarted:
    return NodeStarted(data=NodeRun(title=title, node_type=kind))


def wait(seconds: float):
    async def passing() -> None:
        await asyncio.sleep(seconds)

    return passing


def told_of(*script) -> list[str]:
    """What is told of the work on an answer with this script."""
    told: list[str] = []

    async def story() -> None:
        async with staged(backend=server(script=[*script, *ANSWER])) as stage:
            stage.post(Ask(text="hello", speech=False))
            await until(lambda: stage.kinds()[-1:] == ["idle"], seconds=300.0, pause_s=0.1)
            told.extend(one.told for one in stage.events if isinstance(one, events.Working))

    fake_time.tell(story())
    return told


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ((step("Search the web"), wait(5.5)), []),
        ((step("Search the web"), wait(7.0)), ["Still working: Search the web."]),
        ((wait(7.0),), ["Still working."]),
        (
            (wait(7.0), step("Search the web"), wait(30.0), step("Sort"), wait(1.0)),
            ["Still working.", "Still working: Search the web.", "Still working: Sort."],
        ),
        ((step("Search"), step("IF", "if-else"), wait(7.0)), ["Still working: Search."]),
        ((AgentThought(tool="web_search;dataset_1"), wait(7.0)), ["Still working: web search."]),
        ((step("a" * 100), wait(7.0)), [f"Still working: {'a' * 59}…."]),
        ((step("\x1b[2Jone\ntwo"), wait(7.0)), ["Still working: one two."]),
        (
            (step("Search"), ANSWER[0], wait(5.5), ANSWER[1], wait(7.0)),
            ["Still working: Search."],
        ),
    ],
)
def test_it_is_told_after_six_seconds_without_words(script, told):
    assert told_of(*script) == told
