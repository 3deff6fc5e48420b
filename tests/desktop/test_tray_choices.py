"""What is chosen, switched and rated in the tray's menu."""

from __future__ import annotations

import pytest
from helpers.desktop.menu import below, more, shown

from voice_assistant.commands import (
    Choose,
    Continue,
    Conversation,
    Mute,
    OffRecord,
    Rate,
    SlowSpeaker,
    Speed,
    UseProfile,
    Volume,
    Wake,
)
from voice_assistant.desktop.tray.menu import Menu, entries, words
from voice_assistant.status import Choosable, Status


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
