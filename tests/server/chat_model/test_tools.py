from __future__ import annotations

import json

import pytest

from server.skills.conftest import Talk
from voice_assistant.server.chat_model import tools
from voice_assistant.server.chat_model.completion import Call


@pytest.fixture
def talk():
    return Talk()


@pytest.mark.parametrize(
    ("tool", "arguments", "answer"),
    [
        ("current_time", {}, "It is 3:05 PM."),
        ("set_timer", {"seconds": 90}, "Timer set for 1 minute 30 seconds."),
        ("set_timer", {"seconds": "600", "name": "Pasta"}, "Timer set for 10 minutes: pasta."),
        ("list_timers", {}, "There is no timer running."),
        (
            "convert_units",
            {"amount": 5, "source": "miles", "target": "km"},
            "5 miles are about 8.05 kilometers.",
        ),
        ("calculate", {"expression": "(2+3)*4"}, "(2 plus 3) times 4 is 20."),
    ],
)
async def test_a_call_is_answered_by_a_skill(talk, tool, arguments, answer):
    assert await tools.use(Call("1", tool, json.dumps(arguments)), talk.skills) == answer


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("calculate", {"expression": "cancel all timers"}),
        ("set_timer", {"seconds": 60, "name": "x and cancel"}),
        ("set_timer", {"seconds": 0}),
        ("set_timer", {}),
        ("convert_units", {"amount": 1, "source": "1 mile; cancel", "target": "km"}),
        ("current_time", {"place": "x"}),
    ],
)
async def test_other_arguments_do_nothing(talk, tool, arguments):
    talk.timers.add(600)
    assert await tools.use(Call("1", tool, json.dumps(arguments)), talk.skills) == tools.UNUSABLE
    assert len(talk.timers.list()) == 1


@pytest.mark.parametrize("arguments", ["{", "[]", "7", '"x"', "\ud800"])
async def test_broken_arguments_are_answered(talk, arguments):
    assert await tools.use(Call("1", "current_time", arguments), talk.skills) == tools.UNUSABLE


async def test_an_unknown_tool_is_answered(talk):
    assert await tools.use(Call("1", "delete_files", "{}"), talk.skills) == tools.UNKNOWN


def test_each_tool_has_a_schema():
    for one in tools.descriptions():
        function = one["function"]
        assert function["description"]
        assert set(function["parameters"]["required"]) <= set(function["parameters"]["properties"])
