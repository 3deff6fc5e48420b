"""Notifications as real daemons show them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import pytest
from bench import Desktop
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal
from desktop.supervised import aside, running, until

from voice_assistant.commands import Ask
from voice_assistant.desktop.notifications import Notifications, shortened
from voice_assistant.errors import NotificationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from voice_assistant.commands import AnyCommand


Names = Annotated[list[str], DBusSignature("as")]


class Button(NamedTuple):
    label: str
    command: AnyCommand


def question(text: str) -> Button:
    return Button(text, Ask(text=text, source="suggestion"))


@pytest.fixture(scope="module")
def dunst_desktop() -> Iterator[Desktop]:
    with Desktop(sound=False, panel=False) as desktop:
        yield desktop


@pytest.fixture
def dunst(dunst_desktop) -> Iterator[Desktop]:
    with dunst_desktop.active():
        yield dunst_desktop


@pytest.fixture(scope="module")
def bus_desktop() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop:
        yield desktop


@pytest.fixture
def bus(bus_desktop) -> Iterator[None]:
    """A bus on which nobody shows notifications."""
    with bus_desktop.active():
        yield


@pytest.fixture
def shown(dunst):
    """What dunst shows from here on."""
    before = len(dunst.notified())
    yield lambda: dunst.notified()[before:]
    dunst.close_notifications()


def test_one_notification_is_changed_in_place(dunst, shown):
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            await notifications.show("Listening", "")
            for number in range(5):
                await notifications.show("The tower", f"It is {number} metres tall.")
            await until(lambda: len(shown()) == 6, "six of them")
        assert len({each.id for each in shown()}) == 1
        assert shown()[-1].summary == "The tower"
        assert displayed(dunst) == 1

    asyncio.run(scenario())


def displayed(dunst) -> int:
    return int(dunst.run("dunstctl", "count", "displayed"))


def test_markup_is_shown_as_it_is_written(shown):
    body = "if a < b && c > d: <b>bold</b> &amp; 'quoted'"

    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            await notifications.show("1 < 2 & <i>3</i>", body)
            await until(shown, "it")

    asyncio.run(scenario())
    assert shown()[0].summary == "1 < 2 & <i>3</i>"
    assert unescaped(shown()[0].body) == body


def unescaped(markup: str) -> str:
    return markup.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.usefixtures("shown")
def test_a_closed_notification_is_shown_anew(dunst):
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            await notifications.show("first", "")
            await until(lambda: displayed(dunst), "the first")
            await aside(dunst.close_notifications)
            await until(lambda: notifications._id == 0, "word of its end")
            await notifications.show("second", "")
            await until(lambda: displayed(dunst), "the second")

    asyncio.run(scenario())


@pytest.mark.usefixtures("shown")
def test_a_button_posts_its_command(dunst):
    async def scenario():
        posted = []
        notifications = Notifications(posted.append)
        async with running(notifications):
            await notifications.show("Done", "", [question("How old is it?")])
            await until(lambda: displayed(dunst), "it")
            await aside(dunst.act_on_notification)
            await until(lambda: posted, "the command")
        assert posted == [Ask(text="How old is it?", source="suggestion")]

    asyncio.run(scenario())


def test_showing_many_at_once_stays_one(dunst, shown):
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            await asyncio.gather(*(notifications.show(f"{n}", "") for n in range(10)))
            await until(lambda: len(shown()) == 10, "all")
        assert displayed(dunst) == 1

    asyncio.run(scenario())


def test_three_buttons_are_there_and_each_is_clicked():
    script = Path(__file__).with_name("click_by_name.py")

    async def scenario(desktop):
        posted = []
        notifications = Notifications(posted.append)
        questions = ["How tall?", "Who built it?", "When?", "A fourth"]
        async with running(notifications):
            for label in questions[:3]:
                await notifications.show("Paris", "The tower.", [question(q) for q in questions])
                await aside(desktop.run, "/usr/bin/python3", str(script), label)
                await until(lambda q=label: posted and posted[-1].text == q, "the command")
        assert [command.text for command in posted] == questions[:3]

    with (
        Desktop(sound=False, panel=False, notifications="xfce4-notifyd") as desktop,
        desktop.active(),
    ):
        asyncio.run(scenario(desktop))


@pytest.mark.usefixtures("bus")
def test_without_a_daemon_it_is_said_and_showing_does_nothing():
    async def scenario():
        notifications = Notifications(lambda _: None)
        with pytest.raises(NotificationError, match="no notifications"):
            async with running(notifications):
                pass
        await notifications.show("into the void", "")

    asyncio.run(scenario())


class Daemon(ServiceInterface):
    """A notification daemon that can do only what is asked of it."""

    def __init__(self, capabilities: list[str]) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.capabilities = capabilities
        self.shown: list[tuple[str, str, list[str]]] = []
        self.replaced: list[int] = []

    @dbus_method("GetCapabilities")
    def get_capabilities(self) -> Names:
        return self.capabilities

    @dbus_method("Notify")
    def notify(  # noqa: PLR0917  (the standard's)
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Names,
        hints: DBusDict,
        timeout: DBusInt32,
    ) -> DBusUInt32:
        self.shown.append((summary, body, actions))
        self.replaced.append(replaces)
        return 40 + len(self.shown)  # a number of its own each time, as the standard allows

    @dbus_signal("NotificationClosed")
    def close(self, number: int, reason: int) -> Annotated[tuple[int, int], DBusSignature("uu")]:
        return number, reason

    @dbus_signal("ActionInvoked")
    def act(self, number: int, key: str) -> Annotated[tuple[int, str], DBusSignature("us")]:
        return number, key


@contextlib.asynccontextmanager
async def played(*capabilities: str) -> AsyncIterator[Daemon]:
    connection = await MessageBus().connect()
    daemon = Daemon(list(capabilities))
    connection.export("/org/freedesktop/Notifications", daemon)
    await connection.request_name("org.freedesktop.Notifications")
    try:
        yield daemon
    finally:
        connection.disconnect()
        await connection.wait_for_disconnect()


@pytest.mark.usefixtures("bus")
def test_what_a_daemon_cannot_do_is_done_without():
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with played("body") as daemon, running(notifications):
            await notifications.show("1 < 2", "a & b", [question("Why?"), question("When?")])
        assert daemon.shown == [("1 < 2", "a & b\n• Why?\n• When?", [])]

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
def test_the_number_that_was_returned_is_used_next():
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with played() as daemon, running(notifications):
            for title in ("one", "two", "three"):
                await notifications.show(title, "")
        assert daemon.replaced == [0, 41, 42]

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
def test_a_late_click_on_a_button_that_was_replaced_does_nothing():
    async def scenario():
        posted = []
        notifications = Notifications(posted.append)
        async with played("actions") as daemon, running(notifications):
            await notifications.show("", "", [question("old")])
            await notifications.show("", "", [question("new")])
            [old, _], [new, _] = (actions for *_, actions in daemon.shown)
            daemon.act(42, old)
            daemon.act(42, new)
            await until(lambda: posted, "the command")
        assert [command.text for command in posted] == ["new"]

    asyncio.run(scenario())


@pytest.mark.usefixtures("bus")
@pytest.mark.parametrize(("reason", "again"), [(1, True), (2, False), (3, True)])
def test_a_text_that_grows_comes_back_unless_it_was_dismissed(reason, again):
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with played() as daemon, running(notifications):
            await notifications.show("How tall?", "It is…")
            daemon.close(41, reason)
            await until(lambda: notifications._id == 0, "word of its end")
            await notifications.show("How tall?", "It is 330 metres…")
            assert (len(daemon.shown) == 2) == again
            await notifications.show("How tall?", "…")
            await notifications.show("How old?", "…")
        assert [title for title, *_ in daemon.shown[-2:]] == ["How tall?", "How old?"]

    asyncio.run(scenario())


def test_a_daemon_that_hangs_holds_nobody_up(dunst, shown):
    async def scenario():
        notifications = Notifications(lambda _: None)
        async with running(notifications):
            dunst.notifications.freeze()
            try:
                await asyncio.wait_for(notifications.show("a", ""), 10)
            finally:
                dunst.notifications.thaw()
            await until(shown, "what came late")
            await notifications.show("b", "")
            await until(lambda: shown()[-1].summary == "b", "the next")

    asyncio.run(scenario())


def test_a_daemon_that_the_bus_can_start_is_started_again():
    dunst = "org.knopwob.dunst"  # the name of the file which says how to start it

    async def scenario(desktop):
        notifications = Notifications(lambda _: None)
        async with running(notifications) as part:
            await notifications.show("first", "")
            os.kill(await aside(owner, desktop, "org.freedesktop.Notifications"), signal.SIGKILL)
            await until(lambda: notifications._id == 0, "word of its end")
            await notifications.show("second", "")
            assert notifications._id
            assert not part.done()

    with (
        Desktop(sound=False, panel=False, notifications="", activates=(dunst,)) as desktop,
        desktop.active(),
    ):
        asyncio.run(scenario(desktop))


def owner(desktop: Desktop, name: str) -> int:
    """The process that has a name on the bus."""
    call = ("org.freedesktop.DBus.GetConnectionUnixProcessID", f"string:{name}")
    told = desktop.run("dbus-send", "--print-reply", "--dest=org.freedesktop.DBus", "/", *call)
    return int(told.split("uint32")[1])


def test_without_a_bus_it_is_said(monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")

    async def scenario():
        with pytest.raises(NotificationError, match="no session bus"):
            async with running(Notifications(lambda _: None)):
                pass

    asyncio.run(scenario())


def test_a_lost_bus_is_said():
    async def scenario(desktop):
        notifications = Notifications(lambda _: None)
        async with running(notifications) as part:
            desktop.bus.kill()
            with pytest.raises(NotificationError, match="bus was lost"):
                await part
        await notifications.show("into the void", "")

    with Desktop(sound=False, panel=False) as desktop, desktop.active():
        asyncio.run(scenario(desktop))


def test_a_daemon_that_ends_is_said_and_one_that_starts_is_used():
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
        asyncio.run(scenario(desktop))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("", 10, ""),
        ("ten chars!", 10, "ten chars!"),
        ("  space around  ", 12, "space around"),
        ("one two three", 10, "one two…"),
        ("one two three", 7, "one…"),
        ("one two three", 8, "one two…"),
        ("one, two three", 6, "one…"),
        ("see " + "x" * 60, 50, "see " + "x" * 45 + "…"),
        ("answer: " + "\u7b54" * 60, 50, "answer: " + "\u7b54" * 41 + "…"),
        ("incomprehensibilities", 10, "incompreh…"),
    ],
)
def test_long_texts_end_between_words(text, limit, short):
    assert shortened(text, limit) == short
    assert len(short) <= limit
