"""The icon in a real tray of the old kind, and its menu."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from contextlib import asynccontextmanager, contextmanager

import pytest
from bench import Desktop, wait_for
from helpers.desktop.supervised import aside, running, until
from helpers.desktop.watcher import watcher
from PIL import Image, ImageChops

from voice_assistant.commands import New, Toggle
from voice_assistant.desktop.tray import popup, xembed
from voice_assistant.desktop.tray.menu import Menu, MenuItem
from voice_assistant.desktop.tray.sni import Tray
from voice_assistant.errors import TrayError
from voice_assistant.status import Status

pytestmark = pytest.mark.skipif(not shutil.which("trayer"), reason="needs trayer")

PLACE = (0, 0, 24, 24)
"""Where trayer shows the only icon."""


@pytest.fixture(scope="module")
def screen():
    with Desktop(sound=False, windows=False, panel=False, notifications="") as desktop:
        yield desktop


@pytest.fixture(autouse=True)
def _desk(screen):
    with screen.active():
        yield


@contextmanager
def trayer(screen):
    """A tray in the upper left corner."""
    options = "--edge top --align left --widthtype request --heighttype pixel --height 24"
    with subprocess.Popen(
        ["trayer", *options.split(), "--tint", "0x808080"],
        env=screen.env,
        stderr=subprocess.DEVNULL,
    ) as program:
        try:
            wait_for(xembed.is_there, "the tray is there")
            yield program
        finally:
            program.kill()


def look(screen):
    """What the tray shows."""
    file = screen.screenshot(screen.folder / "tray.png")
    with Image.open(file) as image:
        return image.convert("RGB").crop(PLACE)


async def changed(screen, before):
    """Wait until the tray shows something else; return that."""
    for _ in range(200):
        now = await aside(look, screen)
        if ImageChops.difference(now, before).getbbox():
            return now
        await asyncio.sleep(0.05)
    pytest.fail("the tray shows the same")


@asynccontextmanager
async def shown(screen):
    """The icon in the tray; yields the part, and the commands that it posts."""
    posted = []
    with trayer(screen):
        before = await aside(look, screen)
        tray = Tray(posted.append, grace_s=0.2)
        async with running(tray):
            await changed(screen, before)
            yield tray, posted


async def test_the_icon_shows_the_phase_and_a_click_talks(screen):
    async with shown(screen) as (tray, posted):
        before = await aside(look, screen)
        tray.update(Status(phase="listening"))
        await changed(screen, before)
        await aside(screen.xdotool, "mousemove", "12", "12", "click", "1")
        await until(lambda: posted == [Toggle()], "the click is passed on")


async def test_its_menu_opens_and_obeys_keys_and_the_pointer(screen):
    async with shown(screen) as (tray, posted):
        tray.update(Status(conversation_id="c"))
        await aside(screen.xdotool, "mousemove", "12", "12", "click", "3")
        window = await aside(wait_for, lambda: found(screen), "the menu is there")
        await aside(screen.xdotool, "key", "Down", "Return")
        await until(lambda: posted == [Toggle()], "the first entry is chosen")
        await until(lambda: not found(screen), "the menu is gone")
        await aside(screen.xdotool, "mousemove", "12", "12", "click", "3")
        window = await aside(wait_for, lambda: found(screen), "the menu is there again")
        x, y = middle_of("New conversation", tray, window, screen)
        await aside(screen.xdotool, "mousemove", str(x), str(y), "click", "1")
        await until(lambda: posted == [Toggle(), New()], "the clicked entry is chosen")


async def test_escape_and_a_click_elsewhere_close_the_menu(screen):
    async with shown(screen) as (_, posted):
        for way in (("key", "Escape"), ("mousemove", "1000", "700", "click", "1")):
            await aside(screen.xdotool, "mousemove", "12", "12", "click", "3")
            await aside(wait_for, lambda: found(screen), "the menu is there")
            await aside(screen.xdotool, *way)
            await until(lambda: not found(screen), "the menu is gone")
        assert posted == []


async def test_a_tray_that_goes_is_told_and_one_of_today_is_preferred(screen):
    posted = []
    with trayer(screen) as old:
        tray = Tray(posted.append, grace_s=0.2)
        async with running(tray) as part:
            async with watcher() as watching:
                watching.host = True
                await until(lambda: watching.registered, "the icon moves to the tray of today")
            await until(lambda: tray._old, "the icon is back in the old tray")
            old.kill()
            with pytest.raises(TrayError, match="no tray"):
                await part


async def test_without_any_tray_that_is_told():
    with pytest.raises(TrayError, match="no tray"):
        async with running(Tray(lambda _: None, grace_s=0.2)):
            pass


def found(screen) -> str:
    """The menu's window, "" while it is closed."""
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", f"^{popup.TITLE}$"],
        env=screen.env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def middle_of(label, tray, window, screen):
    """Where on the screen an entry of the open menu is."""
    place = dict(
        line.split("=") for line in screen.xdotool("getwindowgeometry", "--shell", window).split()
    )
    row = next(row for row in popup.rows_of(tray._old._menu()) if row.item.text == label)
    return int(place["X"]) + 40, int(place["Y"]) + row.top + row.height // 2


ENTRIES = Menu(
    MenuItem("one", lambda: None, enabled=False),
    MenuItem("two", lambda: None),
    Menu.SEPARATOR,
    MenuItem("three", lambda: None, checked=lambda _: True),
)


def test_keys_pass_what_cannot_be_chosen():
    rows = popup.rows_of(ENTRIES)
    assert [popup.next_row(rows, at, 1) for at in (None, 1, 3)] == [1, 3, 1]
    assert [popup.next_row(rows, at, -1) for at in (None, 1, 3)] == [3, 3, 1]
    assert popup.next_row(rows[:1], None, 1) is None


def test_what_is_chosen_checked_or_of_another_writing_is_drawn():
    rows = popup.rows_of(ENTRIES)
    plain = popup.draw(rows, None)
    assert ImageChops.difference(plain, popup.draw(rows, 1)).getbbox()
    chinese = popup.rows_of(Menu(MenuItem("新对话", lambda: None)))
    assert popup.draw(chinese, None).width > 50
