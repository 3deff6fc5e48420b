"""What the tray says, of its state and in its menu."""

from __future__ import annotations

import re

import pytest
from helpers.desktop.menu import shown

from voice_assistant.commands import (
    Ask,
)
from voice_assistant.desktop.tray import icons
from voice_assistant.desktop.tray.menu import Menu, entries, words
from voice_assistant.events import PHASE_WORDS
from voice_assistant.status import Status
from voice_assistant.translation import AUTO, choose

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_long_questions_are_shortened_in_the_menu_alone():
    question = "why " * 40
    posted = []
    items = list(Menu(*entries(Status(suggestions=(question,)), posted.append)))
    assert len(items[3].text) <= 60
    items[3](None)
    assert posted == [Ask(text=question, source="suggestion")]


HOSTILE = "wh\x1b]0;x\x07y\0 \u202eis \x9b31mit\ud83d?"


def test_labels_hold_nothing_that_a_panel_or_the_bus_would_obey():
    state = Status(phase="error", suggestions=(HOSTILE,), problems=(HOSTILE,))
    assert [text for text in shown(state) if "wh" in text] == ["1. why is it?", "[why is it?]"]
    assert words(state).splitlines()[1] == "why is it?"


def test_a_suggestion_is_asked_as_it_is_shown():
    posted = []
    items = list(Menu(*entries(Status(suggestions=(HOSTILE,)), posted.append)))
    items[3](None)
    assert posted == [Ask(text="why is it?", source="suggestion")]


def test_the_state_is_told_in_words():
    assert words(Status(phase="thinking")) == "Thinking"
    assert words(Status(problems=("No microphone", "No key"))) == ("Ready\nNo microphone\nNo key")


def test_the_way_to_talk_is_told_where_one_can_talk():
    way = "Hold F9 while you speak."
    assert words(Status(how_to_talk=way)) == f"Ready\n{way}"
    for busy in (Status(phase="speaking", how_to_talk=way), Status(muted=True, how_to_talk=way)):
        assert way not in words(busy)
    assert way not in words(Status(not_ready="No key", how_to_talk=way))


@pytest.mark.parametrize("phase", ["idle", "error"])
def test_why_nothing_can_be_asked_is_told_in_place_of_ready(phase):
    state = Status(phase=phase, not_ready="No microphone", problems=("No microphone", "No key"))
    assert words(state) == "Not ready: No microphone\nNo key"
    assert icons.picture(state) == "not_ready"


def test_the_tray_calls_settings_by_their_titles():
    taken = "hotkey.stop is taken"
    state = Status(not_ready=taken, problems=(taken, "microphone.device is gone"))
    assert words(state) == "Not ready: “Stop” is taken\n“The microphone” is gone"
    assert "[“Stop” is taken]" in shown(state)


def test_the_phase_is_shown_although_a_part_is_missing():
    state = Status(phase="speaking", not_ready="No microphone")
    assert words(state) == "Speaking"
    assert icons.picture(state) == "speaking"


def test_the_level_stands_beside_what_is_done():
    assert words(Status(phase="listening", level_dbfs=-30.2)) == "Listening ▮▮▮▮▮▯▯▯▯▯"


@pytest.mark.parametrize("phase", PHASE_WORDS)
def test_every_label_is_chinese_where_that_is_the_language(phase) -> None:
    state = Status(
        phase=phase, failed_question="为什么", profiles=("一", "二"), profile="一", can_rate=True
    )
    choose("zh_CN")
    try:
        labels = [*shown(state), *words(state).splitlines()]
    finally:
        choose(AUTO)
    assert [label for label in labels if label != "---" and not CHINESE.search(label)] == []
