"""`ask`: one question, through the running daemon or without one."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.cli.printing import Printer, own_stderr, warn
from voice_assistant.commands import Ask, Retry
from voice_assistant.errors import DaemonError, InputError
from voice_assistant.settings import loading
from voice_assistant.system import control_address, logs, paths

if TYPE_CHECKING:
    import argparse


def ask(options: argparse.Namespace) -> int:
    """Ask, and show the turn; the exit status."""
    return carry_out(_command(options), as_json=options.json)


def carry_out(command: Ask | Retry, *, as_json: bool) -> int:
    """Have a turn, in the running daemon or without one, and show it; the exit status."""
    printer = Printer(as_json=as_json)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as daemon:
        try:
            daemon.connect(control_address.socket_file())
        except OSError:
            _alone(command, printer)
        else:
            _through_daemon(daemon, command, printer)
    return printer.status


def _command(options: argparse.Namespace) -> Ask:
    text = " ".join(options.text)
    if text and options.audio:
        raise InputError("There are two questions", "Give either words or --audio.")
    if not text and not options.audio and not sys.stdin.isatty():
        text = sys.stdin.read()
    return Ask(
        text=text,
        audio=_absolute(options.audio),
        new=options.new,
        speech=not options.no_speech,
        save_speech=_absolute(options.save_speech),
        files=tuple(map(_absolute, options.file)),
    )


def _absolute(file: str | None) -> str:
    """The daemon runs in another folder."""
    return str(Path(file).absolute()) if file else ""


def _through_daemon(daemon: socket.socket, command: Ask | Retry, printer: Printer) -> None:
    """The connection's end before the turn's tells the daemon to stop: so does Ctrl+C."""
    daemon.sendall(msgspec.json.encode(command) + b"\n")
    decode = msgspec.json.Decoder(events.AnyEvent).decode
    with daemon.makefile("rb") as lines:
        for line in lines:
            event = decode(line)
            printer.handle(event)
            if isinstance(event, events.Idle):
                return
    raise DaemonError(
        "The assistant ended before the answer did", "Start it again with `voice-assistant run`."
    )


def _alone(command: Ask | Retry, printer: Printer) -> None:
    from voice_assistant.runtime import without_daemon

    settings = loading.load(paths.config_file())
    with own_stderr():
        logs.start("error")
        asyncio.run(without_daemon.ask_alone(settings, command, printer.handle, warn))
