"""The caption of the moment."""

from __future__ import annotations

import pytest

from voice_assistant.desktop.overlay.caption import Caption
from voice_assistant.events import (
    Answered,
    Asked,
    Commanded,
    Failed,
    HeardSoFar,
    Idle,
    Listening,
    Paused,
    Resumed,
    Speaking,
    Spoken,
    Text,
)
from voice_assistant.subscribers.captions import Captions, last_sentence


@pytest.fixture
def said():
    return {"sentence": "", "level": None, "stay": 60.0}


@pytest.fixture
def captions(said):
    return Captions(lambda: said["sentence"], lambda: said["level"], lambda: said["stay"])


def tell(captions, *events):
    for event in events:
        captions.handle(event)


def test_an_answer_that_is_paused_by_voice_shows_what_to_say(captions, said):
    said["sentence"] = "One is so."
    tell(captions, Asked(turn=1, question="Why?", source="voice"), Speaking(turn=1))
    tell(captions, Commanded(turn=2, words="wait", pauses=True), Idle(turn=2), Paused(turn=1))
    assert captions.now == Caption("paused", None, Paused.told, "One is so.")
    tell(captions, Resumed(turn=1))
    assert captions.now == Caption("speaking", None, "wait", "One is so.")


def test_it_follows_a_turn_and_goes_when_all_is_said(captions, said):
    assert captions.now is None
    said["level"] = -20.0
    tell(captions, Listening(turn=1))
    assert captions.now == Caption("listening", -20.0)
    tell(captions, HeardSoFar(turn=1, text="Wh"))
    assert captions.now == Caption("listening", -20.0, "Wh")
    tell(captions, Asked(turn=1, question="Why?", source="voice"))
    assert captions.now == Caption("thinking", None, "Why?")
    tell(captions, Text(turn=1, delta="One is so. Two is"))
    assert captions.now.words == "Two is"
    said["sentence"] = "One is so."
    tell(captions, Speaking(turn=1))
    assert captions.now == Caption("speaking", None, "Why?", "One is so.")
    tell(
        captions,
        Answered(turn=1, text="One is so.", message_id="", conversation_id="", complete=True),
        Spoken(turn=1, seconds=1, complete=True, stream_s=1, text_to_audio_s=0),
        Idle(turn=1),
    )
    said["sentence"] = ""
    assert captions.now == Caption("idle", None, "Why?", "One is so.")
    assert captions.wanted.is_set()
    said["stay"] = 0.0
    assert captions.now is None
    assert not captions.wanted.is_set()


def test_what_went_wrong_is_shown(captions):
    tell(captions, Failed(turn=1, title="No network", hint="", code="x"), Idle(turn=1))
    assert captions.now == Caption("error", None, "", "No network")


@pytest.mark.parametrize(
    ("text", "last"),
    [("", ""), ("One. **Two** is", "Two is"), ("One.\n\n- two\n- three", "three")],
)
def test_the_last_sentence_is_plain(text, last):
    assert last_sentence(text).removeprefix("• ").removeprefix("- ") == last


def test_a_failure_is_shown_while_it_is_said_and_calls_settings_by_their_titles(captions):
    failed = Failed(turn=1, title="hotkey.stop is taken", hint="", code="x")
    tell(captions, Asked(turn=1, question="Why?", source="text"), failed)
    assert captions.now.words == "“Stop” is taken"
