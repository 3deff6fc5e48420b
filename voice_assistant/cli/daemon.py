"""`run`, `serve` and `devices`, and the commands that change a running daemon."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.cli import signal, status
from voice_assistant.cli.control import Control
from voice_assistant.cli.terminal.layout import columns
from voice_assistant.cli.terminal.output import own_stderr, warn
from voice_assistant.errors import (
    AlreadyRunning,
    AssistantError,
    ConfigError,
    StorageError,
)
from voice_assistant.settings import loading, schema
from voice_assistant.settings.sections import speech
from voice_assistant.system import logs, paths, temporary
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path


def run() -> int:
    """Run the assistant in the foreground until a command ends it; return the exit status."""
    from voice_assistant.desktop import hotkey
    from voice_assistant.desktop.face import show_once
    from voice_assistant.runtime import daemon
    from voice_assistant.runtime.process.daemon_lock import only_daemon

    settings = checked_settings()
    try:
        with only_daemon(), own_stderr():
            temporary.sweep()
            place = _start_log(settings.log.level)
            end = daemon.run(settings, warn, lambda how: _greet(how, place))
    except AlreadyRunning as error:
        if not sys.stderr.isatty():  # for example, the user chose the assistant in a menu
            show_once(error.title, hotkey.how_to_talk(settings.hotkey))
        raise
    except ExceptionGroup as group:
        raise _first(group) from group
    if end is daemon.End.ANEW:
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606  (this very program, no shell)
    return 0


def _greet(how_to_talk: str, log_place: Path | str) -> None:
    with contextlib.suppress(StorageError, BrokenPipeError):  # the terminal may be closed already
        print(
            _(
                "The assistant runs. {how_to_talk} Log: {log_place}",
                how_to_talk=how_to_talk,
                log_place=log_place,
            ),
            flush=True,
        )


def checked_settings() -> schema.Settings:
    """Return the settings that the daemon starts with.

    Raises:
        ConfigError: a setting cannot be used.
    """
    from voice_assistant.desktop import hotkey

    settings = loading.load(paths.config_file())
    hotkey.chosen(settings.hotkey)
    return settings


def _start_log(level: str) -> Path | str:
    """Log to systemd's journal, to the user's file, or to the terminal; return the place."""
    if logs.reaches_journal():
        logs.start(level)
        return "journalctl --user -u voice-assistant"
    try:
        file = paths.state_dir() / "daemon.log"
        logs.start(level, file)
    except StorageError as error:
        warn(error.title, error.hint)
        logs.start(level)
        return _("here")
    return file


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """Return the first error for people among the errors of several tasks; if any is a bug, all."""
    told, bugs = group.split(AssistantError)
    if told is None or bugs is not None:
        return group
    error: Exception = told
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def switch(command: str, *, on: bool | None) -> int:
    """Switch something of the running daemon on or off; None: the other way."""
    with Control() as daemon:
        daemon.order(msgspec.json.encode({"command": command, "on": on}))
    return 0


def volume(level: int | None) -> int:
    """Show or change the volume of the running daemon (0 to 100)."""
    if level is None:
        print(f"{status.report().volume * 100:g}")
        return 0
    if not 0 <= level <= 100:  # noqa: PLR2004  (percent)
        raise ConfigError(
            _("The volume cannot be {level}", level=level), _("It goes from 0 to 100.")
        )
    sent = signal.send("volume", level=level / 100)
    print(_("Volume: {level}", level=level))
    return sent


def speed(factor: float | None) -> int:
    """Show or change the speed of speech of the running daemon."""
    if factor is None:
        print(f"{status.report().speed:g}")
        return 0
    if not speech.SLOWEST <= factor <= speech.FASTEST:
        hint = _(
            "It goes from {least:g} to {most:g}; 1 is normal speed.",
            least=speech.SLOWEST,
            most=speech.FASTEST,
        )
        raise ConfigError(_("The speed cannot be {factor:g}", factor=factor), hint)
    sent = signal.send("speed", factor=factor)
    print(_("Speed: {factor:g}", factor=factor))
    return sent


def devices() -> int:
    """List microphones and speakers."""
    from voice_assistant.sound import devices as found

    kinds = {"input": _("microphone"), "output": _("speaker")}
    width = max(map(columns, kinds.values()))
    for device in found.devices():
        kind = kinds[device.kind]
        blanks = " " * (width - columns(kind))
        print(f"{'*' if device.default else ' '} {kind}{blanks}  {device.name}")
    return 0


def serve(port: int) -> int:
    """Serve the embedded backend alone, until Ctrl+C."""
    from voice_assistant.backend.chat_access import chat_access
    from voice_assistant.server import standalone
    from voice_assistant.server.composition import Options

    settings = loading.load(paths.config_file())
    logs.start(settings.log.level)
    token_file = paths.data_dir() / "serve-token"
    access = asyncio.run(chat_access(settings.chat_model, paths.config_file()))
    options = Options(paths.data_dir() / "embedded", settings.embedded, access)

    def announce(url: str) -> None:
        print(
            _("Serving at {url}\nThe key is in {token_file}", url=url, token_file=token_file),
            flush=True,
        )

    standalone.serve(options, port, token_file, announce)
    return 0
