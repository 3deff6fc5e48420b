"""Runs one turn from the command line: in the running daemon, or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.cli.control import Control, understood
from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import own_stderr, warn
from voice_assistant.cli.terminal.printing import Printer
from voice_assistant.commands import Ask
from voice_assistant.errors import NotRunning
from voice_assistant.settings import loading
from voice_assistant.system import logs, paths
from voice_assistant.system.json_lines import encoded

if TYPE_CHECKING:
    from voice_assistant.commands import Retry
    from voice_assistant.settings.schema import Settings


def carry_out(
    command: Ask | Retry, *, as_json: bool, profile: str | None = None, plain: bool = False
) -> int:
    """Run a turn, in the daemon or without a daemon, show it, and return the exit status.

    Args:
        command: what begins the turn.
        as_json: True shows one event a line.
        profile: the profile that answers; None: the one in use.
        plain: True prints whole lines.
    """
    interruption.listen()
    printer = Printer(as_json=as_json, plain=plain)
    try:
        daemon = Control()
    except NotRunning:
        _alone(command, printer, loading.load(paths.config_file(), profile=profile))
    else:
        with daemon:
            if profile is not None and isinstance(command, Ask):
                loading.load(paths.config_file(), profile=profile)  # an unknown one is told at once
                command = msgspec.structs.replace(command, profile=profile)
            _through_daemon(daemon, command, printer)
    return printer.status


def _through_daemon(daemon: Control, command: Ask | Retry, printer: Printer) -> None:
    """Run a turn in the daemon. A connection that ends before the turn stops it; so Ctrl+C does.

    Raises:
        BrokenPipeError: the reader of the output has closed it.
        DaemonError: the daemon ended.
        StorageError: the output cannot be written.
    """
    decoder = msgspec.json.Decoder(events.AnyEvent)
    for line in daemon.stream(encoded(command)):
        event = understood(line, decoder)
        printer.handle(event)
        printer.check()
        if isinstance(event, events.Idle):
            return


def _alone(command: Ask | Retry, printer: Printer, settings: Settings) -> None:
    from voice_assistant.runtime import without_daemon

    with own_stderr():
        logs.start("error")
        turn = without_daemon.ask_alone(settings, command, printer.handle, warn)
        interruption.run(printer.follow(turn))
