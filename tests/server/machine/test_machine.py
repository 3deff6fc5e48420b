"""The machine as the files of Linux and the usual programs show it."""

from __future__ import annotations

import pytest

from voice_assistant.server.machine.machine import Battery, Machine, Space, Unavailable
from voice_assistant.server.machine.programs import Program, Programs


def write(root, **files):
    for path, text in files.items():
        file = root / path.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_battery_memory_and_brightness_are_read(tmp_path):
    write(
        tmp_path,
        sys__class__power_supply__BAT0__capacity="83\n",
        sys__class__power_supply__BAT0__status="Discharging\n",
        sys__class__backlight__intel__brightness="150\n",
        sys__class__backlight__intel__max_brightness="600\n",
        proc__meminfo="MemTotal:       2000 kB\nMemFree: 10 kB\nMemAvailable:    500 kB\n",
    )
    machine = Machine(tmp_path)
    assert machine.battery() == Battery(83, "Discharging")
    assert machine.memory() == Space(512_000, 2_048_000)
    assert machine.brightness() == 25
    assert machine.disk().total > 0


@pytest.mark.parametrize("content", ["", "nonsense", "-1"])
def test_a_missing_or_odd_value_of_the_machine_is_not_available(tmp_path, content):
    write(
        tmp_path,
        sys__class__power_supply__BAT0__capacity=content,
        sys__class__backlight__x__brightness=content,
        proc__meminfo=content,
    )
    machine = Machine(tmp_path)
    for part in (machine.battery, machine.memory, machine.brightness):
        with pytest.raises(Unavailable):
            part()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a program on PATH, alone there; what it is called with is in `tmp_path/called`."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(name, *, prints="", status=0):
        file = tmp_path / name
        file.write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/called\necho "{prints}"\nexit {status}\n'
        )
        file.chmod(0o700)

    return put


@pytest.mark.parametrize(
    ("name", "prints"),
    [
        ("pactl", "Volume: front-left: 29491 /  45% / -20.81 dB,   front-right: 29491 /  45%"),
        ("wpctl", "Volume: 0.45 [MUTED]"),
    ],
)
async def test_the_volume_is_that_of_the_sound_server(program, tmp_path, name, prints):
    program(name, prints=prints)
    machine = Machine()
    assert await machine.volume() == 45
    await machine.set_volume(30)
    await machine.mute(muted=True)
    _, setting, muting = (tmp_path / "called").read_text().splitlines()
    assert setting.startswith("set-")
    assert setting.endswith("30%")
    assert muting.endswith(" 1")


async def test_a_program_that_fails_gives_way_to_the_next(program):
    program("pactl", status=1)
    program("wpctl", prints="Volume: 1.00")
    assert await Machine().volume() == 100


async def test_without_a_program_there_is_no_volume(program):
    with pytest.raises(Unavailable):
        await Machine().volume()
    with pytest.raises(Unavailable):
        await Machine().set_volume(5)


async def test_the_screen_is_never_made_black(program, tmp_path):
    write(
        tmp_path,
        sys__class__backlight__intel__brightness="150",
        sys__class__backlight__intel__max_brightness="600",
    )
    program("busctl")
    machine = Machine(tmp_path)
    await machine.set_brightness(50)
    await machine.set_brightness(0)
    half, least = (tmp_path / "called").read_text().splitlines()
    assert half.endswith("backlight intel 300")
    assert least.endswith("backlight intel 6")


ENTRY = "[Desktop Entry]\nType=Application\nName={name}\nExec={command}\n{more}"


@pytest.fixture
def menu(tmp_path):
    """An applications menu; `environ` leads to it."""
    folder = tmp_path / "data" / "applications"
    folder.mkdir(parents=True)
    for number, (name, command, more) in enumerate(
        [
            ("Firefox Web Browser", "/usr/bin/firefox %u", "Icon=x\n"),
            ("Files", "files --new-window %U", ""),
            ("Web", "web", ""),
            ("Kitty", "kitty", "GenericName=Shell window\nCategories=System;TerminalEmulator;\n"),
            ("Hidden", "hidden", "NoDisplay=true\n"),
            ("Top", "top", "Terminal=true\n"),
            ("Broken", 'broken "', ""),
        ]
    ):
        text = ENTRY.format(name=name, command=command, more=more)
        (folder / f"{number}.desktop").write_text(text)
    (folder / "odd.desktop").write_bytes(b"\xff\xfe")
    return {"XDG_DATA_DIRS": f"/nowhere:{tmp_path}/data", "HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("firefox", [("/usr/bin/firefox",)]),
        ("FILES", [("files", "--new-window")]),
        ("web", [("web",)]),
        ("web browser", [("/usr/bin/firefox",)]),
        ("terminal", [("kitty",)]),
        ("shell window", [("kitty",)]),
        ("hidden", []),
        ("top", []),
        ("broken", []),
        ("nonsense", []),
    ],
)
def test_a_program_is_found_by_its_name_in_the_menu(menu, name, commands):
    assert [one.command for one in Programs(menu).find(name)] == commands


def test_the_users_own_entry_comes_first(menu, tmp_path):
    own = tmp_path / ".local/share/applications"
    own.mkdir(parents=True)
    text = ENTRY.format(name="Files", command="own-files", more="")
    (own / "1.desktop").write_text(text)
    assert [one.command for one in Programs(menu).find("files")] == [("own-files",)]


async def test_a_program_is_started_and_lives_on(tmp_path):
    from fakes import until  # noqa: PLC0415

    done = tmp_path / "done"
    assert Programs().start(Program("Touch", ("touch", str(done))))
    await until(done.exists)
    assert not Programs().start(Program("Gone", ("/nowhere/program",)))
