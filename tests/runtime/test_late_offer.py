"""What is done with an answer that was given up and has come."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from voice_assistant.api.models import HistoryMessage
from voice_assistant.commands import Announce
from voice_assistant.runtime.offers import offer_late
from voice_assistant.turns.late_answers import Unanswered

FOUND = HistoryMessage(
    id="m1", conversation_id="c1", query="q", answer="<think>Hm.</think>One. Two. Three."
)


def told(**asked):
    """What is posted, offered, and which conversation goes on."""
    posted, offered, current = [], [], []
    of_profile = SimpleNamespace(conversation=SimpleNamespace(set_current=current.append))
    offer_late(
        SimpleNamespace(post=posted.append),
        SimpleNamespace(offer=lambda *offer: offered.append(offer)),
        SimpleNamespace(of_profile=lambda _: of_profile),
        Unanswered(question="" if asked.get("left_over") else "q", **asked),
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
        ({"aloud": True, "said": 1, "left_over": True}, ["Two. Three."]),
        ({"spoken": True, "aloud": True, "left_over": True}, ["One. Two. Three."]),
        ({"left_over": True}, []),
        ({"aloud": True, "left_over": True, "said": 7}, []),
    ],
)
def test_it_is_offered_and_said_on_where_the_assistant_died_in_the_middle(asked, said):
    assert told(**asked) == said
