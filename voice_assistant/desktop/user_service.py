"""The assistant as a service of the user's systemd, which starts it again after a failure."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import platformdirs

from voice_assistant.desktop.entry import COMMENT, command
from voice_assistant.desktop.own_files import put, take_away
from voice_assistant.errors import AlreadyRunning, ConfigError, DeviceError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

NAME = "voice-assistant.service"
WATCHDOG_S = 60
CONTROL_S = 30.0


def file() -> Path:
    """Return the unit's file."""
    return platformdirs.user_config_path() / "systemd" / "user" / NAME


def unit() -> str:
    """Return the unit: it lives as long as the graphical session does."""
    in_vain = f"{AlreadyRunning.exit_code} {ConfigError.exit_code}"
    return (
        "# Written by voice-assistant; `voice-assistant service off` takes it away.\n"
        f"[Unit]\nDescription={COMMENT}\n"
        "PartOf=graphical-session.target\nAfter=graphical-session.target\n\n"
        "[Service]\nType=notify\n"
        f"ExecStart={' '.join(map(_quoted, command('run')))}\n"
        f"Restart=on-failure\nRestartPreventExitStatus={in_vain}\n"
        f"WatchdogSec={WATCHDOG_S}\nTimeoutStopSec={CONTROL_S:.0f}\n\n"
        "[Install]\nWantedBy=graphical-session.target\n"
    )


def switch(*, on: bool) -> None:
    """Let the user's systemd run this installation now and at each login (`on`), or not.

    Raises:
        DeviceError: there is no systemd for this user, or it refuses.
        StorageError: the unit cannot be written or removed.
    """
    if on:
        put(file(), unit().encode())
        _control("daemon-reload")
        _control("enable", "--now", NAME)
    elif file().exists():
        _control("disable", "--now", NAME)
        take_away(file())
        _control("daemon-reload")


def _control(*arguments: str) -> None:
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        raise DeviceError(_("There is no systemd here"), _("Use `voice-assistant autostart on`."))
    done = subprocess.run(
        [systemctl, "--user", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=CONTROL_S,
        check=False,
    )
    if done.returncode:
        first, _newline, _rest = done.stderr.strip().partition("\n")
        raise DeviceError(
            _(
                "systemd refuses to {action} the service: {reason}",
                action=arguments[0],
                reason=first.rstrip("."),
            ),
            _("`voice-assistant autostart on` works without systemd."),
        )


def _quoted(word: str) -> str:
    """Return one word of ExecStart; see "Command lines" in systemd.service(5)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
