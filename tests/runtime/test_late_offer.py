"""What is done with an answer that was given up and has come."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from voice_assistant.api.models import HistoryMessage
from voice_assistant.commands import Announce, Resume
from voice_assistant.runtime.offers import offer_late, pick_up
from voice_assistant.turns.answer.late_answers import Unanswered

FOUND = HistoryMessage(
    id="m1", conversation_id="c1", query="q", answer="<think>Hm.</think>One. Two. Three."
)


async def told(*, quiet=False, **asked):
    """What is posted, offered, and which conversation goes on."""
    posted, offered, current = [], [], []
    of_profile = SimpleNamespace(conversation=SimpleNamespace(set_current=current.append))

    async def is_quiet():
        return quiet

    notices = SimpleNamespace(offer=lambda *offer, unasked: offered.append(offer))
    await offer_late(
        SimpleNamespace(post=posted.append),
        SimpleNamespace(notices=notices, is_quiet=is_quiet),
        SimpleNamespace(of_profile=lambda _: of_profile),
        Unanswered(question="q", **asked),
        FOUND,
    )
    ((_, title, body, button),) = offered
    assert title == "The answer has come"
    assert body.startswith("q\n\nOne.")
    assert button.command == Announce(text=button.command.text)
    assert "think" not in button.command.text
    assert current == ["c1"]
    return [command.text for command in posted]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, []),
        ({"spoken": True, "aloud": True}, ["The answer has come."]),
        ({"spoken": True, "aloud": True, "quiet": True}, []),
    ],
)
async def test_it_is_offered_and_that_is_said_where_the_question_was_spoken(asked, said):
    assert await told(**asked) == said


@pytest.mark.parametrize(
    ("left", "at_once"),
    [({}, True), ({"quit": True}, False), ({"asked_at": 1.0}, False)],
)
def test_a_cut_off_answer_goes_on_by_itself_only_where_that_is_expected(left, at_once):
    posted, offered = [], []
    pick_up(
        SimpleNamespace(post=posted.append),
        SimpleNamespace(offer=lambda *offer, unasked: offered.append(offer)),
        Unanswered(**{"question": "", "asked_at": time.time(), **left}),
    )
    assert posted == ([Resume()] if at_once else [])
    assert [offer[3].command for offer in offered] == ([] if at_once else [Resume()])
