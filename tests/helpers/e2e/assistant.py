"""The assistant as its user has it: the installed command, on a desktop."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench.program import find_program, processes_with
from bench.sounds import contains, flite, load
from bench.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bench import Desktop
    from bench.desktop import Capture

NO_SOUNDS = """
[sounds]
enabled = false
"""
NO_FACE = """
[tray]
enabled = false

[notifications]
enabled = false
"""
"""Settings of an assistant of which nothing is to be seen."""

CLICK = Path(__file__).parent.parent / "desktop" / "click_by_name.py"
SUM = "what is twelve times seven"
SUM_HEARD = "What is twelve times seven?"
SUM_ANSWER = "12 times 7 is 84."
FLITE = '\n[embedded]\nengine = "flite"\n'
"""Settings for a voice that tests recognise: `bench.sounds.flite` says the same."""

PATIENCE_S = 10.0
"""How long the command line waits for the daemon's answer."""
COMMAND = str(Path(sys.executable).with_name("voice-assistant"))


def command(
    *arguments: str, env: Mapping[str, str], timeout_s: float = 60.0, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=dict(env),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def events(printed: str) -> list[dict[str, Any]]:
    """Return the events that `--json` printed."""
    return [json.loads(line) for line in printed.splitlines()]


class Assistant:
    """A running daemon.

    Args:
        desktop: where it lives.
        config: its settings file.
        env: more of the environment.
    """

    def __init__(self, desktop: Desktop, config: str = "", **env: str) -> None:
        self._desktop = desktop
        file = Path(desktop.env["XDG_CONFIG_HOME"]) / "voice-assistant" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        pinned = "" if "[embedded]" in config else FLITE
        file.write_text(config + pinned, encoding="utf-8")
        self.env = {**desktop.env, **env}
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.errors = (self._desktop.folder / "log" / "assistant.log").open("w+")
        self.process = subprocess.Popen(
            [COMMAND, "run"], env=self.env, stdout=subprocess.DEVNULL, stderr=self.errors, text=True
        )
        try:
            wait_for(self.status, "the assistant answers on its socket", 60.0)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process
        if self.process.poll() is None:
            self.tell("quit")
        try:
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()
            self.errors.close()

    def tell(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line while the daemon runs."""
        return command(*arguments, env=self.env)

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command line, and return at once; Ctrl+C reaches it wherever the tests run.

        A shell's background jobs ignore SIGINT, and so would all that they start.
        """
        return subprocess.Popen(
            [find_program("env"), "--default-signal=INT", COMMAND, *arguments],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def status(self) -> dict[str, Any] | None:
        """Return the daemon's status; None while there is no answer.

        Tests ask many times a second, so they ask on the socket: a start of the command line would
        take a whole processor.
        """
        assert self.process
        assert self.process.poll() is None, f"the assistant ended: {self.said()}"
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(PATIENCE_S)
            try:
                control.connect(f"{self.env['XDG_RUNTIME_DIR']}/voice-assistant/control.sock")
                control.sendall(b'{"command":"status"}\n')
                with control.makefile(encoding="utf-8") as answers:
                    answer = answers.readline()
            except OSError:
                return None
        return json.loads(answer) if answer else None

    def phase(self) -> str:
        """The phase that the tray icon shows."""
        status = self.status()
        return status["phase"] if status else ""

    def wait_for_phase(self, phase: str, timeout_s: float = 60.0) -> None:
        """Wait until the assistant is in that phase."""
        wait_for(lambda: self.phase() == phase, f"the assistant is {phase}", timeout_s)

    def wait_for_end_of(self, phase: str, timeout_s: float = 60.0) -> None:
        """Wait until the assistant has left that phase: what follows may be over in a blink."""
        wait_for(lambda: self.phase() != phase, f"the assistant is not {phase}", timeout_s)

    def wait_until_complete(self) -> dict[str, Any]:
        """Wait until nothing is missing any more; return the status."""

        def complete() -> dict[str, Any] | None:
            status = self.status()
            return status if status and not status["missing"] else None

        return wait_for(complete, "nothing is missing", 60.0)

    def said(self) -> str:
        """The text on standard error so far."""
        return Path(self.errors.name).read_text()

    def log(self) -> str:
        """The text of its log."""
        file = Path(self.env["XDG_STATE_HOME"]) / "voice-assistant" / "daemon.log"
        return file.read_text() if file.exists() else ""

    def processes(self) -> list[int]:
        """Return all processes of this desktop."""
        return processes_with("BENCH", self.env["BENCH"])


@contextmanager
def held(desktop: Desktop, keys: tuple[str, ...] = ("ctrl", "alt", "space")) -> Iterator[None]:
    """Hold a chord down, as fingers do: modifiers first, and last up."""
    for key in keys:
        desktop.xdotool("keydown", key)
    try:
        yield
    finally:
        for key in reversed(keys):
            desktop.xdotool("keyup", key)


@contextmanager
def saying(desktop: Desktop, assistant: Assistant, words: str = SUM) -> Iterator[None]:
    """Hold the key down and speak; the block runs before the key comes up."""
    with held(desktop):
        assistant.wait_for_phase("listening")
        desktop.speak_into_microphone(flite(words))
        yield


def ask_aloud(desktop: Desktop, assistant: Assistant, words: str = SUM) -> None:
    """Hold the key down and speak."""
    with saying(desktop, assistant, words):
        pass


@contextmanager
def aloud(desktop: Desktop) -> Iterator[None]:
    """Let the loudspeaker play into the microphone."""
    sound = desktop.sound
    module = sound.pactl(
        *("load-module", "module-loopback", "latency_msec=30"),
        *(f"source={sound.speaker}.monitor", f"sink={sound.mouth}"),
    ).strip()
    try:
        yield
    finally:
        sound.pactl("unload-module", module)


def answered_aloud(heard: Capture, words: str = SUM_ANSWER) -> None:
    """Wait until the loudspeaker speaks these words."""
    wait_for(lambda: contains(heard.pcm, load(flite(words))), f"{words} is heard", 60)


def click(desktop: Desktop, label: str) -> None:
    """Click on the button with this label, wherever it is on the screen."""
    desktop.run("/usr/bin/python3", str(CLICK), label, timeout_s=60)


def of_tray(desktop: Desktop, assistant: Assistant, path: str, member: str, *values: str) -> str:
    """Return the tray icon's answer to a call, as `dbus-send` prints it."""
    assert assistant.process
    name = f"--dest=org.kde.StatusNotifierItem-{assistant.process.pid}-1"
    return desktop.run("dbus-send", "--session", "--print-reply", name, path, member, *values)


def icon_in_words(desktop: Desktop, assistant: Assistant) -> str:
    """Return the tooltip of the tray icon, as the panel reads it."""
    return of_tray(
        *(desktop, assistant, "/StatusNotifierItem", "org.freedesktop.DBus.Properties.Get"),
        *("string:org.kde.StatusNotifierItem", "string:ToolTip"),
    )


def menu(desktop: Desktop, assistant: Assistant) -> str:
    """Return the menu of the tray icon, as the panel reads it, without the marks of access keys."""
    layout = of_tray(
        *(desktop, assistant, "/MenuBar", "com.canonical.dbusmenu.GetLayout"),
        *("int32:0", "int32:-1", "array:string:label"),
    )
    return layout.replace("_", "")


class Notified:
    """Records from the bus what is sent to the notification daemon, whichever it is."""

    def __init__(self, desktop: Desktop) -> None:
        self._file = desktop.folder / "notified.txt"
        self._desktop = desktop

    def __enter__(self) -> Self:
        rule = "interface=org.freedesktop.Notifications,member=Notify"
        with self._file.open("w") as file:
            self._monitor = subprocess.Popen(
                [find_program("dbus-monitor"), "--session", rule],
                env=self._desktop.env,
                stdout=file,
            )
        wait_for(self.text, "the bus is heard")
        return self

    def __exit__(self, *_: object) -> None:
        self._monitor.terminate()
        self._monitor.wait(10)

    def text(self) -> str:
        """Return all notifications so far."""
        return self._file.read_text()

    def strings(self) -> list[str]:
        """Titles, bodies and labels so far, in order."""
        return re.findall(r'^ +string "(.*)"$', self.text(), re.MULTILINE)
