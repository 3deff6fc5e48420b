"""Files are opened by the desktop's program, and no program is started at the wish of a server."""

from __future__ import annotations

import pytest
from bench.waiting import wait_for

from voice_assistant.desktop.viewer import show
from voice_assistant.errors import InputError


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """The file that names what `xdg-open` was called with."""
    program, told = tmp_path / "xdg-open", tmp_path / "told"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}.new\nmv {told}.new {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return told


def test_a_picture_is_opened(opened, tmp_path):
    show(tmp_path / "a b.png")
    wait_for(opened.exists, "it is opened")
    assert opened.read_text() == str(tmp_path / "a b.png")


@pytest.mark.parametrize(
    "name", ["x.sh", "x.desktop", "x.exe", "x.html", "x.svgz", "x", "x.png.py"]
)
def test_what_may_be_a_program_is_not(opened, tmp_path, name):
    with pytest.raises(InputError, match="may be a program"):
        show(tmp_path / name)
    assert not opened.exists()
