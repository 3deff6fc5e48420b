"""The assistant's place on the desktop: in its menu, after a login, and known to its portal."""

from __future__ import annotations

import json
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from bench import Desktop
from bench.waiting import wait_for
from helpers.desktop.portal import portal
from helpers.desktop.supervised import aside, until
from helpers.e2e.assistant import Assistant, command, of_tray
from PIL import Image

from voice_assistant.desktop.entry import APP_ID, FILE
from voice_assistant.desktop.tray.menu import LOGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

ICON = (1250, 772, 1280, 796)
LAST_ENTRIES = (880, 690, 1280, 767)  # of the menu, which ends above the panel
STARTER = Path(__file__).parents[1] / "helpers" / "desktop" / "start_by_glib.py"


@pytest.fixture(scope="module")
def desktop():
    with Desktop(sound=False, notifications="") as whole:
        yield whole


def start(desktop: Desktop, entry: str) -> None:
    """Start what an entry says as a session or a menu does, by its file or its name."""
    with subprocess.Popen(
        ["/usr/bin/python3", STARTER],
        env=desktop.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as starter:
        starter.stdin.write(json.dumps(entry) + "\n")
        starter.stdin.close()
        # Not to its end: what is started writes to the same places.
        assert starter.stdout.readline() == "True\n"


async def test_the_portal_can_find_the_entry_when_the_key_is_asked_for(desktop):
    address, data_home = (
        desktop.env[name] for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME")
    )
    async with portal(address, data_home) as service:
        with Assistant(desktop, WAYLAND_DISPLAY="wayland-0") as assistant:
            await until(lambda: service.bound, "the key is bound")
            assert (service.registry.names, service.registry.refused) == ([APP_ID], [])
            missing = (await aside(assistant.status))["missing"]
            assert not [line for line in missing if "portal" in line]


@pytest.mark.parametrize("how", ["the menu", "a login"])
def test_the_desktop_entry_starts_the_assistant(desktop, how):
    if how == "the menu":
        assert command("menu", "add", env=desktop.env).returncode == 0
        start(desktop, FILE)
    else:
        switched = command("autostart", "on", env=desktop.env)
        assert switched.stdout.startswith("on: ")
        told = json.loads(command("autostart", "status", "--json", env=desktop.env).stdout)
        assert told["on"]
        start(desktop, told["file"])

    def status() -> dict | None:
        answer = command("status", "--json", env=desktop.env)
        return json.loads(answer.stdout) if answer.returncode == 0 else None

    told = wait_for(status, "it answers", 60)
    assert told["phase"] == "idle"
    assert command("quit", env=desktop.env).returncode == 0
    wait_for(lambda: not Path(f"/proc/{told['pid']}").exists(), "it has ended")


def look(desktop: Desktop, place: tuple[int, int, int, int] = LAST_ENTRIES) -> np.ndarray:
    """A part of the screen as grey values, once it has come to rest."""

    def once() -> np.ndarray:
        with Image.open(desktop.screenshot(desktop.folder / "menu.png")) as image:
            return np.asarray(image.convert("L").crop(place), dtype=np.int32)

    before = once()
    while not np.array_equal(before, now := once()):
        before = now
    return now


@contextmanager
def open_menu(desktop: Desktop) -> Iterator[np.ndarray]:
    """Open the menu of the tray's icon; what its last entries look like."""
    desktop.xdotool("mousemove", "1260", "784", "click", "3")
    wait_for(lambda: np.any(look(desktop) > 128), "the menu is open")
    try:
        yield look(desktop)
    finally:
        desktop.xdotool("key", "Escape", "mousemove", "100", "100")
        wait_for(lambda: not np.any(look(desktop) > 128), "the menu is closed")


def test_the_menu_of_the_tray_shows_and_changes_whether_a_login_starts_it(desktop):
    def at_login() -> str:
        return command("autostart", "status", env=desktop.env).stdout.partition(":")[0].strip()

    def choose() -> None:  # the last entry but one
        desktop.xdotool(*("key", "Up") * 2, "key", "Return")

    def checked(mark: str) -> bool:
        layout = of_tray(
            *(desktop, assistant, "/MenuBar", "com.canonical.dbusmenu.GetLayout"),
            *("int32:0", "int32:-1", "array:string:label,toggle-state"),
        )
        entry = layout.replace("_", "").partition(f'"{LOGIN}"')[2].partition("]")[0]
        return f"int32 {mark}" in entry

    assert command("autostart", "off", env=desktop.env).stdout == "off\n"
    with Assistant(desktop) as assistant:
        wait_for(lambda: np.ptp(look(desktop, ICON)) > 60, "the icon is in the tray")
        with open_menu(desktop):  # which is when the menu learns of the devices
            choose()
            wait_for(lambda: at_login() == "on", "it is switched on")
        wait_for(lambda: checked("1"), "the change from within is seen")
        with open_menu(desktop) as with_mark:
            pass
        assert command("autostart", "off", env=desktop.env).returncode == 0
        wait_for(lambda: checked("0"), "the change from outside is seen")
        with open_menu(desktop) as now:
            assert np.any(now != with_mark)
            choose()
            wait_for(lambda: at_login() == "on", "it is switched on")
        with open_menu(desktop):
            choose()
            wait_for(lambda: at_login() == "off", "it is switched off")


def test_a_single_command_removes_everything(desktop):
    command("autostart", "on", env=desktop.env)
    command("menu", "add", env=desktop.env)
    home = Path(desktop.env["HOME"])
    assert len([*home.rglob(f"*{APP_ID}*")]) == 5, "two entries, and an icon in three sizes"
    removed = command("menu", "remove", env=desktop.env)
    assert removed.returncode == 0
    assert removed.stdout.count("\n") == 1
    assert [*home.rglob(f"*{APP_ID}*")] == []
    assert command("autostart", "status", env=desktop.env).stdout == "off\n"


def test_a_home_that_is_not_to_be_written_to_is_told_of(desktop, tmp_path):
    (tmp_path / "file").write_text("")
    env = {**desktop.env, "XDG_CONFIG_HOME": str(tmp_path / "file")}
    refused = command("autostart", "on", env=env)
    assert refused.returncode == 4
    assert "cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr
