"""The tray's menu as a screen reader hears it, on a real panel."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bench import Desktop
from helpers.desktop.supervised import aside, running, until

from voice_assistant.desktop.tray.menu import Menu, entries
from voice_assistant.desktop.tray.sni import Tray
from voice_assistant.status import Status

NAMES = Path(__file__).parents[1] / "helpers" / "desktop" / "focused_names.py"
STATE = Status(
    phase="speaking",
    talk_key="F9",
    suggestions=("How tall is it?",),
    profiles=("default", "work"),
    volume=0.5,
    conversation_id="c",
    can_rate=True,
)


@pytest.mark.long
async def test_every_entry_of_the_menu_is_told_by_its_name():
    items = (item for item in Menu(*entries(STATE, lambda _: None)) if item.enabled)
    # GTK tells of an entry with a submenu only that it is in this menu.
    labels = ["" if item.submenu else item.text for item in items if item is not Menu.SEPARATOR]
    tray = Tray(lambda _: None)
    tray.update(STATE)
    with Desktop(sound=False, notifications="") as desktop, desktop.active():
        file = desktop.folder / "names"
        with (
            file.open("w") as output,
            subprocess.Popen(["/usr/bin/python3", NAMES], stdout=output) as reader,
        ):
            try:
                async with running(tray):
                    assert await through_the_menu(desktop, file, labels[-1]) == labels
            finally:
                reader.kill()


async def through_the_menu(desktop: Desktop, file: Path, last: str) -> list[str]:
    """Go down the menu by the keyboard to its last entry; return the names that were told."""

    def told() -> list[str]:
        return file.read_text().splitlines()[1:]

    await until(file.read_text, "the reader listens")
    for _ in range(20):  # the icon may not be there yet
        if told():
            break
        click = ("mousemove", "1260", "784", "click", "3")
        await aside(desktop.xdotool, "key", "Escape", *click, "sleep", "0.5")
    assert told() == ["menu: "]
    while told()[-1].partition(": ")[2] != last:
        before = len(told())
        await aside(desktop.xdotool, "key", "Down")
        await until(lambda so_far=before: len(told()) > so_far, "the next entry")
    return [line.partition(": ")[2] for line in told()[1:]]
