"""The command line. Everything is imported where it is used: `press` must answer at once."""

from __future__ import annotations

import sys

SIGNALS = frozenset(
    ("press", "release", "toggle", "stop", "pause", "resume", "repeat", "skip", "new", "quit")
)
"""Commands without arguments for the running daemon."""


def main() -> int:
    """Run the command line; the exit status."""
    arguments = sys.argv[1:]
    if len(arguments) == 1 and arguments[0] in SIGNALS:
        from voice_assistant.cli import signal

        return signal.send(arguments[0])
    from voice_assistant.cli import parser

    return parser.run(arguments)
