"""The assistant on a Wayland desktop: sway, without a screen."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from bench.sounds import flite
from bench.waiting import wait_for
from bench.wayland import Mako, wayland_desktop
from helpers.e2e.assistant import SUM, SUM_HEARD, Assistant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench import Desktop

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not all(map(shutil.which, ("sway", "mako", "foot", "wtype", "wl-copy"))),
        reason="needs sway, mako-notifier, foot, wtype and wl-clipboard",
    ),
]

NO_TRAY = "[tray]\nenabled = false\n"


@pytest.fixture(scope="module")
def wayland() -> Iterator[Desktop]:
    with wayland_desktop(Mako) as desktop:
        yield desktop


@contextmanager
def terminal(desktop: Desktop) -> Iterator[Path]:
    """A terminal with the focus; the file has what is typed into it."""
    typed, ready = desktop.folder / "typed", desktop.folder / "ready"
    script = f"stty raw -echo; touch {ready}; exec cat >{typed}"
    with subprocess.Popen(["foot", "sh", "-c", script], env=desktop.env) as window:
        try:
            wait_for(ready.exists, "the terminal is there")
            yield typed
        finally:
            window.kill()


def dictate(desktop: Desktop, assistant: Assistant) -> None:
    wait_for(lambda: assistant.status()["phase"] == "idle", "it is ready")
    assert assistant.tell("dictate").returncode == 0
    assistant.wait_for_phase("listening")
    desktop.speak_into_microphone(flite(SUM))
    assistant.wait_for_end_of("listening")  # by the silence after it


def test_a_dictation_is_typed_into_the_window_in_front(wayland):
    with terminal(wayland) as typed, Assistant(wayland, NO_TRAY) as assistant:
        dictate(wayland, assistant)
        wait_for(lambda: typed.read_text() == SUM_HEARD, "the words are typed")
        assert "Paste it" not in wayland.run("makoctl", "list")


def test_where_the_compositor_lets_nobody_type_it_is_in_the_clipboard(wayland, tmp_path):
    refuses = tmp_path / "wtype"
    refuses.write_text("#!/bin/sh\nexit 1\n")
    refuses.chmod(0o755)
    path = f"{tmp_path}:{wayland.env['PATH']}"
    with terminal(wayland) as typed, Assistant(wayland, NO_TRAY, PATH=path) as assistant:
        dictate(wayland, assistant)
        wait_for(lambda: "Paste it" in wayland.run("makoctl", "list"), "it is told")
        assert wayland.run("wl-paste", "--no-newline") == SUM_HEARD
        assert typed.read_text() == ""
