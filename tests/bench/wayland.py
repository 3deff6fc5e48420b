"""A Wayland desktop without a screen: sway, and the notification daemons that people have there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench.desktop import Desktop
from bench.parts import Notifications
from bench.program import Program, find_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOBODY = 65534


class Sway(Program):
    """A compositor; it refuses to run as root, and has a runtime folder of its own."""

    name = "sway"

    def start(self) -> None:
        self._folder = self.folder / "wayland"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        settings = self._folder / "config"
        settings.write_text("xwayland disable\noutput * resolution 1280x800\n")
        command = [find_program("sway"), "--config", str(settings)]
        if os.geteuid() == 0:
            self.folder.chmod(0o711)
            os.chown(self._folder, NOBODY, NOBODY)
            who = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            command = [find_program("setpriv"), *who, *command]
        own = {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "SWAYSOCK": str(self._folder / "sway.sock"),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
        }
        self._spawn(command, env={**self.env, **own})
        self.wait_until_it_works()
        [socket] = self._sockets()
        self.env.update(
            WAYLAND_DISPLAY=str(socket),
            SWAYSOCK=own["SWAYSOCK"],
            XDG_SESSION_TYPE="wayland",
            XDG_CURRENT_DESKTOP="sway",
        )

    def works(self) -> bool:
        return bool(self._sockets())

    def _sockets(self) -> list[Path]:
        return [path for path in self._folder.glob("wayland-*") if path.is_socket()]


class Mako(Notifications):
    """A notification daemon that shows buttons in a menu of its own."""

    name = "mako"

    def command(self) -> list[str]:
        return [find_program("mako")]


class SwayNotificationCenter(Notifications):
    """A notification daemon that keeps everything in a list."""

    name = "swaync"

    def command(self) -> list[str]:
        return [find_program("swaync")]


@contextmanager
def wayland_desktop(*parts: type[Program], **options: Any) -> Iterator[Desktop]:
    """Run a desktop with sway, and these parts; `options` are those of `Desktop`."""
    desktop = Desktop(display=False, panel=False, notifications="", **options)
    desktop.parts += [part(desktop.folder, desktop.env) for part in (Sway, *parts)]
    with desktop:
        yield desktop
