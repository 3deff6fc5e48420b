"""The talk key on a real X server."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING

import pytest
from helpers.desktop.supervised import aside, running, until
from Xlib import X
from Xlib.display import Display

from voice_assistant.commands import Mute, Pause, Press, Release, Stop, Tap, Toggle
from voice_assistant.desktop.hotkey import hotkey, more_keys
from voice_assistant.errors import HotkeyError
from voice_assistant.settings.sections.desktop import HotkeySettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench import Desktop


QUICK_S = 0.05
"""No two taps follow each other so quickly that they stop everything."""

RIGHT_CTRL = "105"  # by its name, xdotool would press the left one beside it


@pytest.fixture(scope="module")
def x() -> Iterator[Desktop]:
    from bench import Desktop  # noqa: PLC0415

    with Desktop(bus=False, sound=False) as desktop, desktop.active():
        yield desktop


async def test_a_hold_is_one_press_and_one_release_though_the_key_repeats(x):
    posted = []
    async with running(hotkey(HotkeySettings(mode="hold"), posted.append)):
        await aside(x.xdotool, "keydown", "ctrl", "keydown", "alt", "keydown", "space")
        await until(lambda: posted, "the press")
        # Repeating begins after 660 ms here.
        await aside(x.run, "sleep", "1.2")
        assert posted == [Press()]
        await aside(x.xdotool, "keyup", "space", "keyup", "alt", "keyup", "ctrl")
        await until(lambda: len(posted) > 1, "the release")
    assert posted == [Press(), Release()]


@pytest.mark.parametrize("between", ["", "key a", "key Num_Lock key Num_Lock", "key shift"])
@pytest.mark.parametrize("first", [("ctrl", "alt"), ("alt", "ctrl"), ("alt",), ()], ids="+".join)
async def test_the_key_is_down_until_it_comes_up_itself(x, first, between):
    """Modifiers may come up before it, and other keys be pressed meanwhile."""
    posted = []
    last = {"ctrl", "alt"} - {*first}
    async with running(hotkey(HotkeySettings(mode="hold"), posted.append)):
        await aside(x.xdotool, "keydown", "ctrl", "keydown", "alt", "keydown", "space")
        await until(lambda: posted, "the press")
        moves = [word for key in first for word in ("keyup", key)]
        await aside(x.xdotool, *moves, *between.split(), "sleep", "0.05")
        assert posted == [Press()]
        await aside(x.xdotool, *(word for key in ("space", *last) for word in ("keyup", key)))
        await until(lambda: len(posted) > 1, "the release")
    assert posted == [Press(), Release()]


async def test_a_layout_that_changes_while_the_key_is_held_does_not_hold_it_for_ever(x):
    posted = []
    async with running(hotkey(HotkeySettings(mode="hold"), posted.append)):
        await aside(x.xdotool, "keydown", "ctrl", "keydown", "alt", "keydown", "space")
        await until(lambda: posted, "the press")
        await aside(x.run, "setxkbmap", "de")
        try:
            await aside(x.xdotool, "keyup", "space", "keyup", "alt", "keyup", "ctrl")
            await until(lambda: len(posted) > 1, "the release")
        finally:
            await aside(x.run, "setxkbmap", "us")
    assert posted == [Press(), Release()]


async def test_toggling_looks_at_the_press_alone(x):
    posted = []
    settings = HotkeySettings(keys="f9", mode="toggle", tap_s=QUICK_S)
    async with running(hotkey(settings, posted.append)):
        for presses in (1, 2):
            await aside(x.xdotool, "sleep", "0.1", "key", "F9")
            await until(lambda n=presses: len(posted) == n, "a toggle")
    assert posted == [Toggle(), Toggle()]


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
async def test_a_lock_does_not_matter(x, lock):
    posted = []
    async with running(hotkey(HotkeySettings(keys="ctrl+f9", mode="hold"), posted.append)):
        await aside(x.xdotool, "key", lock)
        try:
            await aside(x.xdotool, "key", "ctrl+F9")
            await until(lambda: len(posted) == 2, "press and release")
        finally:
            await aside(x.xdotool, "key", lock)
    assert posted == [Press(), Release()]


@contextlib.contextmanager
def grabbed_by_another() -> Iterator[None]:
    """A program has keyboard and mouse, as a menu does that is open."""
    menu = Display()
    root = menu.screen().root
    try:
        held = root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, 0, 0, X.CurrentTime)
        assert held == X.GrabSuccess
        yield
    finally:
        menu.close()


@pytest.mark.parametrize(
    ("keys", "press", "release"),
    [
        ("ctrl+alt+space", "keydown ctrl keydown alt keydown space", "keyup space"),
        ("ctrl+alt+space", "keydown alt keydown ctrl keydown space keyup ctrl", "keyup space"),
        ("f9", "keydown F9", "keyup F9"),
        ("mouse9", "mousedown 9", "mouseup 9"),
        ("rightctrl", "keydown 105", "keyup 105"),
    ],
)
async def test_a_key_lives_while_another_program_has_the_keyboard(x, keys, press, release):
    posted = []
    async with running(hotkey(HotkeySettings(keys=keys, mode="hold"), posted.append)):
        with grabbed_by_another():
            await aside(x.xdotool, *press.split())
            await until(lambda: posted, "the press")
            await aside(x.xdotool, *release.split())
            await until(lambda: len(posted) > 1, "the release")
        await aside(x.xdotool, "keyup", "ctrl", "keyup", "alt")
    assert posted == [Press(), Release()]


@pytest.mark.parametrize("locked", [False, True])
async def test_two_taps_stop_everything_though_a_menu_is_open_or_the_screen_locked(x, locked):
    posted = []
    talk = hotkey(HotkeySettings(), posted.append, locked=lambda: locked)
    async with running(talk):
        with grabbed_by_another():
            await aside(x.xdotool, "keydown", "ctrl", "keydown", "alt")
            await aside(x.xdotool, "key", "space", "sleep", "0.1", "key", "space")
            await until(lambda: Stop() in posted, "the stop")
        await aside(x.xdotool, "keyup", "ctrl", "keyup", "alt")
    assert posted == ([Tap(), Stop()] if locked else [Press(), Tap(), Press(), Stop()])


@pytest.mark.parametrize("menu", [False, True])
async def test_keys_of_one_program_live_beside_each_other_also_while_one_is_held(x, menu):
    posted = []
    settings = HotkeySettings(keys="f9", mode="hold", stop="f8", pause="ctrl+f8", mute="ctrl+f9")
    keys = (hotkey(settings, posted.append), *more_keys(settings, posted.append))
    async with contextlib.AsyncExitStack() as stack:
        for key in keys:
            await stack.enter_async_context(running(key))
        with grabbed_by_another() if menu else contextlib.nullcontext():
            await aside(x.xdotool, "keydown", "F9")
            await until(lambda: posted == [Press()], "the press")
            await aside(x.xdotool, "key", "F8")
            await until(lambda: posted[1:] == [Stop()], "the stop, while the talk key is held")
            await aside(x.xdotool, "keyup", "F9")
            await until(lambda: posted[2:] == [Release()], "the release")
            await aside(x.xdotool, "key", "ctrl+F8", "key", "ctrl+F9")
            await until(lambda: len(posted) == 5, "two more keys")
    assert posted[3:] == [Pause(toggle=True), Mute()]


async def test_a_lone_modifier_is_left_to_the_window_and_its_shortcuts_are_no_talk(x):
    posted = []
    with focused_window(x) as window:
        async with running(hotkey(HotkeySettings(keys="rightctrl"), posted.append)):
            await aside(x.xdotool, "keydown", RIGHT_CTRL, "key", "c", "keyup", RIGHT_CTRL)
            await aside(x.xdotool, "key", RIGHT_CTRL)
            await until(lambda: posted, "the tap")
            seen = ""
            while "Control_R" not in (line := await aside(window.stdout.readline)):
                seen += line
            await aside(x.xdotool, "keydown", RIGHT_CTRL)
            await until(lambda: len(posted) == 3, "the press")
            await aside(x.xdotool, "click", "1", "keyup", RIGHT_CTRL)
            await until(lambda: len(posted) == 4, "the click with it")
    assert posted == [Press(), Tap(), Press(), Stop()]


async def test_a_button_of_the_mouse_is_held_like_a_key(x):
    posted = []
    async with running(hotkey(HotkeySettings(keys="mouse8"), posted.append)):
        await aside(x.xdotool, "mousedown", "8")
        await until(lambda: posted, "the press")
        await aside(x.xdotool, "mousemove", "300", "300")
        await aside(x.run, "sleep", "0.5")
        await aside(x.xdotool, "mouseup", "8")
        await until(lambda: len(posted) > 1, "the release")
    assert posted == [Press(), Release()]


async def test_other_modifiers_make_it_another_key(x):
    posted = []
    async with running(hotkey(HotkeySettings(keys="ctrl+f9", mode="hold"), posted.append)):
        await aside(x.xdotool, "key", "F9", "key", "ctrl+shift+F9", "key", "alt+F9")
        await aside(x.xdotool, "key", "ctrl+F9")
        await until(lambda: len(posted) == 2, "press and release")
    assert posted == [Press(), Release()]


@contextlib.contextmanager
def focused_window(x: Desktop, *events: str) -> Iterator[subprocess.Popen[str]]:
    """A window with the focus, which prints the events it receives, keys if nothing is said."""
    wanted = [word for event in events or ("keyboard",) for word in ("-event", event)]
    with subprocess.Popen(["xev", *wanted], env=x.env, stdout=subprocess.PIPE, text=True) as window:
        try:
            search = ("search", "--sync", "--onlyvisible", "--name", "Event Tester")
            x.xdotool(*search, "windowactivate", "--sync")
            yield window
        finally:
            window.terminate()


async def test_the_window_with_the_focus_does_not_see_the_key(x):
    posted = []
    with focused_window(x) as window:
        async with running(hotkey(HotkeySettings(keys="f9", mode="hold"), posted.append)):
            await aside(x.xdotool, "key", "F9")
            await until(lambda: len(posted) == 2, "press and release")
            await aside(x.xdotool, "key", "F8")
        await aside(x.xdotool, "key", "F9", "key", "F7")
        seen = []
        while not seen or "F7" not in seen[-1]:
            line = await aside(window.stdout.readline)
            seen += [line] if "keysym" in line else []
    names = [line.split("keysym ")[1].split(",")[1].strip(" )") for line in seen]
    # The second F9 came after the part had ended: then it is the window's again.
    assert names == ["F8", "F8", "F9", "F9", "F7"]
    assert posted == [Press(), Release()]


async def told_to_the_window(x, *, reader_runs: bool) -> list[str]:
    """What the window with the focus is told while the key is held."""
    posted = []
    talk = hotkey(HotkeySettings(mode="hold"), posted.append)
    talk._reader_runs = lambda: reader_runs
    with focused_window(x, "focus", "keyboard") as window:
        async with running(talk):
            await aside(x.xdotool, "keydown", "ctrl", "keydown", "alt", "sleep", "0.2")
            await aside(x.xdotool, "keydown", "space")
            await until(lambda: posted, "the press")
            await aside(x.run, "sleep", "1")  # repeating would begin after 660 ms
            await aside(x.xdotool, "keyup", "space", "keyup", "alt", "keyup", "ctrl")
            await until(lambda: len(posted) > 1, "the release")
        await aside(x.xdotool, "key", "F7")
        told = []
        while "F7" not in (line := await aside(window.stdout.readline)):
            told += [line.split()[0]] if line.startswith("Focus") else []
            told += ["space"] if "space" in line else []
    assert posted == [Press(), Release()]
    return told


async def test_beside_a_screen_reader_the_key_moves_no_focus(x):
    told = await told_to_the_window(x, reader_runs=False)
    assert "FocusOut" in told
    assert "space" not in told
    told = await told_to_the_window(x, reader_runs=True)
    assert "FocusOut" not in told
    assert told.count("space") == 2  # down and up, and no repetition


@pytest.mark.usefixtures("x")
async def test_a_key_that_another_program_has_is_said():
    settings = HotkeySettings(keys="f9", mode="hold")
    async with running(hotkey(settings, lambda _: None)):
        with pytest.raises(HotkeyError, match="Another program has the key f9") as said:
            async with running(hotkey(settings, lambda _: None)):
                pass
        assert "hotkey.keys" in said.value.hint
    async with running(hotkey(settings, lambda _: None)):
        pass


async def test_a_changed_keyboard_takes_the_key_along(x):
    american, german = "29", "52"  # where the Y is
    posted = []
    settings = HotkeySettings(keys="ctrl+y", mode="hold", tap_s=QUICK_S)
    async with running(hotkey(settings, posted.append)):
        await aside(x.xdotool, "keydown", "ctrl", "key", american, "keyup", "ctrl")
        await until(lambda: posted == [Press(), Release()], "the key at its place")
        await aside(x.run, "setxkbmap", "de")
        try:
            while len(posted) == 2:
                await aside(x.xdotool, "keydown", "ctrl", "key", german, "keyup", "ctrl")
            await until(lambda: len(posted) == 4, "press and release")
            await aside(x.xdotool, "keydown", "ctrl", "key", american, "keyup", "ctrl")
            await aside(x.xdotool, "keydown", "ctrl", "key", german, "keyup", "ctrl")
            await until(lambda: len(posted) == 6, "press and release")
        finally:
            await aside(x.run, "setxkbmap", "us")
    assert posted == [Press(), Release()] * 3


@pytest.mark.usefixtures("x")
async def test_a_key_that_the_keyboard_lacks_is_said():
    with pytest.raises(HotkeyError, match="no key f24"):
        await once(HotkeySettings(keys="f24", mode="hold"))


async def once(settings):
    async with running(hotkey(settings, lambda _: None)):
        pass


@pytest.mark.usefixtures("x")
async def test_without_a_display_the_commands_are_named(monkeypatch):
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(HotkeyError, match="No X server") as said:
        await once(HotkeySettings(mode="hold"))
    assert "voice-assistant press" in said.value.hint


async def test_a_lost_server_is_said_and_the_key_is_let_go(make_desktop):
    async def scenario():
        posted = []
        async with running(hotkey(HotkeySettings(keys="f9", mode="hold"), posted.append)) as part:
            await aside(desktop.xdotool, "keydown", "F9")
            await until(lambda: posted, "the press")
            desktop.display.kill()
            with pytest.raises(HotkeyError, match="was lost"):
                await part
        assert posted == [Press(), Release()]

    desktop = make_desktop(bus=False, sound=False, windows=False)
    with desktop.active():
        await scenario()
