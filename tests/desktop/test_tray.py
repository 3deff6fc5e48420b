"""The tray on a real panel."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import numpy as np
import pytest
from bench import Desktop
from helpers.desktop.supervised import PATIENCE_S, aside, running, until
from PIL import Image

from voice_assistant.commands import Ask, Continue, Stop, Toggle
from voice_assistant.desktop.bus import session_bus
from voice_assistant.desktop.tray.sni import Tray
from voice_assistant.errors import TrayError
from voice_assistant.events import Phase
from voice_assistant.status import Status

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

T = TypeVar("T")
TRAY = (1240, 768, 1280, 800)  # the panel's, at the lower right
ABOVE = (1150, 620, 1280, 670)  # where its menus reach, and tooltips do not
LEFT, MIDDLE, RIGHT = "1", "2", "3"


@pytest.fixture(scope="module")
def panel() -> Iterator[Desktop]:
    with Desktop(sound=False, notifications="") as desktop, desktop.active():
        yield desktop


def look(desktop: Desktop, place: tuple[int, int, int, int] = TRAY) -> np.ndarray:
    """A part of the screen, as grey values."""
    file = desktop.screenshot(desktop.folder / "screen.png")
    with Image.open(file) as image:
        return np.asarray(image.convert("L").crop(place), dtype=np.int32)


async def empty_tray(desktop: Desktop) -> np.ndarray:
    """The tray before there is an icon, once the panel is drawn: it is light, and of one colour."""
    await aside(desktop.xdotool, "mousemove", "100", "100")
    now = await aside(look, desktop)
    while np.any(now[8:] != now[16, 16]) or now[16, 16] < 128:
        now = await aside(look, desktop)
    return now


async def changed(
    desktop: Desktop, before: np.ndarray, place: tuple[int, int, int, int] = TRAY
) -> np.ndarray:
    """The picture once it is another, and has come to rest."""
    while True:
        now = await aside(look, desktop, place)
        again = await aside(look, desktop, place)
        if np.any(now != before) and np.array_equal(now, again):
            return now


async def within_patience(scenario: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(PATIENCE_S):
        return await scenario


async def click(desktop: Desktop, button: str) -> None:
    await aside(desktop.xdotool, "mousemove", "1260", "784", "click", button)


async def test_each_phase_has_its_own_picture_on_the_panel(panel):
    async def scenario():
        empty = now = await empty_tray(panel)
        seen = {}
        tray = Tray(lambda _: None)
        async with running(tray):
            for phase in get_args(Phase):
                tray.update(Status(phase=phase))
                seen[phase] = now = await changed(panel, now)
        await changed(panel, now)
        for one, other in itertools.combinations([empty, *seen.values()], 2):
            assert np.count_nonzero(np.abs(one - other) > 40) > 40

    await within_patience(scenario())


async def test_clicks_on_the_icon_talk_and_stop(panel):
    async def scenario():
        posted = []
        empty = await empty_tray(panel)
        async with running(Tray(posted.append)):
            await changed(panel, empty)
            await click(panel, LEFT)
            await until(lambda: posted == [Toggle()], "a toggle")
            await click(panel, MIDDLE)
            await until(lambda: posted == [Toggle(), Stop()], "a stop")

    await within_patience(scenario())


async def test_the_level_changes_the_tooltip_and_neither_icon_nor_menu(panel):
    async def scenario():
        tray = Tray(lambda _: None)
        tray.update(Status(phase="listening"))
        item = f"org.kde.StatusNotifierItem-{os.getpid()}-1"

        async def tip() -> str:
            properties, name = "org.freedesktop.DBus.Properties", "org.kde.StatusNotifierItem"
            got = await bus.call(
                item, "/StatusNotifierItem", properties, "Get", "ss", name, "ToolTip"
            )
            return got[0].value[3]

        async with running(tray), session_bus(TrayError) as bus:
            await bus.listen(f"sender='{item}'")
            for level_dbfs in (-30.0, -30.2, -12.0, None):
                tray.show_level(level_dbfs)
            told = [(await bus.signal()).member for _ in range(3)]
            assert told == ["NewToolTip"] * 3, "once for each level that looks different"
            assert await tip() == "Listening"
            tray.show_level(-30.0)
            assert await tip() == "Listening ▮▮▮▮▮▯▯▯▯▯"
            tray.update(Status(phase="thinking"))
            assert await tip() == "Thinking"

    await within_patience(scenario())


async def test_an_entry_of_the_menu_is_chosen(panel):
    async def scenario():
        posted = []
        empty = await empty_tray(panel)
        tray = Tray(posted.append)
        tray.update(Status(suggestions=("How tall is it?",)))
        async with running(tray):
            await changed(panel, empty)
            before = await aside(look, panel, ABOVE)
            await click(panel, RIGHT)
            await changed(panel, before, ABOVE)
            # "Stop" is disabled, so "Down" goes from "Talk" to the question.
            await aside(panel.xdotool, "key", "Down", "key", "Down", "key", "Return")
            await until(lambda: posted, "the question")
        assert posted == [Ask(text="How tall is it?", source="suggestion")]

    await within_patience(scenario())


async def test_an_older_conversation_is_chosen_in_the_submenu(panel):
    async def scenario():
        posted = []
        empty = await empty_tray(panel)
        tray = Tray(posted.append)
        tray.update(Status(recent_conversations=(("c1", "How tall is it?"), ("c2", "Why?"))))
        async with running(tray):
            await changed(panel, empty)
            before = await aside(look, panel, ABOVE)
            await click(panel, RIGHT)
            await changed(panel, before, ABOVE)
            # From "Talk" to "Say it again", three steps, the window, a typed question, the submenu,
            # and its second entry.
            keys = [*("Down",) * 8, "Right", "Down", "Return"]
            await aside(panel.xdotool, *(word for key in keys for word in ("key", key)))
            await until(lambda: posted, "the choice")
        assert posted == [Continue(conversation_id="c2")]

    await within_patience(scenario())


async def test_the_icon_comes_back_with_a_panel_that_crashed(make_desktop):
    async def scenario(desktop):
        empty = await empty_tray(desktop)
        async with running(Tray(lambda _: None)):
            there = await changed(desktop, empty)
            await aside(desktop.panel.kill)
            await changed(desktop, there)
            await aside(desktop.panel.start)
            while not np.array_equal(await aside(look, desktop), there):
                pass

    desktop = make_desktop(sound=False, notifications="")
    with desktop.active():
        await within_patience(scenario(desktop))


async def test_without_a_panel_it_is_said_and_one_that_starts_is_used(make_desktop):
    async def scenario(desktop):
        ready = asyncio.Event()
        tray = Tray(lambda _: None, grace_s=0.1)
        with pytest.raises(TrayError, match="no tray") as said:
            await tray.run(ready.set)
        assert "AppIndicator" in said.value.hint
        assert not ready.is_set()
        patient = Tray(lambda _: None)
        part = asyncio.create_task(patient.run(ready.set))
        await aside(desktop.panel.start)
        await until(ready.is_set, "the icon")
        part.cancel()
        await asyncio.wait({part})

    desktop = make_desktop(sound=False, notifications="", panel=False)
    with desktop.active():
        try:
            await within_patience(scenario(desktop))
        finally:
            desktop.panel.stop()


PYSTRAY = """
import sys, threading
import pystray  # before the menu chooses its backend
from voice_assistant.status import Status
from voice_assistant.desktop.tray.pystray import Tray

def obey():
    for word in sys.stdin:
        begin.set()
        tray.update(Status(phase=word.strip()))
    tray.stop()

tray = Tray(print)
begin = threading.Event()
threading.Thread(target=obey).start()
begin.wait()
tray.run_blocking()
print("ended")
"""


@pytest.fixture
def pystray_tray(panel):
    """A program with pystray's own icon, which shows the phases written to it."""
    with subprocess.Popen(
        [sys.executable, "-c", PYSTRAY],
        env={**panel.env, "PYSTRAY_BACKEND": "xorg", "PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        yield program
        program.kill()


async def test_pystrays_icon_shows_the_phase_and_ends_when_told(panel, pystray_tray):
    async def scenario():
        empty = await empty_tray(panel)
        pystray_tray.stdin.write("idle\n")
        pystray_tray.stdin.flush()
        idle = await changed(panel, empty)
        pystray_tray.stdin.write("listening\n")
        pystray_tray.stdin.flush()
        await changed(panel, idle)
        return await aside(pystray_tray.communicate, None, PATIENCE_S)

    output, _ = await within_patience(scenario())
    assert (pystray_tray.returncode, output) == (0, "ended\n")
