"""Notifications of macOS, with a stand-in for the program that shows them."""

from __future__ import annotations

import subprocess

import pytest

from voice_assistant.desktop import apple_script

WORDS = 'He said "yes" \\ no\nand left — 好'


@pytest.fixture
def osascript(tmp_path, monkeypatch):
    """Make a program of this name that does these things."""

    def make(does):
        program = tmp_path / "osascript"
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    return make


def test_no_word_of_a_notification_is_an_argument(osascript, tmp_path):
    osascript(f'echo "$@" > {tmp_path}/arguments; /bin/cat > {tmp_path}/script')
    apple_script.notify("An answer", WORDS)
    assert (tmp_path / "arguments").read_text() == "-\n"
    assert (tmp_path / "script").read_text() == (
        'display notification "He said \\"yes\\" \\\\ no\nand left — 好" with title "An answer"\n'
    )


def test_a_script_that_fails_is_an_error(osascript):
    osascript("exit 1")
    with pytest.raises(subprocess.SubprocessError):
        apple_script.notify("An answer", "yes")
