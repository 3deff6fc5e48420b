"""What is in the menu, and what each entry posts."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from voice_assistant.commands import (
    About,
    Ask,
    Back,
    Choose,
    Continue,
    Conversation,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    Pause,
    Quit,
    Rate,
    Repeat,
    Resume,
    Retry,
    Skip,
    SlowSpeaker,
    Speed,
    Stop,
    Toggle,
    UseProfile,
    Volume,
    Wake,
    Window,
)
from voice_assistant.desktop.tray import icons
from voice_assistant.desktop.tray.menu import Menu, MenuItem, entries, words
from voice_assistant.events import PHASE_WORDS
from voice_assistant.status import Choosable, Status
from voice_assistant.translation import AUTO, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.commands import AnyCommand

CHINESE = re.compile("[\u4e00-\u9fff]")


def shown(state: Status) -> list[str]:
    """The menu as text; what cannot be chosen in brackets."""
    menu = Menu(*entries(state, lambda _: None))
    return [
        "---" if item is Menu.SEPARATOR else item.text if item.enabled else f"[{item.text}]"
        for item in menu
    ]


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


@pytest.mark.parametrize(
    ("volume", "speed", "commands"),
    [
        (0.5, 1.0, [Volume(level=0.7), Volume(level=0.3), Speed(factor=1.25), Speed(factor=0.75)]),
        (1.0, 3.0, [Volume(level=0.8), Speed(factor=2.75)]),
        (0.0, 0.5, [Volume(level=0.2), Speed(factor=0.75)]),
    ],
)
def test_volume_and_speed_change_in_steps(volume, speed, commands):
    posted = []
    for item in Menu(*entries(Status(volume=volume, speed=speed), posted.append)):
        if item.text.split(" (")[0] in {"Louder", "Quieter", "Faster", "Slower"} and item.enabled:
            item(None)
    assert posted == commands


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


@pytest.mark.parametrize(("now", "then"), [("", "good"), ("bad", "good"), ("good", "")])
def test_the_last_answer_is_rated_and_the_rating_taken_back(now, then):
    posted = []
    state = Status(can_rate=True, rating=now)
    items = {item.text: item for item in Menu(*entries(state, posted.append))}
    assert (items["Good answer"].checked, items["Bad answer"].checked) == (
        now == "good",
        now == "bad",
    )
    items["Good answer"](None)
    assert posted == [Rate(rating=then)]
    assert "Good answer" not in shown(Status())


def below(label: str, state: Status, post: Callable[[AnyCommand], None]) -> dict[str, MenuItem]:
    """The entries of a submenu, by their labels."""
    items = {item.text: item for item in Menu(*entries(state, post))}
    return {item.text: item for item in items[label].submenu}


def more(state: Status, post: Callable[[AnyCommand], None]) -> dict[str, MenuItem]:
    return below("More", state, post)


def test_older_conversations_are_continued():
    posted = []
    recent = tuple((f"c{number}", f"question {number}") for number in range(6))
    state = Status(recent_conversations=recent, conversation_id="c1")
    offered = below("Continue a conversation", state, posted.append)
    assert list(offered) == [question for _, question in recent]
    assert [text for text, item in offered.items() if item.checked] == ["question 1"]
    offered["question 2"](None)
    assert posted == [Continue(conversation_id="c2")]
    assert "Continue a conversation" not in shown(Status())


def test_profiles_are_offered_where_there_are_some():
    posted = []
    state = Status(profile="work", profiles=("default", "work"))
    offered = {item.text: item for item in more(state, posted.append)["Profile: work"].submenu}
    assert {text: item.checked for text, item in offered.items()} == {
        "default": False,
        "work": True,
    }
    offered["default"](None)
    assert posted == [UseProfile(name="default")]
    assert "Profile: default" not in more(Status(profiles=("default",)), posted.append)


def test_devices_and_voices_are_chosen_in_submenus():
    posted = []
    state = Status(
        choices=(
            Choosable("microphone.device", "usb", ("Built-in", "USB Headset")),
            Choosable("speaker.device", "", ("Built-in",)),
        )
    )
    items = more(state, posted.append)
    microphones = list(items["Microphone: USB Headset"].submenu)
    assert [(one.text, one.checked) for one in microphones] == [
        ("Chosen by the system", False),
        ("Built-in", False),
        ("USB Headset", True),
    ]
    microphones[1](None)
    microphones[0](None)
    assert [one.checked for one in items["Loudspeaker: the usual one"].submenu] == [True, False]
    assert posted == [
        Choose(setting="microphone.device", value="Built-in"),
        Choose(setting="microphone.device", value=""),
    ]


def test_a_question_that_failed_can_be_asked_again():
    posted = []
    state = Status(failed_question="Why\nis it?", failed_files=("/a",))
    items = {item.text: item for item in Menu(*entries(state, posted.append))}
    items["Ask again: Why is it?"](None)
    assert posted == [Ask(text="Why\nis it?", files=("/a",))]


@pytest.mark.parametrize("off", [True, False])
def test_off_the_record_is_checked_told_and_changed(off):
    posted = []
    state = Status(off_the_record=off)
    items = more(state, posted.append)
    assert items["Off the record"].checked == off
    assert ("nothing is kept" in words(state)) == off
    items["Off the record"](None)
    assert posted == [OffRecord(on=not off)]


@pytest.mark.parametrize("on", [True, False])
def test_the_start_at_login_is_checked_and_changed(on):
    wanted = []
    items = list(Menu(*entries(Status(starts_at_login=on), lambda _: None, wanted.append)))
    (item,) = (item for item in items if item.text == "Start when I log in")
    assert items[-1].text == "Quit"
    assert item.checked == on
    item(None)
    assert wanted == [not on]


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


def test_the_state_is_told_in_words():
    assert words(Status(phase="thinking")) == "Thinking"
    assert words(Status(problems=("No microphone", "No key"))) == ("Ready\nNo microphone\nNo key")


def test_the_way_to_talk_is_told_where_one_can_talk():
    way = "Hold F9 while you speak."
    assert words(Status(how_to_talk=way)) == f"Ready\n{way}"
    for busy in (Status(phase="speaking", how_to_talk=way), Status(muted=True, how_to_talk=way)):
        assert way not in words(busy)
    assert way not in words(Status(not_ready="No key", how_to_talk=way))


def test_timers_that_wait_are_listed_with_their_times():
    soon, later = time.time() + 1, time.time() + 8 * 86_400
    listed = shown(Status(timers=(("The tea is ready.", soon), ("Call mom.", later))))
    at = time.strftime("%H:%M", time.localtime(soon))
    day = time.strftime("%a %H:%M", time.localtime(later))
    assert f"[{at} The tea is ready.]" in listed
    assert f"[{day} Call mom.]" in listed


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


def test_a_conversation_that_has_begun_can_be_left():
    assert "New conversation" in shown(Status(conversation_id="c"))


def test_the_level_stands_beside_what_is_done():
    assert words(Status(phase="listening", level_dbfs=-30.2)) == "Listening ▮▮▮▮▮▯▯▯▯▯"


# --- over D-Bus ---


@pytest.mark.parametrize("on", [True, False])
def test_conversation_mode_and_mute_are_checked_and_changed(on):
    posted = []
    state = Status(conversation_mode=on, muted=on, slow_speaker=on, wake_word=on)
    items = {item.text: item for item in Menu(*entries(state, posted.append))}
    items |= more(state, posted.append)
    for label in ("Conversation mode", "Wake word: computer", "Slow speaker", "Microphone off"):
        assert items[label].checked == on
        items[label](None)
    switches = (Conversation, Wake, SlowSpeaker, Mute)
    assert posted == [switch(on=not on) for switch in switches]
    assert ("The microphone is switched off" in words(state)) == on


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
