"""A desktop of real programs, and what a person does at it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import soundfile

from bench.parts import DATA, Bus, Display, Dunst, Panel, Sound, Windows, Xfce4Notifyd
from bench.program import Program, find_program
from bench.sounds import RATE_HZ, Pcm
from bench.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of the surrounding environment, programs on the desktop see only these.
KEPT = (
    *("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE", "USER", "LOGNAME"),
    "VOICE_ASSISTANT_MODELS",
)
KEPT_PREFIXES = ("COVERAGE_", "COV_CORE_", "PYTEST_")


class Shown(NamedTuple):
    """A notification as dunst showed it; one that was updated appears once per update."""

    id: int
    summary: str
    body: str


class Capture:
    """What the speaker plays while one listens: 16 kHz, mono."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def pcm(self) -> Pcm:
        """Everything heard so far."""
        data = self._file.read_bytes()
        return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")

    @property
    def loud_s(self) -> float:
        """Seconds, in steps of 20 ms, in which anything was to be heard."""
        pcm = self.pcm
        size = RATE_HZ // 50
        steps = pcm[: len(pcm) // size * size].reshape(-1, size)
        return float(np.count_nonzero(np.abs(steps.astype(np.int32)).max(axis=1) > 100) * 0.02)

    def save(self, wav: Path) -> Path:
        """Write it as a WAV file."""
        soundfile.write(wav, self.pcm, RATE_HZ, subtype="PCM_16")
        return wav


class Desktop:
    """A private desktop: own display, bus, sound server, home; nothing of it outlives `stop`.

    Args:
        display: Have an X server (panel, windows and notifications need one).
        bus: Have a session bus (panel and notifications need one).
        sound: Have a sound server.
        windows: Have a window manager.
        panel: Have a panel with a tray.
        notifications: `dunst`, `xfce4-notifyd` or, for no notification daemon, an empty text.
        activates: The services the bus may start by itself; none: `()`.
        sound_server: Which one; `PipeWire` needs a bus.

    Attributes:
        env: The environment for programs on the desktop, as in `subprocess.run(..., env=...)`.
        folder: Where all its files are; removed at the end.
    """

    def __init__(
        self,
        *,
        display: bool = True,
        bus: bool = True,
        sound: bool = True,
        windows: bool = True,
        panel: bool = True,
        notifications: str = "dunst",
        activates: tuple[str, ...] = Bus.activates,
        sound_server: type[Sound] = Sound,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-"))  # short: socket names may have 107 B
        self.env = _environment(self.folder)
        self.display = Display(self.folder, self.env)
        self.bus = Bus(self.folder, self.env)
        self.bus.activates = activates
        self.sound = sound_server(self.folder, self.env)
        self.windows = Windows(self.folder, self.env)
        self.panel = Panel(self.folder, self.env)
        daemon = Xfce4Notifyd if notifications == Xfce4Notifyd.name else Dunst
        self.notifications = daemon(self.folder, self.env)
        wanted = [
            (self.display, display),  # before the bus: what the bus starts needs DISPLAY
            (self.bus, bus),
            (self.sound, sound),
            (self.windows, display and windows),
            (self.panel, display and bus and panel),
            (self.notifications, display and bus and bool(notifications)),
        ]
        self._reaper: subprocess.Popen[bytes] | None = None
        self.parts: list[Program] = [part for part, want in wanted if want]

    def __enter__(self) -> Self:
        """Start it."""
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def start(self) -> None:
        """Start every part that does not run, and wait until it works."""
        if self._reaper is None:
            self._reaper = subprocess.Popen(
                ["/bin/sh", DATA / "reap", self.folder],
                env={"PATH": os.defpath},
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
        for part in self.parts:
            if not part.running:
                part.start()

    def stop(self) -> None:
        """End every part and everything that was started with `env`; remove the files."""
        for part in reversed(self.parts):
            part.stop()
        if self._reaper is not None:
            self._reaper.communicate()
            self._reaper = None

    @contextmanager
    def active(self) -> Iterator[Self]:
        """Let this very process live on the desktop: puts `env` into `os.environ` for a while.

        PortAudio reads `ALSA_CONFIG_PATH` and lists the devices when it is initialised: if
        `sounddevice` was imported before, that is done anew here, on entering and on leaving.
        Streams must be closed before leaving.
        """
        before = dict(os.environ)
        _replace_environment({**_without_desktop(before), **self.env})
        _initialise_sounddevice()
        try:
            yield self
        finally:
            _replace_environment(before)
            _initialise_sounddevice()

    def run(self, *command: str, timeout_s: float = 30.0) -> str:
        """Run a program on the desktop to its end; what it printed.

        Raises:
            AssertionError: it failed; the message has what it said.
        """
        result = subprocess.run(
            [find_program(command[0]), *command[1:]],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert result.returncode == 0, f"{command} ended with {result.returncode}: {result.stderr}"
        return result.stdout

    def xdotool(self, *arguments: str) -> str:
        """Press keys, move the mouse, find windows."""
        return self.run("xdotool", *arguments)

    @contextmanager
    def holding(self, key: str) -> Iterator[None]:
        """Hold a key down: `with desktop.holding("F9"): ...`."""
        self.xdotool("keydown", key)
        try:
            yield
        finally:
            self.xdotool("keyup", key)

    def screenshot(self, png: Path) -> Path:
        """What the screen shows."""
        self.run("scrot", "--overwrite", "--silent", str(png))
        return png

    def speak_into_microphone(self, wav: Path) -> None:
        """Play a file into the microphone; returns when all of it was said."""
        self.run("paplay", f"--device={Sound.mouth}", str(wav), timeout_s=120)

    @contextmanager
    def listen(self, device: str = f"{Sound.speaker}.monitor") -> Iterator[Capture]:
        """Hear what the speaker plays, from now until the end of the block and after it.

        Args:
            device: What to hear; `Sound.microphone` for what the assistant hears.
        """
        descriptor, name = tempfile.mkstemp(suffix=".pcm", dir=self.folder)
        os.close(descriptor)
        file = Path(name)
        argv = [find_program("parec"), f"--device={device}", "--raw", "--format=s16le"]
        argv += [f"--rate={RATE_HZ}", *self.sound.one_channel, "--latency-msec=20", str(file)]
        with subprocess.Popen(argv, env=self.env) as ears:
            try:
                wait_for(lambda: file.stat().st_size, f"something comes from {device}")
                yield Capture(file)
            finally:
                ears.terminate()

    def notified(self) -> list[Shown]:
        """The notifications dunst has shown so far, in order."""
        assert isinstance(self.notifications, Dunst), "only dunst writes down what it shows"
        file = self.notifications.shown_file
        entries = file.read_text().split("\036")[:-1] if file.exists() else []
        return [
            Shown(int(id_), summary, body)
            for id_, summary, body in (entry.split("\037") for entry in entries)
        ]

    def act_on_notification(self, position: int = 0) -> None:
        """Choose the default action of a notification that dunst shows; 0 is the newest."""
        self.run("dunstctl", "action", str(position))

    def close_notifications(self) -> None:
        """Dismiss what dunst shows."""
        self.run("dunstctl", "close-all")


def _environment(folder: Path) -> dict[str, str]:
    home = folder / "home"
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local/share",
        "XDG_STATE_HOME": home / ".local/state",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_RUNTIME_DIR": folder / "run",
    }
    for path in (*folders.values(), folder / "log"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in KEPT or key.startswith(KEPT_PREFIXES)
    }
    return {
        **kept,
        **{name: str(path) for name, path in folders.items()},
        "BENCH": str(folder),  # known by this, everything started here is found at the end
        "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
        "XDG_SESSION_TYPE": "x11",
        "XDG_CURRENT_DESKTOP": "XFCE",
        "GSETTINGS_BACKEND": "memory",
    }


def _without_desktop(env: dict[str, str]) -> dict[str, str]:
    """An environment without any display, bus or sound server."""
    gone = (
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "DBUS_SESSION_BUS_ADDRESS",
        "ALSA_CONFIG_PATH",
    )
    return {k: v for k, v in env.items() if k not in gone and not k.startswith("PULSE_")}


def _replace_environment(env: dict[str, str]) -> None:
    for key in set(os.environ) - set(env):
        del os.environ[key]
    os.environ.update(env)


def _initialise_sounddevice() -> None:
    sounddevice = sys.modules.get("sounddevice")
    if sounddevice is not None:
        sounddevice._terminate()
        sounddevice._initialize()
