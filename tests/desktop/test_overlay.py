"""The caption overlay on a real X server: seen, above all, and no obstacle to anything."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from helpers.desktop.supervised import aside, running, until
from PIL import ImageGrab
from Xlib import X, Xatom
from Xlib.display import Display

from voice_assistant.desktop.overlay.caption import Caption
from voice_assistant.desktop.overlay.overlay import Overlay
from voice_assistant.desktop.overlay.picture import COLOURS, draw, wrapped
from voice_assistant.desktop.overlay.window import CaptionWindow
from voice_assistant.errors import OverlayError
from voice_assistant.settings.sections.desktop import CaptionSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench import Desktop

SPEAKING = Caption("speaking", None, "What is the capital?", "Paris is the capital of France.")


@pytest.fixture(scope="module")
def x() -> Iterator[Desktop]:
    from bench import Desktop  # noqa: PLC0415

    desktop = Desktop(bus=False, sound=False, panel=False, notifications="")
    with desktop, desktop.active():
        yield desktop


@asynccontextmanager
async def shown(settings, now):
    wanted = asyncio.Event()
    async with running(Overlay(settings, lambda: now[0], wanted)):
        wanted.set()
        await until(lambda: bright(settings) or not now[0], "the caption")
        yield
        wanted.clear()
        now[0] = None
        await until(lambda: not bright(settings), "its end")


def bright(settings) -> bool:
    """Whether letters are seen where the caption belongs."""
    screen = ImageGrab.grab()
    top, bottom = (0, 300) if settings.place == "top" else (screen.height - 300, screen.height)
    part = screen.crop((0, top, screen.width, bottom)).convert("RGB")
    ink = tuple(bytes.fromhex(COLOURS[settings.colours][0][1:]))
    return sum(count for count, colour in part.getcolors(2**20) if colour == ink) > 500


@pytest.mark.parametrize("place", ["bottom", "top"])
async def test_it_is_seen_at_its_edge_goes_and_never_takes_the_focus(x, place):
    display = Display()
    root = display.screen().root
    below = root.create_window(
        0, 0, 1280, 800, 0, X.CopyFromParent, background_pixel=0, event_mask=X.ButtonPressMask
    )
    below.map()
    display.sync()
    below.set_input_focus(X.RevertToParent, X.CurrentTime)
    display.sync()
    settings = CaptionSettings(place=place, colours="yellow")
    async with shown(settings, [SPEAKING]):
        assert display.get_input_focus().focus.id == below.id
        while display.pending_events():
            display.next_event()
        y = 60 if place == "top" else 740
        await aside(x.xdotool, "mousemove", "640", str(y), "click", "1")
        await until(display.pending_events, "the click below")
        assert display.next_event().type == X.ButtonPress
        assert display.get_input_focus().focus.id == below.id
        below.raise_window()
        display.sync()
        await until(lambda: bright(settings), "the caption above a window that was raised")
    display.close()


async def test_what_was_covered_is_painted_again_and_an_open_menu_stays_above(x):
    settings = CaptionSettings(colours="yellow")
    display = Display()
    root = display.screen().root

    def covered(kind: str = "") -> Any:
        """Cover the screen as a program does that asks no window manager."""
        screen = (0, 0, 1280, 800, 0, X.CopyFromParent)
        window = root.create_window(*screen, background_pixel=0, override_redirect=True)
        if kind:
            atoms = [display.intern_atom(kind)]
            name = display.intern_atom("_NET_WM_WINDOW_TYPE")
            window.change_property(name, Xatom.ATOM, 32, atoms)
        window.map()
        display.sync()
        return window

    caption = CaptionWindow()
    caption.show(draw(SPEAKING, settings, caption.width), at_top=False)
    assert bright(settings)
    other = covered()
    assert not bright(settings)
    caption.stay_above()
    await until(lambda: bright(settings), "the caption, as it was")
    menu = covered("_NET_WM_WINDOW_TYPE_POPUP_MENU")
    for come_above in (
        caption.stay_above,
        lambda: caption.show(draw(SPEAKING, settings, caption.width), at_top=False),
    ):
        come_above()
        assert not bright(settings)
    menu.destroy()
    display.sync()
    assert bright(settings), "the caption stayed above the window below the menu"
    other.destroy()
    caption.close()
    display.close()


async def test_without_an_x_server_it_is_told(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(OverlayError, match="need an X server"):
        CaptionWindow()


@pytest.mark.parametrize("phase", ["listening", "thinking", "speaking", "paused", "error"])
def test_each_phase_looks_different(phase):
    settings = CaptionSettings()
    others = [draw(Caption(one), settings, 800) for one in ("idle", "speaking") if one != phase]
    assert all(draw(Caption(phase), settings, 800).tobytes() != one.tobytes() for one in others)


def test_the_level_moves_and_letters_have_their_size():
    settings = CaptionSettings()
    quiet, loud = (draw(Caption("listening", level), settings, 800) for level in (-50.0, -10.0))
    assert quiet.tobytes() != loud.tobytes()
    large = draw(SPEAKING, CaptionSettings(size_px=80), 800)
    assert large.height > draw(SPEAKING, settings, 800).height * 1.5


class Square:
    """A font whose signs are all 10 pixels wide."""

    def getlength(self, text):
        return len(text) * 10


def test_lines_end_between_words_and_chinese_anywhere():
    assert wrapped("one two three", Square(), 75) == ["one two", "three"]
    assert wrapped("今天天气很好", Square(), 30) == ["今天天", "气很好"]
    assert wrapped("", Square(), 30) == []
    assert wrapped("unbreakable", Square(), 30) == ["unbreakable"]
