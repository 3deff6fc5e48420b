"""Starts the assistant when the user logs in, if the user wants that.

The wish is kept only in a file that the desktop's own settings, other processes and the user also
change.
"""

from __future__ import annotations

import logging
import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Protocol
from xml.parsers.expat import ExpatError

import platformdirs

from voice_assistant.desktop import entry
from voice_assistant.desktop.own_files import put, take_away
from voice_assistant.errors import StorageError
from voice_assistant.system import plain_files

log = logging.getLogger(__name__)

OFF = f"[{entry.GROUP}]\nType=Application\nName={entry.NAME}\nHidden=true\n".encode()


class Autostart(Protocol):
    """The platform's way to start programs when the user logs in."""

    @property
    def file(self) -> Path:
        """Return the file that holds the user's wish."""
        ...

    @property
    def on(self) -> bool:
        """Return whether a login starts the assistant."""
        ...

    @property
    def is_left_behind(self) -> bool:
        """Return whether a login starts another installation, or one that is gone."""
        ...

    def switch(self, *, on: bool) -> None:
        """Let a login start this installation (`on`), or nothing.

        Raises:
            StorageError: the file cannot be written or removed.
        """
        ...


def of_this_platform(platform: str = sys.platform) -> Autostart:
    """Return this platform's way to start programs at login."""
    if platform == "win32":
        return StartupFolder()
    return LaunchAgent() if platform == "darwin" else Session()


def keep(login: Autostart) -> None:
    """If a login starts the assistant, ensure that it starts this installation; log a failure."""
    try:
        if login.on and login.is_left_behind:
            login.switch(on=True)
            log.info("a login starts this installation from now on")
    except StorageError as error:
        log.warning("a login starts another installation: %s", error)


class Session:
    """A session as freedesktop.org describes it, on Linux and other systems.

    https://specifications.freedesktop.org/autostart-spec/latest/
    """

    @property
    def file(self) -> Path:
        """Return the user's own entry; it overrides the system's entry of the same name."""
        return platformdirs.user_config_path() / "autostart" / entry.FILE

    @property
    def on(self) -> bool:
        """Return whether there is an entry, and it is in force."""
        return entry.starts_at_login(self._keys())

    @property
    def is_left_behind(self) -> bool:
        """Return whether the entry is ours, and starts another installation."""
        return entry.starts_another(self._keys())

    def switch(self, *, on: bool) -> None:
        """Write the entry, or remove it; an entry of the system's own is hidden by ours."""
        if on:
            put(self.file, os.fsencode(entry.login_entry()))
            return
        take_away(self.file)
        if self.on:
            put(self.file, OFF)

    def _keys(self) -> dict[str, str]:
        folders = platformdirs.site_config_dir(multipath=True).split(os.pathsep)
        for file in (self.file, *(Path(folder, "autostart", entry.FILE) for folder in folders)):
            try:
                return entry.keys_in(os.fsdecode(plain_files.read(file)))
            except OSError:
                continue
        return {}


class LaunchAgent:
    """macOS: a file that launchd reads at login, see launchd.plist(5). Not tried on a Mac so far.

    Since macOS 13 the user can switch the agent off in the system's settings. It then stays off,
    and this class cannot see that.
    """

    @property
    def file(self) -> Path:
        """Return the agent's file."""
        return Path.home() / "Library" / "LaunchAgents" / f"{entry.APP_ID}.plist"

    @property
    def on(self) -> bool:
        """Return whether there is an agent that runs at login."""
        return self._agent().get("RunAtLoad") is True

    @property
    def is_left_behind(self) -> bool:
        """Return whether the agent starts another installation."""
        return self._agent().get("ProgramArguments") != list(entry.command("run"))

    def switch(self, *, on: bool) -> None:
        """Write the agent, or remove it."""
        if not on:
            take_away(self.file)
            return
        agent = {
            "Label": entry.APP_ID,
            "ProgramArguments": list(entry.command("run")),
            "RunAtLoad": True,
            "ProcessType": "Interactive",  # launchd slows other kinds down, and sound would stumble
            # launchd's own PATH lacks Homebrew, and so the voices installed by it.
            "EnvironmentVariables": {"PATH": os.environ.get("PATH", os.defpath)},
        }
        put(self.file, plistlib.dumps(agent))

    def _agent(self) -> dict[str, object]:
        try:
            agent = plistlib.loads(self.file.read_bytes())
        except (OSError, ValueError, ExpatError):
            return {}
        return agent if isinstance(agent, dict) else {}


class StartupFolder:
    """Windows: a command file in the folder whose files are run at login.

    https://learn.microsoft.com/windows/win32/shell/csidl, CSIDL_STARTUP
    """

    @property
    def file(self) -> Path:
        """Return the command file."""
        data = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        menu = data / "Microsoft" / "Windows" / "Start Menu"
        return menu / "Programs" / "Startup" / "voice-assistant.cmd"

    @property
    def on(self) -> bool:
        """Return whether there is a command file that starts the assistant."""
        return b"voice_assistant" in self._written()

    @property
    def is_left_behind(self) -> bool:
        """Return whether the command file starts another installation."""
        return self._written().strip() != self._content().strip()

    def switch(self, *, on: bool) -> None:
        """Write the command file, or remove it."""
        if on:
            put(self.file, self._content())
        else:
            take_away(self.file)

    def _written(self) -> bytes:
        try:
            return self.file.read_bytes()
        except OSError:
            return b""

    def _content(self) -> bytes:
        """Return a file that starts the assistant and ends: no terminal stays open.

        Its first line lets the second one be read as UTF-8: a path may have any letters.
        """
        command = subprocess.list2cmdline(entry.command("run")).replace("%", "%%")
        return f'@chcp 65001 >nul\r\n@start "" /min {command}\r\n'.encode()
