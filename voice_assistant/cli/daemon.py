"""The daemon's own commands: `run`, `status`, `serve`, `devices`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import msgspec

from voice_assistant.cli import signal
from voice_assistant.cli.control import Control, understood
from voice_assistant.cli.layout import columns
from voice_assistant.cli.terminal import own_stderr, show_json, warn
from voice_assistant.errors import (
    AlreadyRunning,
    AssistantError,
    ConfigError,
    StorageError,
)
from voice_assistant.events import PHASE_WORDS
from voice_assistant.settings import loading, schema
from voice_assistant.settings.sections import speech
from voice_assistant.system import logs, paths, temporary
from voice_assistant.system.own_command import typeable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.status import Status


FOLLOW_S = 0.2
"""Seconds between two looks at the status: a bar that is later than this looks slow."""


def run() -> int:
    """Run the assistant in the foreground until a command ends it; return the exit status."""
    from voice_assistant.desktop import hotkey
    from voice_assistant.desktop.face import show_once
    from voice_assistant.runtime import daemon
    from voice_assistant.runtime.daemon_lock import only_daemon

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


def status(*, as_json: bool, follow: bool) -> int:
    """Show the status of the running daemon, or (`follow`) each change of it until its end."""
    if follow:
        _follow()
    now = report()
    if as_json:
        show_json(now)
        return 0
    print(
        _(
            "{phase}, version {version}, process {pid}",
            phase=_(PHASE_WORDS[now.phase]),
            version=now.version,
            pid=now.pid,
        )
    )
    about = ", ".join(filter(None, (now.app, now.server_version)))
    answers = f"{now.backend} ({about})" if about else now.backend
    print(_("who answers: {name}", name=answers))
    if len(now.profiles) > 1:
        print(
            _("profile: {profile} (of {names})", profile=now.profile, names=", ".join(now.profiles))
        )
    print(_("conversation: {id}", id=now.conversation_id or _("a new one")))
    print(_("volume: {volume:g}, speed: {speed:g}", volume=now.volume * 100, speed=now.speed))
    modes = {
        _("conversation mode: on"): now.conversation_mode,
        _("waits for the words: {wake_phrase}", wake_phrase=now.wake_phrase): now.wake_word,
        _("slow speaker: on"): now.slow_speaker,
        _("microphone: switched off"): now.muted,
        _("microphone: always open"): now.microphone_open,
        _("history: off the record, nothing is kept"): now.off_the_record,
    }
    print(*(f"{line}\n" for line, so in modes.items() if so), sep="", end="")
    if now.level_dbfs is not None:
        from voice_assistant.audio.level import meter

        print(_("level: {meter}", meter=meter(now.level_dbfs, "#")))
    if latency := _latency():
        print(_("latency: {steps}", steps=latency))
    if now.timers:
        from voice_assistant.system import local_form
    for text, due in now.timers:
        print(f"{local_form.moment(due)}: {text}")
    for missing in now.missing:
        print(_("missing: {part}", part=typeable(missing)))
    if now.restart_for:
        print(_("after `voice-assistant restart`: {names}", names=", ".join(now.restart_for)))
    return 0


def _latency() -> str:
    """Return how quick the last turns were; "" without a record of them."""
    from voice_assistant.cli import latencies
    from voice_assistant.history.record_file import history_file
    from voice_assistant.history.store import Store

    if not history_file().exists():
        return ""
    try:
        with Store(history_file()) as store:
            return latencies.in_short(store.turns())
    except AssistantError:  # that is what `missing` tells
        return ""


def switch(command: str, *, on: bool | None) -> int:
    """Switch something of the running daemon on or off; None: the other way."""
    with Control() as daemon:
        daemon.order(msgspec.json.encode({"command": command, "on": on}))
    return 0


def _follow() -> NoReturn:
    """Print the status as JSON, and again at each change, until the daemon ends.

    The level of the microphone is left out: it changes all the time.

    Raises:
        DaemonError: the daemon does not run any more.
    """
    shown = None
    while True:
        now = msgspec.structs.replace(report(), level_dbfs=None)
        if now != shown:
            show_json(now)
            shown = now
        time.sleep(FOLLOW_S)


def volume(level: int | None) -> int:
    """Show or change the volume of the running daemon (0 to 100)."""
    if level is None:
        print(f"{report().volume * 100:g}")
        return 0
    if not 0 <= level <= 100:  # noqa: PLR2004  (percent)
        raise ConfigError(
            _("The volume cannot be {level}", level=level), _("It goes from 0 to 100.")
        )
    status = signal.send("volume", level=level / 100)
    print(_("Volume: {level}", level=level))
    return status


def speed(factor: float | None) -> int:
    """Show or change the speed of speech of the running daemon."""
    if factor is None:
        print(f"{report().speed:g}")
        return 0
    if not speech.SLOWEST <= factor <= speech.FASTEST:
        hint = _(
            "It goes from {least:g} to {most:g}; 1 is normal speed.",
            least=speech.SLOWEST,
            most=speech.FASTEST,
        )
        raise ConfigError(_("The speed cannot be {factor:g}", factor=factor), hint)
    status = signal.send("speed", factor=factor)
    print(_("Speed: {factor:g}", factor=factor))
    return status


def report() -> Status:
    """Return the status of the running daemon.

    Raises:
        DaemonError: no daemon runs, or it does not answer.
    """
    from voice_assistant.status import Status

    with Control() as daemon:
        return understood(daemon.request(b'{"command":"status"}'), msgspec.json.Decoder(Status))


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
