"""One program of the desktop: started, watched, stopped by its own process id."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from bench.waiting import wait_for

# What to install on Debian and Ubuntu when a program is missing.
PACKAGES = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
    "pactl": "pulseaudio-utils",
    "paplay": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "xprop": "x11-utils",
    "xsetroot": "x11-xserver-utils",
}


class MissingProgramError(RuntimeError):
    """A test needs a program that this system does not have."""


def find_program(name: str, *more_folders: str) -> str:
    """Where a program is.

    Raises:
        MissingProgramError: nowhere; the message names the package to install.
    """
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", *more_folders])
    found = shutil.which(name, path=path)
    if found is None:
        package = PACKAGES.get(name, name)
        raise MissingProgramError(
            f"{name} is missing: install the package {package} (packaging/test.sh does)"
        )
    return found


class Program:
    """A program that runs until it is stopped, as leader of its own process group.

    A subclass says which program (`command`) and how one sees that it works (`works`).

    Args:
        folder: The desktop's folder: logs, sockets, settings.
        env: The desktop's environment; shared by all its programs, each adds what others need.
    """

    name = ""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.env = env
        self.log_file = folder / "log" / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """The command line; writes the settings it needs."""
        raise NotImplementedError

    def works(self) -> bool:
        """Whether the program does its work by now."""
        return True

    @property
    def pid(self) -> int:
        """Its process id.

        Raises:
            AssertionError: it was never started, or was stopped.
        """
        assert self._process is not None, f"{self.name} was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it works."""
        self._spawn(self.command())
        self.wait_until_it_works()

    def wait_until_it_works(self) -> None:
        """Wait for `works`.

        Raises:
            AssertionError: it ended or never worked; the message has the end of its log.
        """
        try:
            wait_for(lambda: not self.running or self.works(), f"{self.name} works")
            assert self.running, f"{self.name} ended by itself"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()[-2000:]}") from error

    def stop(self) -> None:
        """End it politely, then by force; with everything in its process group."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Let it crash."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Let it hang: it lives, but answers nothing until `thaw`."""
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after `freeze`."""
        os.killpg(self.pid, signal.SIGCONT)

    def log(self) -> str:
        """What it has printed so far, over all its starts."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def _spawn(
        self, command: list[str], pass_fds: tuple[int, ...] = (), env: dict[str, str] | None = None
    ) -> None:
        assert not self.running, f"{self.name} runs already"
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=self.env if env is None else env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=pass_fds,
                start_new_session=True,
            )

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _signal_group(process, how)
        _signal_group(process, signal.SIGCONT)  # a frozen program hears it only now
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
        _signal_group(process, signal.SIGKILL)  # what did not listen, and what it had started
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def processes_with(variable: str, value: str) -> list[int]:
    """The processes, other than this one, that were started with `variable=value`."""
    wanted = f"{variable}={value}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        if pid == os.getpid():
            continue
        try:
            environ = (folder / "environ").read_bytes()
        except OSError:  # gone meanwhile, or another user's
            continue
        if wanted in environ.split(b"\0"):
            found.append(pid)
    return found
