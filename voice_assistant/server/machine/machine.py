"""This machine, as skills read and change it: battery, memory, disk, volume, brightness."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path
from typing import NamedTuple

PROGRAM_S = 5.0
"""Seconds that a program of the system may take."""

VOLUME_PROGRAMS = {
    "pactl": {
        "read": ("get-sink-volume", "@DEFAULT_SINK@"),
        "set": ("set-sink-volume", "@DEFAULT_SINK@", "{percent}%"),
        "mute": ("set-sink-mute", "@DEFAULT_SINK@", "{muted}"),
    },
    "wpctl": {
        "read": ("get-volume", "@DEFAULT_AUDIO_SINK@"),
        "set": ("set-volume", "@DEFAULT_AUDIO_SINK@", "{percent}%"),
        "mute": ("set-mute", "@DEFAULT_AUDIO_SINK@", "{muted}"),
    },
}
"""The programs that PulseAudio and PipeWire bring, and their arguments."""

PERCENT = re.compile(r"(\d+)\s*%|Volume:\s*(\d+\.\d+)")
SET_BRIGHTNESS = (
    *("busctl", "call", "org.freedesktop.login1", "/org/freedesktop/login1/session/auto"),
    *("org.freedesktop.login1.Session", "SetBrightness", "ssu", "backlight"),
)
"""systemd lets the user of the session do this without a password.
https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html"""


class Unavailable(Exception):
    """This machine has no such part, or no program that could change it."""


class Battery(NamedTuple):
    """The state of a battery.

    Attributes:
        percent: how full it is.
        status: in the words of Linux: "Charging", "Discharging", "Full", "Not charging".
    """

    percent: int
    status: str


class Space(NamedTuple):
    """Memory or disk space, in bytes."""

    free: int
    total: int


class Machine:
    """This machine.

    Args:
        root: the root of the file system with `proc` and `sys`.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def battery(self) -> Battery:
        """Return the state of the first battery.

        Raises:
            Unavailable: there is no battery.
        """
        for supply in sorted(self._root.glob("sys/class/power_supply/BAT*")):
            capacity = _read(supply / "capacity")
            if capacity.isdigit():
                return Battery(int(capacity), _read(supply / "status"))
        raise Unavailable

    def memory(self) -> Space:
        """Return the memory that is free for programs.

        Raises:
            Unavailable: the system does not say.
        """
        rows = dict(re.findall(r"(\w+):\s+(\d+) kB", _read(self._root / "proc/meminfo")))
        try:
            return Space(int(rows["MemAvailable"]) * 1024, int(rows["MemTotal"]) * 1024)
        except KeyError as error:
            raise Unavailable from error

    def disk(self) -> Space:
        """Return the space of the disk with the user's files.

        Raises:
            Unavailable: the disk cannot be asked.
        """
        try:
            usage = shutil.disk_usage(Path.home())
        except (OSError, RuntimeError) as error:
            raise Unavailable from error
        return Space(usage.free, usage.total)

    async def volume(self) -> int:
        """Return the volume of the loudspeaker in percent.

        Raises:
            Unavailable: no program can say.
        """
        found = PERCENT.search(await _by_first(_volume_commands("read")))
        if found is None:
            raise Unavailable
        return int(found[1]) if found[1] else round(float(found[2]) * 100)

    async def set_volume(self, percent: int) -> None:
        """Change the volume of the loudspeaker.

        Raises:
            Unavailable: no program can do that.
        """
        await _by_first(_volume_commands("set", percent=percent))

    async def mute(self, *, muted: bool) -> None:
        """Switch the loudspeaker off or on.

        Raises:
            Unavailable: no program can do that.
        """
        await _by_first(_volume_commands("mute", muted=int(muted)))

    def brightness(self) -> int:
        """Return the brightness of the screen in percent.

        Raises:
            Unavailable: there is no screen whose brightness can be read.
        """
        _, value, largest = self._backlight()
        return round(100 * value / largest)

    async def set_brightness(self, percent: int) -> None:
        """Change the brightness of the screen; it never becomes black.

        Raises:
            Unavailable: there is no such screen, or the system does not allow it.
        """
        name, _, largest = self._backlight()
        value = max(round(largest * percent / 100), largest // 100, 1)
        await _by_first([(*SET_BRIGHTNESS, name, str(value))])

    def _backlight(self) -> tuple[str, int, int]:
        for device in sorted(self._root.glob("sys/class/backlight/*")):
            value, largest = _read(device / "brightness"), _read(device / "max_brightness")
            if value.isdigit() and largest.isdigit() and int(largest):
                return device.name, int(value), int(largest)
        raise Unavailable


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _volume_commands(way: str, **values: int) -> list[tuple[str, ...]]:
    return [
        (program, *(argument.format(**values) for argument in ways[way]))
        for program, ways in VOLUME_PROGRAMS.items()
    ]


async def _by_first(commands: list[tuple[str, ...]]) -> str:
    """Return what the first of the programs prints that is installed and succeeds."""
    for command in commands:
        if shutil.which(command[0]) is None:
            continue
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(PROGRAM_S):
                printed, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            continue
        if process.returncode == 0:
            return printed.decode(errors="replace")
    raise Unavailable
