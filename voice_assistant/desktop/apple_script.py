"""Notifications of macOS, by AppleScript.

The script is read from standard input: all users see the arguments of a process.
"""

from __future__ import annotations

import subprocess

ANSWER_S = 10.0
"""Seconds that the script may take; it takes 0.1."""


def notify(title: str, body: str) -> None:
    """Show a notification. Blocks until it is shown.

    Raises:
        OSError: there is no `osascript`.
        subprocess.SubprocessError: it failed.
    """
    subprocess.run(
        ["osascript", "-"],
        input=f"display notification {_quoted(body)} with title {_quoted(title)}\n",
        capture_output=True,
        encoding="utf-8",
        timeout=ANSWER_S,
        check=True,
    )


def _quoted(text: str) -> str:
    """Return a text as AppleScript writes it; it may have several lines."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
