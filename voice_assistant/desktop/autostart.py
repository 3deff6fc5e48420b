"""Starting when the user logs in, if that is wanted.

A file alone says so, which the desktop's own settings, other processes and the user change, too.
"""

from __future__ import annotations

import logging
import os
import plistlib
import sys
from pathlib import Path
from typing import Protocol
from xml.parsers.expat import ExpatError

import platformdirs

from voice_assistant.desktop import entry
from voice_assistant.desktop.own_files import put, take_away
from voice_assistant.errors import DeviceError, StorageError

log = logging.getLogger(__name__)

OFF = f"[{entry.GROUP}]\nType=Application\nName={entry.NAME}\nHidden=true\n".encode()


class Autostart(Protocol):
    """What starts programs when the user logs in."""

    @property
    def file(self) -> Path:
        """Where the user's own wish is written down."""
        ...

    @property
    def on(self) -> bool:
        """Whether the assistant is started."""
        ...

    @property
    def is_left_behind(self) -> bool:
        """Whether it starts an installation that is gone, or another one."""
        ...

    def switch(self, *, on: bool) -> None:
        """Have the assistant started, this very installation, or not.

        Raises:
            StorageError: the file cannot be written or removed.
        """
        ...


def of_this_platform(platform: str = sys.platform) -> Autostart:
    """How programs are started at login here.

    Raises:
        DeviceError: there is none.
    """
    if platform == "win32":
        raise DeviceError("Starting at login is not provided for on Windows")
    return LaunchAgent() if platform == "darwin" else Session()


def keep(login: Autostart) -> None:
    """See that a login starts this installation, if any; the log has what fails."""
    try:
        if login.on and login.is_left_behind:
            login.switch(on=True)
            log.info("a login starts this installation from now on")
    except StorageError as error:
        log.warning("a login starts another installation: %s", error)


class Session:
    """A session as freedesktop.org describes it, on Linux and wherever else it is found.

    https://specifications.freedesktop.org/autostart-spec/latest/
    """

    @property
    def file(self) -> Path:
        """The user's own entry; it stands before the system's of the same name."""
        return platformdirs.user_config_path() / "autostart" / entry.FILE

    @property
    def on(self) -> bool:
        """Whether there is an entry, and in force."""
        return entry.starts_at_login(self._keys())

    @property
    def is_left_behind(self) -> bool:
        """Whether the entry is ours, and starts another installation."""
        return entry.starts_another(self._keys())

    def switch(self, *, on: bool) -> None:
        """Write the entry, or remove it; what the system starts has to be hidden."""
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
                return entry.keys_in(os.fsdecode(file.read_bytes()))
            except OSError:
                continue
        return {}


class LaunchAgent:
    """macOS: a file that launchd reads at login, see launchd.plist(5). Not tried on a Mac so far.

    What the user switches off in the system's settings since macOS 13 stays off; it cannot be seen
    from here.
    """

    @property
    def file(self) -> Path:
        """The agent."""
        return Path.home() / "Library" / "LaunchAgents" / f"{entry.APP_ID}.plist"

    @property
    def on(self) -> bool:
        """Whether there is an agent that runs at login."""
        return self._agent().get("RunAtLoad") is True

    @property
    def is_left_behind(self) -> bool:
        """Whether the agent starts another installation."""
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
            # launchd's own leads to no Homebrew, and so to no voice.
            "EnvironmentVariables": {"PATH": os.environ.get("PATH", os.defpath)},
        }
        put(self.file, plistlib.dumps(agent))

    def _agent(self) -> dict[str, object]:
        try:
            agent = plistlib.loads(self.file.read_bytes())
        except (OSError, ValueError, ExpatError):
            return {}
        return agent if isinstance(agent, dict) else {}
