"""Notifications as the daemons of Wayland desktops show them, on one without a screen."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bench.wayland import Mako, SwayNotificationCenter, wayland_desktop
from helpers.desktop.notified import question
from helpers.desktop.supervised import PATIENCE_S, aside, running, until

from voice_assistant.commands import Ask, Window
from voice_assistant.desktop import do_not_disturb
from voice_assistant.desktop.notifications import Notifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench import Desktop

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not all(map(shutil.which, ("sway", "mako", "swaync"))),
        reason="needs sway, mako-notifier and sway-notification-center",
    ),
]

CLICK = str(Path(__file__).parents[1] / "helpers" / "desktop" / "click_by_name.py")
FOLLOW_UPS = [question(text) for text in ("Why?", "Who?", "When?")]
WHO = Ask(text="Who?", source="suggestion")


@pytest.fixture
def mako() -> Iterator[Desktop]:
    with wayland_desktop(Mako, sound=False) as desktop, desktop.active():
        yield desktop


@pytest.fixture
def swaync() -> Iterator[Desktop]:
    with wayland_desktop(SwayNotificationCenter, sound=False) as desktop, desktop.active():
        yield desktop


async def show_a_turn(notifications: Notifications) -> None:
    """An answer that grows by 100 pieces, and a problem beside it."""
    for number in range(100):
        await notifications.show("How <tall>?", f"It is {number} & <b>…", growing=True)
    await notifications.show("How <tall>?", "It is 9 & <b>.", FOLLOW_UPS)
    await notifications.show("No microphone", "Connect one.", kind="problem")


def on_screen(desktop: Desktop) -> dict[str, dict[str, str]]:
    """What mako shows: the fields of each notification, by its title."""
    [listed] = json.loads(desktop.run("makoctl", "list"))["data"]
    fields = [{name: field["data"] for name, field in one.items()} for one in listed]
    return {one["summary"]: one for one in fields}


async def test_mako_shows_one_for_the_turn_whose_follow_ups_are_words_and_actions(mako):
    posted = []
    notifications = Notifications(posted.append)
    async with running(notifications):
        await show_a_turn(notifications)
        shown = on_screen(mako)
        assert set(shown) == {"How <tall>?", "No microphone"}
        turn = shown["How <tall>?"]
        assert turn["body"] == "It is 9 &amp; &lt;b&gt;.\n1. Why?\n2. Who?\n3. When?"
        keys = {label: key for key, label in turn["actions"].items()}
        assert set(keys) == {"1. Why?", "2. Who?", "3. When?"}
        await aside(mako.run, "makoctl", "invoke", "-n", str(turn["id"]), keys["2. Who?"])
        await until(lambda: posted == [WHO], "the follow-up")
        await notifications.show("Who?", "Somebody.")
        await aside(mako.run, "makoctl", "invoke", "-n", str(notifications._shown["turn"].id))
        await until(lambda: posted[1:] == [Window()], "the window")


async def test_mako_keeps_one_entry_of_a_turn(mako):
    notifications = Notifications(lambda _: None)
    async with running(notifications):
        await show_a_turn(notifications)
        await aside(mako.run, "makoctl", "dismiss", "--all")
        assert on_screen(mako) == {}
        for _ in range(5):
            await aside(mako.run, "makoctl", "restore")
        assert len(on_screen(mako)) == 2


def kept(desktop: Desktop) -> int:
    """How many notifications are in swaync's list."""
    return int(desktop.run("swaync-client", "--count"))


async def until_kept(swaync: Desktop, number: int) -> None:
    """Wait until so many are in the list."""
    async with asyncio.timeout(PATIENCE_S):
        while await aside(kept, swaync) != number:
            pass


async def test_swaync_keeps_one_entry_of_a_turn_and_its_buttons_are_clicked_by_name(swaync):
    posted = []
    notifications = Notifications(posted.append)
    async with running(notifications):
        await show_a_turn(notifications)
        await until_kept(swaync, 2)
        await aside(swaync.run, "/usr/bin/python3", CLICK, "2. Who?")
        await until(lambda: posted == [WHO], "the follow-up")
        await notifications.show("Who?", "It is…", growing=True)
        await until_kept(swaync, 1)  # what grows is not kept
        await notifications.show("Who?", "It is a builder.")
        await until_kept(swaync, 2)
        await aside(swaync.run, "swaync-client", "--close-all")
        await until(lambda: notifications._shown["turn"].dismissed, "word of the dismissal")
        await until_kept(swaync, 0)


async def test_swaync_tells_that_nobody_is_to_be_disturbed(swaync):
    assert not await do_not_disturb.is_on()
    await aside(swaync.run, "swaync-client", "--dnd-on")
    assert await do_not_disturb.is_on()
