"""The clipboard and the screen of a real X server."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from voice_assistant.desktop import clipboard, screen
from voice_assistant.errors import DeviceError, InputError

OWNER = Path(__file__).parents[1] / "helpers" / "desktop" / "selection_owner.py"


@pytest.fixture(scope="module")
def x_server():
    """The name of a display without windows."""
    command = ["Xvfb", "-noreset", "-screen", "0", "320x200x24", "-displayfd", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.kill()


@pytest.fixture(autouse=True)
def on_screen(x_server, monkeypatch):
    monkeypatch.setenv("DISPLAY", x_server)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@contextlib.contextmanager
def owned(file, selection, target, content, *more):
    """Another program has the selection."""
    file.write_bytes(content)
    with subprocess.Popen(
        [sys.executable, OWNER, selection, target, file, *more], stdout=subprocess.PIPE
    ) as owner:
        try:
            assert owner.stdout.readline() == b"ready\n"
            yield
        finally:
            owner.kill()


def picture_of(width, height):
    made = io.BytesIO()
    Image.effect_noise((width, height), 90).save(made, "PNG")
    return made.getvalue()


def test_a_copied_text_is_there_for_other_programs_until_another_is_copied():
    clipboard.copy("héllo 世界")
    assert clipboard.read("clipboard").text == "héllo 世界"
    clipboard.copy("x" * 300_000 + "é")
    assert clipboard.read("clipboard").text == "x" * 300_000 + "é"


def test_the_selection_and_the_clipboard_are_two_things(tmp_path):
    clipboard.copy("copied")
    with owned(tmp_path / "a", "PRIMARY", "UTF8_STRING", "märked".encode()):
        assert clipboard.read("selection").text == "märked"
        assert clipboard.read("clipboard").text == "copied"


def test_old_programs_give_latin_1(tmp_path):
    with owned(tmp_path / "a", "PRIMARY", "STRING", "größer".encode("latin-1")):
        assert clipboard.read("selection").text == "größer"


@pytest.mark.parametrize("incr", [(), ("INCR",)])
def test_a_picture_is_read_also_in_parts(tmp_path, incr):
    picture = picture_of(400, 300) if incr else picture_of(40, 30)
    with owned(tmp_path / "a", "CLIPBOARD", "image/png", picture, *incr):
        assert clipboard.read("clipboard") == ("", picture)


@pytest.mark.parametrize(
    ("target", "content"), [("UTF8_STRING", b" \n"), ("application/x-odd", b"odd")]
)
def test_nothing_that_can_be_asked_about_is_an_error(tmp_path, target, content):
    with (
        owned(tmp_path / "a", "PRIMARY", target, content),
        pytest.raises(InputError, match="The selection is empty"),
    ):
        clipboard.read("selection")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Xlib's sockets
def test_without_a_desktop_that_is_told(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":9999")
    for use in (lambda: clipboard.read("clipboard"), lambda: clipboard.copy("x")):
        with pytest.raises(DeviceError, match="no desktop"):
            use()


def test_on_wayland_a_missing_program_is_named(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DeviceError, match="no wl-paste") as caught:
        clipboard.read("clipboard")
    assert "wl-clipboard" in caught.value.hint


@pytest.mark.parametrize(
    ("what", "size"),
    [("screen", (320, 200)), ("100x50+10+20", (100, 50)), ("900x900+300+0", (20, 200))],
)
async def test_the_screen_or_a_part_of_it_becomes_a_picture(what, size):
    picture = await screen.picture(what)
    assert Image.open(io.BytesIO(picture)).size == size


@pytest.mark.parametrize(
    ("what", "title"),
    [("window", "no active window"), ("10x10+900+0", "outside"), ("all", "no part of a screen")],
)
async def test_a_part_that_is_not_there_is_an_error(what, title):
    with pytest.raises(InputError, match=title):
        await screen.picture(what)
