"""The tray on a real panel."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest
from bench import Desktop
from desktop.supervised import aside, running, until
from PIL import Image

from voice_assistant.commands import Ask, Stop, Toggle
from voice_assistant.desktop.tray import Tray, TrayState
from voice_assistant.errors import TrayError
from voice_assistant.events import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = (1240, 768, 1280, 800)  # the panel's tray, at the lower right
LEFT, MIDDLE, RIGHT = "1", "2", "3"


@pytest.fixture(scope="module")
def panel() -> Iterator[Desktop]:
    with Desktop(sound=False, notifications="") as desktop, desktop.active():
        yield desktop


async def picture(desktop: Desktop) -> np.ndarray:
    file = await aside(desktop.screenshot, desktop.folder / "screen.png")
    with Image.open(file) as image:
        return np.asarray(image.convert("L").crop(PLACE), dtype=np.int32)


async def changed(desktop: Desktop, before: np.ndarray) -> np.ndarray:
    """The picture once it is another, and has come to rest."""
    for _ in range(200):
        now = await picture(desktop)
        again = await picture(desktop)
        if np.any(now != before) and np.array_equal(now, again):
            return now
    raise AssertionError("the picture stayed the same")


async def click(desktop: Desktop, button: str) -> None:
    await aside(desktop.xdotool, "mousemove", "1260", "784", "click", button)


def test_each_phase_has_its_own_picture_on_the_panel(panel):
    async def scenario():
        await aside(panel.xdotool, "mousemove", "100", "100")
        empty = now = await picture(panel)
        seen = {}
        tray = Tray(lambda _: None)
        async with running(tray):
            for phase in get_args(Phase):
                tray.update(TrayState(phase))
                seen[phase] = now = await changed(panel, now)
        await changed(panel, now)
        for one, other in itertools.combinations([empty, *seen.values()], 2):
            assert np.count_nonzero(np.abs(one - other) > 40) > 40

    asyncio.run(scenario())


def test_clicks_on_the_icon_talk_and_stop(panel):
    async def scenario():
        posted = []
        empty = await picture(panel)
        async with running(Tray(posted.append)):
            await changed(panel, empty)
            await click(panel, LEFT)
            await until(lambda: posted == [Toggle()], "a toggle")
            await click(panel, MIDDLE)
            await until(lambda: posted == [Toggle(), Stop()], "a stop")

    asyncio.run(scenario())


def test_an_entry_of_the_menu_is_chosen_with_the_mouse(panel):
    async def scenario():
        posted = []
        empty = await picture(panel)
        tray = Tray(posted.append)
        tray.update(TrayState(suggestions=("How tall is it?",)))
        async with running(tray):
            await changed(panel, empty)
            await click(panel, RIGHT)
            await until_menu_opens(panel)
            # "Stop" is disabled, so "Down" goes from "Talk" to the question.
            await aside(panel.xdotool, "key", "Down", "key", "Down", "key", "Return")
            await until(lambda: posted, "the question")
        assert posted == [Ask(text="How tall is it?", source="suggestion")]

    asyncio.run(scenario())


async def until_menu_opens(desktop):
    await aside(desktop.xdotool, "search", "--sync", "--onlyvisible", "--class", "xfce4-panel")


def test_the_icon_comes_back_with_a_panel_that_crashed(make_desktop):
    async def scenario(desktop):
        empty = await picture(desktop)
        async with running(Tray(lambda _: None)):
            there = await changed(desktop, empty)
            await aside(desktop.panel.kill)
            await changed(desktop, there)
            await aside(desktop.panel.start)
            while not np.array_equal(await picture(desktop), there):
                pass

    desktop = make_desktop(sound=False, notifications="")
    with desktop.active():
        asyncio.run(asyncio.wait_for(scenario(desktop), 30))


def test_without_a_panel_it_is_said_and_one_that_starts_is_used(make_desktop):
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
            asyncio.run(scenario(desktop))
        finally:
            desktop.panel.stop()
