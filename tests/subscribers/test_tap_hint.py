"""A tap of the talk key that brings no words is explained."""

from __future__ import annotations

import pytest

from voice_assistant import events
from voice_assistant.subscribers.tap_hint import TIMES, TapHint


@pytest.fixture
def said():
    return []


@pytest.fixture
def file(tmp_path):
    return tmp_path / "tap-hints"


def tap(hint: TapHint, turn: int, *between: events.AnyEvent) -> None:
    hint.handle(events.Listening(turn=turn))
    hint.tapped()
    for event in (*between, events.Idle(turn=turn)):
        hint.handle(event)


def test_a_tap_without_words_is_explained_a_few_times_and_also_over_a_restart(said, file):
    for turn in range(TIMES - 1):
        tap(TapHint(lambda: said.append("hint"), file), turn)
    hint = TapHint(lambda: said.append("hint"), file)
    for turn in range(5):
        tap(hint, turn)
    assert said == ["hint"] * TIMES


@pytest.mark.parametrize(
    "event",
    [
        events.Asked(question="what time is it", source="voice", turn=1),
        events.Commanded(words="louder", turn=1),
    ],
)
def test_a_tap_with_words_needs_no_explanation(said, file, event):
    tap(TapHint(lambda: said.append("hint"), file), 1, event)
    assert said == []


def test_a_held_key_without_words_is_another_matter(said, file):
    hint = TapHint(lambda: said.append("hint"), file)
    hint.handle(events.Listening(turn=1))
    hint.handle(events.Idle(turn=1))
    assert said == []


def test_the_end_of_another_turn_explains_nothing(said, file):
    hint = TapHint(lambda: said.append("hint"), file)
    hint.handle(events.Listening(turn=2))
    hint.tapped()
    hint.handle(events.Idle(turn=1))
    assert said == []
    hint.handle(events.Idle(turn=2))
    assert said == ["hint"]


def test_a_file_that_cannot_be_used_is_no_reason_to_be_silent(said, tmp_path):
    (tmp_path / "file").write_text("what")
    tap(TapHint(lambda: said.append("hint"), tmp_path / "file" / "below"), 1)
    tap(TapHint(lambda: said.append("hint"), tmp_path / "file"), 1)
    assert said == ["hint"] * 2
