"""Every command that can be typed: one table.

The parser, `--help` and the README's table of endpoints come from it. To add a command, add a line
here and write the function that it names; one that the daemon is only sent has its line in
`signal.py`, the part of the table that `press` can afford to load.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from voice_assistant.cli import signal
from voice_assistant.cli.api import verbs
from voice_assistant.cli.command import AS_EVENTS, AS_JSON, Argument, Command, ServerCommand
from voice_assistant.cli.lazy import LazyModule

if TYPE_CHECKING:
    from voice_assistant.cli import (
        asking,
        daemon,
        demo,
        desktop_entry,
        recordings,
        settings,
        standard_input,
    )
else:
    asking = LazyModule("voice_assistant.cli.asking")
    daemon = LazyModule("voice_assistant.cli.daemon")
    demo = LazyModule("voice_assistant.cli.demo")
    desktop_entry = LazyModule("voice_assistant.cli.desktop_entry")
    recordings = LazyModule("voice_assistant.cli.recordings")
    settings = LazyModule("voice_assistant.cli.settings")
    standard_input = LazyModule("voice_assistant.cli.standard_input")


def _percent(text: str) -> int:
    """A whole number: 0.5, as the settings say half, would be next to silence, and stay so."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no whole number from 0 to 100; 50 is half as loud as it comes"
        ) from None


def _signal(name: str, what: str) -> Command:
    """Return the command that the running daemon is sent as it is."""
    arguments = _SIGNAL_ARGUMENTS.get(name, ())
    return Command(
        name, f"running assistant: {what}", signal.send, *arguments, fixed={"command": name}
    )


_SIGNAL_ARGUMENTS = {
    "skip": (
        Argument(
            "--back",
            "this sentence, or the last one, again",
            dest="command",
            action="store_const",
            const="back",
        ),
    )
}
_RECORDING = "its number in the list (1 is the newest), or its name"

GROUPS = {
    **verbs.GROUPS,
    "recordings": "what was said and is still on this disk",
    "config": "settings",
    "autostart": "start the assistant when you log in",
    "menu": "its entry in the applications menu",
}
"""What is said of words that only begin a command."""

COMMANDS: tuple[Command | ServerCommand, ...] = (
    Command("run", "start the assistant in the tray", daemon.run),
    Command(
        "demo",
        "one spoken turn, on any machine",
        demo.demo,
        Argument("--audio", "the spoken question (default: one we made)", metavar="FILE"),
        AS_EVENTS,
    ),
    Command(
        "ask",
        "ask one question, with or without a running assistant",
        asking.ask,
        Argument("text", "the question", type=standard_input.word, nargs="*", metavar="TEXT"),
        Argument("--audio", "the question, spoken", metavar="FILE"),
        Argument(
            "--file",
            "a file that the question is about, where the app takes files; may be repeated",
            dest="files",
            metavar="FILE",
            action="append",
            default=[],
        ),
        AS_EVENTS,
        Argument("--no-speech", "do not speak the answer", dest="speech", action="store_false"),
        Argument("--new", "begin a new conversation", action="store_true"),
        Argument("--save-speech", "write what is spoken as WAV", metavar="FILE"),
    ),
    *(_signal(name, what) for name, what in signal.SIGNALS.items()),
    Command(
        "volume",
        "running assistant: show or change how loud it speaks",
        daemon.volume,
        Argument("level", "from 0 to 100", type=_percent, nargs="?", metavar="N"),
    ),
    Command(
        "speed",
        "running assistant: show or change how fast it speaks",
        daemon.speed,
        Argument("factor", "from 0.5 to 3; 1: normal", type=float, nargs="?", metavar="N"),
    ),
    Command(
        "status",
        "running assistant: show what it is doing and what is missing",
        daemon.status,
        AS_JSON,
    ),
    Command(
        "serve",
        "the embedded backend alone, for other programs",
        daemon.serve,
        Argument("--port", "default: any that is free", type=int, default=0),
    ),
    Command("devices", "list microphones and speakers", daemon.devices),
    *verbs.VERBS,
    Command("recordings list", "list them, newest first", recordings.show, AS_JSON),
    Command(
        "recordings play",
        "play a kept recording",
        recordings.play,
        Argument("which", _RECORDING, nargs="?", default="1", metavar="RECORDING"),
    ),
    Command(
        "recordings retry",
        "answer a kept recording",
        recordings.retry,
        Argument(
            "which",
            f"{_RECORDING}; default: the newest unanswered",
            nargs="?",
            default="",
            metavar="RECORDING",
        ),
        AS_EVENTS,
    ),
    Command(
        "recordings delete",
        "delete some of them",
        recordings.delete,
        Argument("names", _RECORDING, one_of=True, nargs="*", default=[], metavar="RECORDING"),
        Argument("--all", "all of them", one_of=True, dest="every", action="store_true"),
    ),
    Command(
        "config show",
        "print the settings in use (never the key)",
        settings.show,
        Argument("--default", "every setting with its meaning", action="store_true"),
    ),
    Command("config schema", "print the JSON schema of the settings file", settings.schema),
    Command("config path", "print where the settings are read from", settings.path),
    Command("config set-key", "put the app's API key into the keyring", settings.set_key),
    Command(
        "autostart on",
        "start the assistant at each login",
        desktop_entry.switch_autostart,
        fixed={"on": True},
    ),
    Command(
        "autostart off",
        "no longer start the assistant at login",
        desktop_entry.switch_autostart,
        fixed={"on": False},
    ),
    Command(
        "autostart status",
        "show whether a login starts the assistant",
        desktop_entry.show_autostart,
        AS_JSON,
    ),
    Command("menu add", "rewrite the entry", desktop_entry.add_to_menu),
    Command(
        "menu remove",
        "remove the entry and its icon, and the start at login",
        desktop_entry.remove_from_menu,
    ),
)
