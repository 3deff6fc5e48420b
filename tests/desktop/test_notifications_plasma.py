"""Notifications as Plasma's own daemon shows them: its applet, in a window of its own."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench import Desktop
from bench.parts import Notifications as NotificationDaemon
from bench.program import find_program
from helpers.desktop.notified import question
from helpers.desktop.supervised import running, until

from voice_assistant.commands import Ask
from voice_assistant.desktop import do_not_disturb
from voice_assistant.desktop.bus import session_bus
from voice_assistant.desktop.notifications import PATH, SERVICE, Notifications
from voice_assistant.errors import NotificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("plasmawindowed"), reason="needs plasma-workspace"),
]


class Plasma(NotificationDaemon):
    """The applet that is Plasma's notification daemon."""

    name = "plasmawindowed"

    def command(self) -> list[str]:
        self.env.update(QT_QUICK_BACKEND="software", XDG_CURRENT_DESKTOP="KDE")
        return [find_program("plasmawindowed"), "org.kde.plasma.notifications"]


ENTRIES = """
import QtQuick 2.15
import org.kde.notificationmanager 1.0 as Manager
Item {
    Manager.Notifications { id: history; showExpired: true; showDismissed: true; limit: 0 }
    Repeater {
        model: history
        Item { Component.onCompleted: console.log("entries:", history.count) }
    }
}
"""
"""An applet that prints how many entries the history has, with each new one."""


class History(Plasma):
    """Plasma's notification server without its applet, which shows no numbers."""

    def command(self) -> list[str]:
        super().command()
        folder = Path(self.env["HOME"], ".local/share/plasma/plasmoids/entries")
        (folder / "contents/ui").mkdir(parents=True)
        (folder / "contents/ui/main.qml").write_text(ENTRIES)
        about = {
            "KPlugin": {"Id": "entries", "Name": "entries"},
            "X-Plasma-API": "declarativeappletscript",
            "X-Plasma-MainScript": "ui/main.qml",
        }
        (folder / "metadata.json").write_text(json.dumps(about))
        self.env["XDG_DATA_HOME"] = str(folder.parents[2])
        return ["/bin/sh", "-c", f"exec {find_program(self.name)} entries 2> {self.printed}"]

    @property
    def printed(self) -> Path:
        """What the applet prints."""
        return Path(self.env["HOME"], "entries")


@contextmanager
def with_daemon(daemon: type[Plasma]) -> Iterator[Desktop]:
    """A desktop with this daemon."""
    desktop = Desktop(sound=False, panel=False, notifications="")
    desktop.parts.append(daemon(desktop.folder, desktop.env))
    with desktop, desktop.active():
        yield desktop


@pytest.fixture
def plasma() -> Iterator[Desktop]:
    with with_daemon(Plasma) as desktop:
        yield desktop


@pytest.mark.usefixtures("plasma")
async def test_plasma_shows_one_for_the_turn_and_its_buttons_are_obeyed():
    posted = []
    notifications = Notifications(posted.append)
    async with running(notifications), session_bus(NotificationError) as bus:
        await notifications.show("How <tall>?", "It is…", growing=True)
        turn = notifications._shown["turn"]
        first = turn.id
        for number in range(50):
            await notifications.show("How <tall>?", f"It is {number} & <b>…", growing=True)
        buttons = [question(text) for text in ("Why?", "Who?", "When?")]
        await notifications.show("How <tall>?", "It is 9 & <b>.", buttons, stay_s=0.0)
        assert turn.id == first, "it was changed in place"
        key = next(key for key, command in turn.buttons.items() if command.text == "Who?")
        manager = "org.kde.NotificationManager"
        await bus.call(SERVICE, PATH, manager, "InvokeAction", "us", first, key)
        await until(lambda: posted == [Ask(text="Who?", source="suggestion")], "the follow-up")
        for text in ("Somebody…", "Somebody."):
            await notifications.show("Who?", text, growing=text.endswith("…"))
        assert turn.id > first, "what follows a click is another one"


async def test_in_plasmas_history_three_hundred_updates_are_one_entry():
    notifications = Notifications(lambda _: None)
    with with_daemon(History) as desktop:
        printed = History(desktop.folder, desktop.env).printed

        def entries() -> list[str]:
            return [
                line.split()[-1] for line in printed.read_text().splitlines() if "entries:" in line
            ]

        async with running(notifications):
            for number in range(300):
                await notifications.show("How tall?", f"It is {number}…", growing=True)
            await notifications.show("How tall?", "It is 300.")
            await notifications.show("An offer", "Take it.", kind="offer")
            await until(lambda: entries()[-1:] == ["2"], "the second notification's entry")
        assert entries() == ["1", "2"]


@pytest.mark.usefixtures("plasma")
async def test_plasma_tells_that_nobody_is_to_be_disturbed():
    assert not await do_not_disturb.is_on()
    async with session_bus(NotificationError) as bus:
        await bus.call(SERVICE, PATH, SERVICE, "Inhibit", "ssa{sv}", "test", "a talk", {})
        assert await do_not_disturb.is_on()
