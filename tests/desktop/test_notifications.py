"""Notifications as real daemons show them."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench import Desktop
from helpers.desktop.notified import question
from helpers.desktop.supervised import aside, running, until

from voice_assistant.commands import Ask
from voice_assistant.desktop import do_not_disturb
from voice_assistant.desktop.notifications import Notifications
from voice_assistant.errors import NotificationError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def dunst_desktop() -> Iterator[Desktop]:
    with Desktop(sound=False, panel=False) as desktop:
        yield desktop


@pytest.fixture
def dunst(dunst_desktop) -> Iterator[Desktop]:
    with dunst_desktop.active():
        yield dunst_desktop


@pytest.fixture
def shown(dunst):
    """What dunst shows from here on."""
    before = len(dunst.notified())
    yield lambda: dunst.notified()[before:]
    dunst.close_notifications()


async def test_one_notification_is_changed_in_place(dunst, shown):
    notifications = Notifications(lambda _: None)
    async with running(notifications):
        await notifications.show("Listening", "")
        for number in range(5):
            await notifications.show("The tower", f"It is {number} metres tall.")
        await until(lambda: len(shown()) == 6, "six of them")
    assert len({each.id for each in shown()}) == 1
    assert shown()[-1].summary == "The tower"
    assert displayed(dunst) == 1


KEEPS_HISTORY = {"notification-log": ("bool", "true"), "log-level": ("uint", "1")}


async def test_a_history_keeps_the_end_of_a_text_that_grew_even_where_the_daemon_is_restarted():
    async def scenario(desktop):
        for name, (kind, value) in KEEPS_HISTORY.items():
            channel = ("xfconf-query", "-c", "xfce4-notifyd", "-n", "-p", f"/{name}")
            await aside(lambda: desktop.run(*channel, "-t", kind, "-s", value))  # noqa: B023
        notifications = Notifications(lambda _: None)
        for begin in (0, 5):  # a daemon that has just been started knows of no earlier one
            await aside(desktop.notifications.kill)
            await aside(desktop.notifications.start)
            async with running(notifications):
                for number in range(begin, begin + 5):
                    await notifications.show("How tall?", f"It is {number}…", growing=True)
        async with running(notifications):
            await notifications.show("How tall?", "It is 9 metres.", [question("Why?")])
        history = Path(desktop.env["XDG_CACHE_HOME"]) / "xfce4" / "notifyd" / "log"
        await until(lambda: history.exists() and "9 metres" in history.read_text(), "the end")
        assert history.read_text().count("summary=") == 1

    with (
        Desktop(sound=False, panel=False, notifications="xfce4-notifyd") as desktop,
        desktop.active(),
    ):
        await scenario(desktop)


def displayed(dunst) -> int:
    return int(dunst.run("dunstctl", "count", "displayed"))


async def test_markup_is_shown_as_it_is_written(shown):
    body = "if a < b && c > d: <b>bold</b> &amp; 'quoted'"

    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            await notifications.show("1 < 2 & <i>3</i>", body)
            await until(shown, "it")

    await scenario()
    assert shown()[0].summary == "1 < 2 & <i>3</i>"
    assert unescaped(shown()[0].body) == body


async def test_letters_that_the_bus_refuses_are_left_out(dunst, shown):
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            await notifications.show("Why\0?", "So\x1b.\nOr\ud83d not\0.", [question("And\0?")])
            await until(shown, "it")

    await scenario()
    assert (shown()[0].summary, shown()[0].body) == ("Why?", "So.\nOr not.\n1. And?")


async def test_a_command_is_told_in_quotation_marks(dunst, shown):
    notifications = Notifications(lambda _: None)
    async with running(notifications):
        await notifications.show("No key", "Set it with `voice-assistant config set-key`.")
        await until(shown, "it")
    assert shown()[0].body.startswith("Set it with “")
    assert "`" not in shown()[0].body


def unescaped(markup: str) -> str:
    return markup.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.usefixtures("shown")
async def test_a_closed_notification_is_shown_again(dunst):
    notifications = Notifications(lambda _: None)
    async with running(notifications):
        await notifications.show("first", "")
        await until(lambda: displayed(dunst), "the first")
        await aside(dunst.close_notifications)
        await until(lambda: notifications._shown["turn"].id == 0, "word of its end")
        await notifications.show("second", "")
        await until(lambda: displayed(dunst), "the second")


@pytest.mark.usefixtures("shown")
async def test_a_button_posts_its_command(dunst):
    posted = []
    notifications = Notifications(posted.append)
    async with running(notifications):
        await notifications.show("Done", "", [question("How old is it?")])
        await until(lambda: displayed(dunst), "it")
        await aside(dunst.act_on_notification)
        await until(lambda: posted, "the command")
    assert posted == [Ask(text="How old is it?", source="suggestion")]


async def test_showing_many_at_once_stays_one(dunst, shown):
    notifications = Notifications(lambda _: None)
    async with running(notifications):
        await asyncio.gather(*(notifications.show(f"{n}", "") for n in range(10)))
        await until(lambda: len(shown()) == 10, "all")
    assert displayed(dunst) == 1


async def test_three_buttons_are_there_and_each_is_clicked():
    script = Path(__file__).parents[1] / "helpers" / "desktop" / "click_by_name.py"

    async def scenario(desktop):
        posted = []
        notifications = Notifications(posted.append)
        questions = ["How tall?", "Who built it?", "When?", "A fourth"]
        async with running(notifications):
            for number, label in enumerate(questions[:3], 1):
                await notifications.show("Paris", "The tower.", [question(q) for q in questions])
                button = f"{number}. {label}"
                await aside(desktop.run, "/usr/bin/python3", str(script), button)
                await until(lambda q=label: posted and posted[-1].text == q, "the command")
        assert [command.text for command in posted] == questions[:3]

    with (
        Desktop(sound=False, panel=False, notifications="xfce4-notifyd") as desktop,
        desktop.active(),
    ):
        await scenario(desktop)


async def test_a_daemon_that_hangs_holds_nobody_up(dunst, shown):
    notifications = Notifications(lambda _: None)
    async with running(notifications):
        dunst.notifications.freeze()
        try:
            async with asyncio.timeout(10):
                await notifications.show("a", "")
        finally:
            dunst.notifications.thaw()
        await until(shown, "what came late")
        await notifications.show("b", "")
        await until(lambda: shown()[-1].summary == "b", "the next")


async def test_a_daemon_that_the_bus_can_start_is_started_again():
    dunst = "org.knopwob.dunst"  # the name of the file which says how to start it

    async def scenario(desktop):
        notifications = Notifications(lambda _: None)
        async with running(notifications) as part:
            await notifications.show("first", "")
            os.kill(await aside(owner, desktop, "org.freedesktop.Notifications"), signal.SIGKILL)
            await until(lambda: notifications._shown["turn"].id == 0, "word of its end")
            await notifications.show("second", "")
            assert notifications._shown["turn"].id
            assert not part.done()

    with (
        Desktop(sound=False, panel=False, notifications="", activates=(dunst,)) as desktop,
        desktop.active(),
    ):
        await scenario(desktop)


def owner(desktop: Desktop, name: str) -> int:
    """The process that has a name on the bus."""
    call = ("org.freedesktop.DBus.GetConnectionUnixProcessID", f"string:{name}")
    told = desktop.run("dbus-send", "--print-reply", "--dest=org.freedesktop.DBus", "/", *call)
    return int(told.split("uint32")[1])


async def test_a_lost_bus_is_said():
    async def scenario(desktop):
        notifications = Notifications(lambda _: None)
        async with running(notifications) as part:
            desktop.bus.kill()
            with pytest.raises(NotificationError, match="bus was lost"):
                await part
        await notifications.show("into the void", "")

    with Desktop(sound=False, panel=False) as desktop, desktop.active():
        await scenario(desktop)


async def test_a_daemon_that_ends_is_said_and_one_that_starts_is_used():
    async def scenario(desktop):
        notifications = Notifications(lambda _: None)
        async with running(notifications) as part:
            await notifications.show("before", "")
            await until(desktop.notified, "the first")
            await aside(desktop.notifications.kill)
            with pytest.raises(NotificationError, match="no notifications"):
                await part
        await aside(desktop.notifications.start)
        async with running(notifications):
            await notifications.show("after", "")
            await until(lambda: len(desktop.notified()) == 2, "both")

    with Desktop(sound=False, panel=False) as desktop, desktop.active():
        await scenario(desktop)


async def test_each_kind_has_a_notification_of_its_own_that_can_be_closed(dunst):
    posted = []
    notifications = Notifications(posted.append)
    async with running(notifications):
        for text in ("It is", "It is high."):
            await notifications.show("How tall?", text, [question("Why?")])
            await notifications.show("No microphone", text, kind="problem")
        await until(lambda: displayed(dunst) == 2, "two of them")
        await notifications.close("problem")
        await until(lambda: displayed(dunst) == 1, "the other one")
        await aside(dunst.act_on_notification)
        await until(lambda: posted, "the button of the one that stays")
    dunst.close_notifications()


@pytest.mark.usefixtures("shown")
async def test_a_paused_dunst_is_not_to_be_disturbed(dunst):
    assert not await do_not_disturb.is_on()
    await aside(dunst.run, "dunstctl", "set-paused", "true")
    try:
        assert await do_not_disturb.is_on()
    finally:
        await aside(dunst.run, "dunstctl", "set-paused", "false")
