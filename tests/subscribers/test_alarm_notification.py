from __future__ import annotations

from voice_assistant import events
from voice_assistant.ports import ALARM
from voice_assistant.subscribers.alarm_notification import AlarmNotification, ways_to_end


class Notices:
    def __init__(self) -> None:
        self.told: list = []

    def offer(self, kind, title, body, *choices) -> None:
        assert kind == ALARM
        self.told.append((title, body, *choices))

    def close(self, kind) -> None:
        assert kind == ALARM
        self.told.append("closed")


RINGS = events.Announced(text="The tea is ready.", rings=True, turn=3)


def told_by(*happened: events.AnyEvent) -> list:
    notification = AlarmNotification(notices := Notices())
    for event in happened:
        notification.handle(event)
    return notices.told


def test_an_alarm_is_shown_once_with_buttons_until_it_is_stopped():
    shown, *rest = told_by(RINGS, RINGS, RINGS, events.Idle(turn=2), events.Idle(turn=3))
    assert shown == ("The tea is ready.", "The talk key stops it, too.", *ways_to_end())
    assert rest == ["closed"]


def test_an_alarm_that_nobody_heeded_stays_without_buttons():
    *_, missed = told_by(RINGS, events.Unheeded(text=RINGS.text, turn=3), events.Idle(turn=3))
    title, body = missed
    assert title == RINGS.text
    assert body.startswith("Missed at ")


def test_an_announcement_that_does_not_ring_is_no_alarm():
    assert told_by(events.Announced(text="Hello", turn=1), events.Idle(turn=1)) == []
