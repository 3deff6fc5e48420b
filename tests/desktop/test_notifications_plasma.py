"""Notifications as Plasma's own daemon shows them: its applet, in a window of its own."""

from __future__ import annotations

import shutil
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


@pytest.fixture
def plasma() -> Iterator[Desktop]:
    desktop = Desktop(sound=False, panel=False, notifications="")
    desktop.parts.append(Plasma(desktop.folder, desktop.env))
    with desktop, desktop.active():
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


@pytest.mark.usefixtures("plasma")
async def test_plasma_tells_that_nobody_is_to_be_disturbed():
    assert not await do_not_disturb.is_on()
    async with session_bus(NotificationError) as bus:
        await bus.call(SERVICE, PATH, SERVICE, "Inhibit", "ssa{sv}", "test", "a talk", {})
        assert await do_not_disturb.is_on()
