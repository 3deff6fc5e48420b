"""Typing into a real window of a real X server: xev tells each letter that it gets."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from helpers.desktop.supervised import until
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from voice_assistant.desktop import typist

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "Straße, 你好, Äpfel"
LOOKED_UP = re.compile(r"XmbLookupString gives \d+ bytes: \(([0-9a-f ]+)\)")


@pytest.fixture(scope="module")
def x_server() -> Iterator[dict[str, str]]:
    """The environment of a display without windows."""
    command = ["Xvfb", "-noreset", "-screen", "0", "320x200x24", "-displayfd", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield {"DISPLAY": f":{server.stdout.readline().strip()}", "LC_ALL": "C.UTF-8"}
        finally:
            server.kill()


@pytest.fixture
def display(x_server, monkeypatch) -> Iterator[Display]:
    monkeypatch.setenv("DISPLAY", x_server["DISPLAY"])
    with contextlib.closing(Display()) as connection:
        yield connection


@contextlib.contextmanager
def window(display: Display, environ: dict[str, str], told: Path) -> Iterator[None]:
    """Show a window that has the focus, and writes the keys that it gets into a file."""
    root = display.screen().root
    root.change_attributes(event_mask=X.SubstructureNotifyMask)
    display.sync()
    with (
        told.open("wb") as output,
        subprocess.Popen(
            ["xev", "-event", "keyboard"], env={**os.environ, **environ}, stdout=output
        ) as program,
    ):
        try:
            while (event := display.next_event()).type != X.MapNotify:
                pass
            event.window.set_input_focus(X.RevertToParent, X.CurrentTime)
            display.sync()
            yield
        finally:
            program.kill()


def typed(told: Path) -> str:
    """Return what the window has got so far."""
    found = LOOKED_UP.findall(told.read_text("utf-8", "replace"))
    return b"".join(map(bytes.fromhex, found)).decode()


@pytest.mark.parametrize(
    "text", [TEXT, "Many: " + "".join(map(chr, range(0x4E00, 0x4E00 + 40)))], ids=["few", "many"]
)
async def test_a_text_of_any_script_arrives_as_it_is(display, x_server, tmp_path, text):
    before = [*display.get_keyboard_mapping(8, 248)]
    told = tmp_path / "keys"
    with window(display, x_server, told):
        assert await asyncio.to_thread(typist.type_text, text, x_server)
        await until(lambda: len(typed(told)) >= len(text), "all letters")
        assert typed(told) == text
    assert [*display.get_keyboard_mapping(8, 248)] == before, "the keyboard is as it was"


async def test_caps_lock_changes_no_letter_and_is_on_afterwards(display, x_server, tmp_path):
    lock = display.keysym_to_keycode(0xFFE5)

    def tap() -> None:
        for move in (X.KeyPress, X.KeyRelease):
            xtest.fake_input(display, move, lock)
        display.sync()

    def locked() -> bool:
        return bool(display.screen().root.query_pointer().mask & X.LockMask)

    told = tmp_path / "keys"
    tap()
    assert locked()
    try:
        with window(display, x_server, told):
            assert await asyncio.to_thread(typist.type_text, TEXT, x_server)
            await until(lambda: len(typed(told)) >= len(TEXT), "all letters")
            assert typed(told) == TEXT
        assert locked()
    finally:
        tap()


def test_nothing_is_typed_while_a_modifier_is_down(display, x_server):
    control = display.keysym_to_keycode(0xFFE3)
    xtest.fake_input(display, X.KeyPress, control)
    display.sync()
    try:
        assert not typist.type_text("q", x_server, let_go_s=0.05)
    finally:
        xtest.fake_input(display, X.KeyRelease, control)
        display.sync()


@pytest.mark.parametrize(
    "environ", [{"WAYLAND_DISPLAY": "wayland-0"}, {"XDG_SESSION_TYPE": "wayland"}]
)
def test_without_the_program_for_it_nothing_can_be_typed_on_wayland(environ, tmp_path):
    environ = {**environ, "PATH": str(tmp_path)}
    assert not typist.type_text("q", environ)
    assert typist.lacks_wtype(environ)
    assert not typist.lacks_wtype({**environ, "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"})


@pytest.mark.parametrize("status", [0, 1])
def test_a_compositor_may_let_a_program_type_or_not(tmp_path, status):
    wtype = tmp_path / "wtype"
    wtype.write_text(f'#!/bin/sh\n[ "$*" = - ] && /bin/cat >"$0.told"\nexit {status}\n')
    wtype.chmod(0o755)
    environ = {"WAYLAND_DISPLAY": "wayland-0", "PATH": str(tmp_path)}
    assert typist.type_text(TEXT, environ) == (status == 0)
    assert (tmp_path / "wtype.told").read_text("utf-8") == TEXT
    assert not typist.lacks_wtype(environ)


def test_nothing_can_be_typed_without_a_screen(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert not typist.type_text("q", {})
