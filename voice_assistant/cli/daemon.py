"""`run`: the daemon, from its start to its end."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from voice_assistant.cli.terminal.output import own_stderr, warn
from voice_assistant.errors import (
    AlreadyRunning,
    AssistantError,
    StorageError,
)
from voice_assistant.settings import loading, schema
from voice_assistant.system import logs, paths, temporary
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path


def run() -> int:
    """Run the assistant in the foreground until a command ends it; return the exit status."""
    from voice_assistant.desktop import hotkey
    from voice_assistant.desktop.face import show_once
    from voice_assistant.runtime import daemon
    from voice_assistant.runtime.process.crash import crash_kept
    from voice_assistant.runtime.process.daemon_lock import hand_on, only_daemon

    settings = checked_settings()
    try:
        with only_daemon() as lock:
            with own_stderr():
                temporary.sweep()
                place = _start_log(settings.log.level)
                with crash_kept():
                    end = daemon.run(settings, warn, lambda how: _greet(how, place))
            if end is daemon.End.ANEW and sys.platform != "win32":
                hand_on(lock)
                os.execv(sys.executable, sys.orig_argv)  # noqa: S606  (this very program, no shell)
        if end is daemon.End.ANEW:  # an `exec` of Windows starts another process, too
            subprocess.Popen(sys.orig_argv)
    except AlreadyRunning as error:
        if not sys.stderr.isatty():  # for example, the user chose the assistant in a menu
            show_once(error.title, hotkey.how_to_talk(settings.hotkey))
        raise
    except ExceptionGroup as group:
        raise _first(group) from group
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
