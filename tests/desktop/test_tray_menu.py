"""What is in the menu, and what each entry posts."""

from __future__ import annotations

import time

import pytest
from helpers.desktop.menu import shown

from voice_assistant.commands import (
    About,
    Ask,
    Back,
    Conversation,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    Pause,
    Quit,
    Repeat,
    Resume,
    Retry,
    Skip,
    SlowSpeaker,
    Stop,
    Toggle,
    Wake,
    Window,
)
from voice_assistant.desktop.tray.menu import Menu, entries
from voice_assistant.status import Choosable, Status

SETTINGS = ("[Louder (volume: 100%)]", "Quieter", "Faster (speed: 1)", "Slower", "---")


MODES = (
    *("Open the window", "Type a question", "[New conversation]", "Ask about my screen"),
    *("Microphone off", "More"),
)


LAST = ("Settings", "Quit")


def test_when_idle_there_is_talking_to_be_had():
    assert shown(Status()) == [
        *("Talk", "[Stop]", "---", "Say it again", "---"),
        *(*SETTINGS, *MODES, "---", *LAST),
    ]


@pytest.mark.parametrize(("phase", "hold"), [("speaking", "Pause"), ("paused", "Go on")])
def test_an_answer_can_be_paused_and_skipped_through(phase, hold):
    assert shown(Status(phase=phase))[1:7] == [
        *("Stop", "---", hold, "Next sentence", "Previous sentence", "Say it again")
    ]


def test_while_listening_one_can_finish_or_stop():
    assert shown(Status(phase="listening"))[:2] == ["Finish", "Stop"]


@pytest.mark.parametrize("phase", ["thinking", "speaking"])
def test_every_busy_phase_can_be_stopped(phase):
    assert shown(Status(phase=phase))[:2] == ["Talk", "Stop"]


def test_the_menu_tells_how_the_key_stops():
    assert shown(Status(phase="speaking", talk_key="F9"))[:2] == ["Talk", "Stop (F9 twice)"]


def test_questions_and_what_is_missing_have_their_places():
    state = Status(
        phase="error",
        suggestions=("How tall?", "How  old\nis it?"),
        problems=("No microphone",),
    )
    assert shown(state) == [
        *(
            "Talk",
            "[Stop]",
            "---",
            "1. How tall?",
            "2. How old is it?",
            "---",
            "Say it again",
            "---",
        ),
        *(*SETTINGS, *MODES, "---", "[No microphone]", "---", *LAST),
    ]


def test_a_recording_that_waits_can_be_tried_again():
    assert "Try the last recording again" in shown(Status(unanswered=True))
    assert "[Try the last recording again]" in shown(Status(phase="listening", unanswered=True))
    posted = []
    items = {item.text: item for item in Menu(*entries(Status(unanswered=True), posted.append))}
    items["Try the last recording again"](None)
    assert posted == [Retry()]


def test_an_alarm_that_rings_can_be_snoozed():
    assert shown(Status(phase="speaking", rings=True))[:3] == ["Talk", "Stop", "Snooze"]
    assert "Snooze" not in shown(Status(phase="speaking"))


def test_an_answer_that_a_restart_cut_off_can_go_on():
    label = "Go on with the answer that was cut off"
    assert label not in shown(Status())
    assert f"[{label}]" in shown(Status(phase="listening", unfinished=True))
    posted = []
    items = {item.text: item for item in Menu(*entries(Status(unfinished=True), posted.append))}
    items[label](None)
    assert posted == [Resume()]


def test_a_question_that_failed_can_be_asked_again():
    posted = []
    state = Status(failed_question="Why\nis it?", failed_files=("/a",))
    items = {item.text: item for item in Menu(*entries(state, posted.append))}
    items["Ask again: Why is it?"](None)
    assert posted == [Ask(text="Why\nis it?", files=("/a",))]


def test_a_flood_of_suggestions_leaves_the_menu_short():
    state = Status(suggestions=tuple(f"Why {n}?" for n in range(5000)))
    asked = [text for text in shown(state) if "Why" in text]
    assert asked == [f"{n + 1}. Why {n}?" for n in range(10)]


def test_all_that_is_there_while_it_speaks_fits_on_a_small_screen():
    everything = Status(
        phase="speaking",
        suggestions=("Why?", "When?", "Who?"),
        can_rate=True,
        conversation_id="c1",
        recent_conversations=(("c1", "What?"),),
        profiles=("default", "work"),
        choices=(
            Choosable("microphone.device", "", ("USB",)),
            Choosable("speaker.device", "", ("USB",)),
            Choosable("backend.voice", "", ("hibari",)),
        ),
    )
    menu = list(Menu(*entries(everything, lambda _: None, lambda _: None)))
    rows = [item for item in menu if item is not Menu.SEPARATOR]
    assert len(rows) <= 25, "25 pixels each: some room is left for timers and what does not work"


def test_each_entry_posts_its_command():
    posted = []
    for item in Menu(*entries(Status(phase="speaking", suggestions=("Why?",)), posted.append)):
        if item.text.split(" (")[0] not in {"Louder", "Quieter", "Faster", "Slower"}:
            for one in item.submenu or [item]:
                one(None)
    assert posted == [
        *(Toggle(), Stop(), Ask(text="Why?", source="suggestion")),
        *(
            Pause(),
            Skip(),
            Back(),
            Repeat(),
            Window(),
            Window(view="type"),
            New(),
            LookAtScreen(),
            Mute(on=True),
            Conversation(on=True),
            Wake(on=True),
            SlowSpeaker(on=True),
            OffRecord(on=True),
            Window(view="doctor"),
            About(),
            Window(view="settings"),
            Quit(),
        ),
    ]


def test_timers_that_wait_are_listed_with_their_times():
    soon, later = time.time() + 1, time.time() + 8 * 86_400
    listed = shown(Status(timers=(("The tea is ready.", soon), ("Call mom.", later))))
    at = time.strftime("%H:%M", time.localtime(soon))
    day = time.strftime("%a %H:%M", time.localtime(later))
    assert f"[{at} The tea is ready.]" in listed
    assert f"[{day} Call mom.]" in listed


def test_a_conversation_that_has_begun_can_be_left():
    assert "New conversation" in shown(Status(conversation_id="c"))
