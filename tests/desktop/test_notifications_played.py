"""Notifications where a daemon does all that the standard lets it: one is played on a bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bench import Desktop
from helpers.desktop.notified import played, question
from helpers.desktop.supervised import running, until

from voice_assistant.commands import Window
from voice_assistant.desktop.notifications import Notifications
from voice_assistant.errors import NotificationError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def bus_desktop() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop:
        yield desktop


@pytest.fixture
def bus(bus_desktop) -> Iterator[None]:
    """A bus on which nobody shows notifications."""
    with bus_desktop.active():
        yield


@pytest.mark.usefixtures("bus")
async def test_without_a_daemon_it_is_said_and_showing_does_nothing():
    notifications = Notifications(lambda _: None)
    with pytest.raises(NotificationError, match="no notifications"):
        async with running(notifications):
            pass
    await notifications.show("into the void", "")


@pytest.mark.usefixtures("bus")
async def test_a_daemon_without_actions_or_markup_gets_neither():
    notifications = Notifications(lambda _: None)
    async with played("body") as daemon, running(notifications):
        await notifications.show("1 < 2", "a & b", [question("Why?"), question("When?")])
    assert daemon.shown == [("1 < 2", "a & b\n1. Why?\n2. When?", [])]


@pytest.mark.parametrize(
    ("follow_ups", "extras"), [(0, "abc"), (1, "ab"), (2, "c"), (3, ""), (4, "")]
)
@pytest.mark.usefixtures("bus")
async def test_further_buttons_are_shown_by_whole_groups_where_there_is_room(follow_ups, extras):
    notifications = Notifications(lambda _: None)
    groups = ([question("a"), question("b")], [question("c")])
    async with played("actions") as daemon, running(notifications):
        await notifications.show("", "", [question("?")] * follow_ups, groups, kind="offer")
    [(_, _, actions)] = daemon.shown
    labels = "".join(label[-1] for label in actions[1::2])
    assert labels == "?" * min(follow_ups, 3) + extras
    numbered = [label for label in actions[1::2] if label[0].isdigit()]
    assert len(numbered) == (min(follow_ups, 3) if len(labels) > 1 else 0), "what may be said"


@pytest.mark.usefixtures("bus")
async def test_the_number_that_was_returned_is_used_next():
    notifications = Notifications(lambda _: None)
    async with played() as daemon, running(notifications):
        for title in ("one", "two", "three"):
            await notifications.show(title, "")
    assert daemon.replaced == [0, 41, 42]


@pytest.mark.usefixtures("bus")
async def test_a_late_click_on_a_button_that_was_replaced_does_nothing():
    posted = []
    notifications = Notifications(posted.append)
    async with played("actions") as daemon, running(notifications):
        await notifications.show("", "", [question("old")])
        await notifications.show("", "", [question("new")])
        [*_, old, _], [*_, new, _] = (actions for *_, actions in daemon.shown)
        daemon.act(42, old)
        daemon.act(42, new)
        await until(lambda: posted, "the command")
    assert [command.text for command in posted] == ["new"]


@pytest.mark.usefixtures("bus")
async def test_a_click_on_the_notification_itself_opens_the_window():
    posted = []
    notifications = Notifications(posted.append)
    async with played("actions") as daemon, running(notifications):
        await notifications.show("How tall?", "330 metres.")
        await notifications.show("It rings", "", kind="alarm")
        [actions, others] = (actions for *_, actions in daemon.shown)
        assert actions[0] == "default"
        assert others == []
        daemon.act(7, "default")  # of another program
        daemon.act(41, "default")
        await until(lambda: posted, "the command")
    assert posted == [Window()]


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize(("reason", "again"), [(1, True), (2, False), (3, True)])
async def test_a_text_that_grows_comes_back_unless_it_was_dismissed(reason, again):
    notifications = Notifications(lambda _: None)
    async with played() as daemon, running(notifications):
        await notifications.show("How tall?", "It is…")
        daemon.close(41, reason)
        await until(lambda: notifications._shown["turn"].id == 0, "word of its end")
        await notifications.show("How tall?", "It is 330 metres…")
        assert (len(daemon.shown) == 2) == again
        await notifications.show("How tall?", "…")
        await notifications.show("How old?", "…")
    assert [title for title, *_ in daemon.shown[-2:]] == ["How tall?", "How old?"]


async def test_without_a_bus_it_is_said(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    with pytest.raises(NotificationError, match="no session bus"):
        async with running(Notifications(lambda _: None)):
            pass
