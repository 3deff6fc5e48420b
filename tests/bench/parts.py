"""The programs a desktop is made of."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from bench.program import Program, find_program
from bench.waiting import wait_for

DATA = Path(__file__).parent / "data"


class Display(Program):
    """An X server without a screen, with an access cookie of its own."""

    name = "Xvfb"
    size = "1280x800"

    def start(self) -> None:
        """Start X; it picks a free number by itself and keeps it when started again."""
        authority = self.folder / "run" / "Xauthority"
        cookie = secrets.token_hex(16)
        server_authority = self.folder / "run" / "Xauthority.server"
        self._allow(server_authority, ":0", cookie)  # the server minds the cookie, not the number
        read, write = os.pipe()
        command = [*self.command(), "-displayfd", str(write), "-auth", str(server_authority)]
        with os.fdopen(read) as answer:
            try:
                self._spawn(command, pass_fds=(write,))
            finally:
                os.close(write)
            number = answer.readline().strip()
        assert number, f"Xvfb did not start\n{self.log()[-2000:]}"
        self._allow(authority, f":{number}", cookie)
        self.env.update(DISPLAY=f":{number}", XAUTHORITY=str(authority))
        self.wait_until_it_works()

    def command(self) -> list[str]:
        options = ["-screen", "0", f"{self.size}x24", "-nolisten", "tcp", "-noreset", "-dpi", "96"]
        known = [self.env["DISPLAY"]] if "DISPLAY" in self.env else []
        return [find_program("Xvfb"), *known, *options]

    def works(self) -> bool:
        return _succeeds([find_program("xprop"), "-root", "_NET_SUPPORTED"], self.env)

    def _allow(self, file: Path, display: str, cookie: str) -> None:
        # By standard input: a command line is for everybody to read.
        subprocess.run(
            [find_program("xauth"), "-q", "-f", file, "source", "-"],
            input=f"add {display} . {cookie}\n".encode(),
            env=self.env,
            check=True,
            capture_output=True,
        )


class Bus(Program):
    """A session bus that starts no service by itself but those in `activates`."""

    name = "dbus-daemon"
    # The panel keeps its settings in xfconfd; programs are clicked by name over the second one.
    activates: tuple[str, ...] = ("org.xfce.Xfconf", "org.a11y.Bus")

    def command(self) -> list[str]:
        socket = self.folder / "run" / "bus"
        socket.unlink(missing_ok=True)
        services = self.folder / "services"
        services.mkdir(exist_ok=True)
        for service in self.activates:
            known = Path("/usr/share/dbus-1/services") / f"{service}.service"
            if known.exists():
                shutil.copy(known, services)
        settings = self.folder / "bus.conf"
        settings.write_text((DATA / "bus.conf").read_text().format(bus=socket, services=services))
        self.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
        return [
            find_program("dbus-daemon"),
            f"--config-file={settings}",
            "--nofork",
            "--nopidfile",
            "--nosyslog",
        ]

    def works(self) -> bool:
        return self.has("org.freedesktop.DBus")

    def has(self, service: str) -> bool:
        """Whether somebody owns the name `service`."""
        request = ["--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner"]
        argv = [find_program("dbus-send"), "--print-reply", *request, f"string:{service}"]
        return "boolean true" in _output(argv, self.env)


class Sound(Program):
    """A sound server: a speaker one can listen to, and a microphone one can speak into."""

    name = "pulseaudio"
    speaker = "bench_speaker"
    microphone = "bench_microphone"
    mouth = "bench_mouth"  # what is played into this sink comes out of the microphone
    one_channel: tuple[str, ...] = ("--channels=1",)  # for `parec`: as loud as each of two

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        super().__init__(folder, env)
        self._modules: dict[str, str] = {}

    def command(self) -> list[str]:
        run = self.folder / "run"
        socket = run / "pulse.socket"
        script = self.folder / "sound.pa"
        script.write_text((DATA / "sound.pa").read_text().format(socket=socket))
        alsa = self.folder / "asound.conf"
        shutil.copy(DATA / "asound.conf", alsa)
        self.env.update(
            PULSE_SERVER=f"unix:{socket}",
            PULSE_STATE_PATH=str(run / "pulse-state"),
            PULSE_RUNTIME_PATH=str(run / "pulse-run"),
            ALSA_CONFIG_PATH=str(alsa),
        )
        return [
            *(find_program("pulseaudio"), "-n", "--daemonize=no", "--use-pid-file=no"),
            # With shared memory libpulse may wait for itself for ever when the server is killed.
            *("--exit-idle-time=-1", "--high-priority=no", "--realtime=no", "--disable-shm=yes"),
            *("--log-target=stderr", "--log-level=notice", "-F", str(script)),
        ]

    def start(self) -> None:
        command = self.command()
        # A server that finds PULSE_SERVER set takes itself for a client of another one.
        env = {key: value for key, value in self.env.items() if key != "PULSE_SERVER"}
        self._spawn(command, env=env)
        self.wait_until_it_works()

    def works(self) -> bool:
        return f"\t{self.microphone}\t" in self.pactl("list", "short", "sources")

    def pactl(self, *arguments: str) -> str:
        """Ask or tell the sound server something: `pactl("set-source-mute", microphone, "1")`."""
        return _output([find_program("pactl"), *arguments], self.env)

    def plug(self, microphone: str, rate_hz: int = 48000, mouth: str = mouth) -> None:
        """Connect one more microphone, which hears what is played into the sink `mouth`."""
        module = self.pactl(
            "load-module",
            "module-remap-source",
            f"source_name={microphone}",
            f"master={mouth}.monitor",
            f"rate={rate_hz}",
            f"source_properties=device.description=Usb{microphone.title()}",
        )
        self._modules[microphone] = module.strip()

    def unplug(self, microphone: str) -> None:
        """Take away what `plug` has connected."""
        self.pactl("unload-module", self._modules.pop(microphone))

    def plug_speaker(self, speaker: str) -> None:
        """Connect one more speaker; the desktop listens to it at `<speaker>.monitor`."""
        self.pactl(
            "load-module",
            "module-null-sink",
            "norewinds=1",
            f"sink_name={speaker}",
            f"sink_properties=device.description=Usb{speaker.title()}",
        )

    def recorded(self) -> list[str]:
        """The sources that programs record from."""
        streams = json.loads(self.pactl("--format=json", "list", "source-outputs"))
        sources = json.loads(self.pactl("--format=json", "list", "sources"))
        names = {source["index"]: source["name"] for source in sources}
        return [
            names[stream["source"]]
            for stream in streams
            if stream["source"] in names  # one that is being opened has none yet
            and "application.process.id" in stream["properties"]  # the server's own have none
        ]


class PipeWire(Sound):
    """The other sound server, as desktops have it: PipeWire, WirePlumber, pipewire-pulse.

    WirePlumber wants a session bus. The modules of PulseAudio's that there are have the same names.
    """

    name = "pipewire"
    one_channel = ("--channels=1", "--channel-map=front-left")  # a mixture of both is louder

    def command(self) -> list[str]:
        super().command()
        self.env["PULSE_SERVER"] = f"unix:{self.env['PULSE_RUNTIME_PATH']}/native"
        for program in ("pipewire", "wireplumber", "pipewire-pulse"):
            find_program(program)
        Path(self.env["XDG_RUNTIME_DIR"], "pipewire-0").unlink(missing_ok=True)
        return ["/bin/sh", str(DATA / "pipewire")]

    def start(self) -> None:
        self._spawn(self.command())
        wait_for(lambda: "PipeWire" in self.pactl("info"), "PipeWire answers")
        for line in (DATA / "sound.pa").read_text().splitlines():
            if line.startswith(
                ("load-module module-null-sink", "load-module module-remap", "set-")
            ):
                self.pactl(*line.split())
        self.wait_until_it_works()


class AlsaPipeWire(PipeWire):
    """PipeWire, reached by ALSA's plugin for it, where the one for PulseAudio is not installed."""

    plugin = next(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pipewire.so"), None)

    def command(self) -> list[str]:
        command = super().command()
        alsa = Path(self.env["ALSA_CONFIG_PATH"])
        alsa.write_text(alsa.read_text().replace("type pulse", "type pipewire"))
        return command


class Windows(Program):
    """A window manager."""

    name = "openbox"

    def command(self) -> list[str]:
        return [find_program("openbox"), "--sm-disable"]

    def works(self) -> bool:
        argv = [find_program("xprop"), "-root", "_NET_SUPPORTING_WM_CHECK"]
        return "window id" in _output(argv, self.env)


class Panel(Program):
    """A panel whose tray shows StatusNotifier items."""

    name = "xfce4-panel"

    def command(self) -> list[str]:
        settings = Path(self.env["XDG_CONFIG_HOME"]) / "xfce4/xfconf/xfce-perchannel-xml"
        settings.mkdir(parents=True, exist_ok=True)
        shutil.copy(DATA / "xfce4-panel.xml", settings)
        return [find_program("xfce4-panel"), "--disable-wm-check"]

    def works(self) -> bool:
        return Bus(self.folder, self.env).has("org.kde.StatusNotifierWatcher")


class Notifications(Program):
    """A notification daemon; which one, its subclasses say."""

    def works(self) -> bool:
        return Bus(self.folder, self.env).has("org.freedesktop.Notifications")


class Dunst(Notifications):
    """A notification daemon that also writes down what it shows."""

    name = "dunst"

    @property
    def shown_file(self) -> Path:
        """Where its script writes what it shows."""
        return self.folder / "notifications"

    def command(self) -> list[str]:
        script = self.folder / "write-down-notification"
        shutil.copy(DATA / "write-down-notification", script)
        script.chmod(0o700)
        settings = self.folder / "dunstrc"
        settings.write_text((DATA / "dunstrc").read_text().format(script=script))
        return [find_program("dunst"), "-conf", str(settings)]


class Xfce4Notifyd(Notifications):
    """A notification daemon that shows many buttons, which can be clicked by name."""

    name = "xfce4-notifyd"

    def command(self) -> list[str]:
        folders = (str(path) for path in Path("/usr/lib").glob("*/xfce4/notifyd"))
        return [find_program("xfce4-notifyd", *folders, "/usr/lib/xfce4/notifyd")]


def _succeeds(command: list[str], env: dict[str, str]) -> bool:
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def _output(command: list[str], env: dict[str, str]) -> str:
    return subprocess.run(command, env=env, capture_output=True, check=False, text=True).stdout
