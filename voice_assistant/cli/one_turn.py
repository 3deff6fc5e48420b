"""Runs one turn from the command line: in the running daemon, or without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.cli import interruption
from voice_assistant.cli.control import Control, understood
from voice_assistant.cli.printing import Printer
from voice_assistant.cli.terminal import own_stderr, warn
from voice_assistant.errors import NotRunning
from voice_assistant.settings import loading
from voice_assistant.settings.sections.records import HistorySettings
from voice_assistant.status import Status
from voice_assistant.system import logs, paths
from voice_assistant.system.json_lines import encoded

if TYPE_CHECKING:
    from voice_assistant.commands import Ask, Retry
    from voice_assistant.settings.schema import Settings


def carry_out(
    command: Ask | Retry, *, as_json: bool, profile: str | None = None, plain: bool = False
) -> int:
    """Run a turn, in the daemon or without a daemon, show it, and return the exit status.

    The daemon's turns all belong to the profile in use, so another one answers without the daemon.
    """
    interruption.listen()
    printer = Printer(as_json=as_json, plain=plain)
    try:
        daemon = Control()
    except NotRunning:
        _alone(command, printer, loading.load(paths.config_file(), profile=profile))
    else:
        with daemon:
            if profile is None:
                _through_daemon(daemon, command, printer)
            else:
                settings = loading.load(paths.config_file(), profile=profile)
                _alone(command, printer, _as_private_as(daemon, settings))
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


def _as_private_as(daemon: Control, settings: Settings) -> Settings:
    """Return the settings without a record, if the daemon is off the record."""
    status = understood(daemon.request(b'{"command":"status"}'), msgspec.json.Decoder(Status))
    if not status.off_the_record:
        return settings
    return msgspec.structs.replace(settings, history=HistorySettings(enabled=False))


def _alone(command: Ask | Retry, printer: Printer, settings: Settings) -> None:
    from voice_assistant.runtime import without_daemon

    with own_stderr():
        logs.start("error")
        turn = without_daemon.ask_alone(settings, command, printer.handle, warn)
        interruption.run(printer.follow(turn))
