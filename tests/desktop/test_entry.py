"""The desktop entry, as the specification and GLib read it."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bench.waiting import wait_for
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from voice_assistant.desktop import applications, entry
from voice_assistant.errors import StorageError

STARTER = Path(__file__).parents[1] / "helpers" / "desktop" / "start_by_glib.py"
RECORDER = '#!/bin/sh\nprintf "%s\\0" "$0" "$@" >"$RECORD.part"; mv "$RECORD.part" "$RECORD"\n'
FOLDERS = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20
).filter(lambda name: name not in {".", ".."})
WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), max_size=4)
NASTY = "a b\"c'd`e$f\\g%h=i;j&k(l)m<n>o*p?q#r~s|t\nu\tv\rw%uü"


class Starter:
    """GLib, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.record = folder / "record"
        self._process = subprocess.Popen(
            ["/usr/bin/python3", STARTER],
            env={**os.environ, "RECORD": str(self.record), "XDG_DATA_HOME": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, entry: str) -> list[str] | None:
        """The words that the program was started with; None where GLib takes no such entry."""
        self.record.unlink(missing_ok=True)
        self._process.stdin.write(json.dumps(entry) + "\n")
        self._process.stdin.flush()
        if self._process.stdout.readline() != "True\n":
            return None
        wait_for(self.record.exists, "the program runs")
        return os.fsdecode(self.record.read_bytes()).split("\0")[:-1]

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def glib(tmp_path_factory):
    with contextlib.closing(Starter(tmp_path_factory.mktemp("data"))) as starter:
        yield starter


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    numbers = itertools.count()

    def make(name: str) -> Path:
        program = folder / str(next(numbers)) / name / "python"
        program.parent.mkdir(parents=True)
        program.write_text(RECORDER)
        program.chmod(0o755)
        return program

    return make


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The user's data folder, and two of the system."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path / 'local'}:{tmp_path / 'system'}")
    return tmp_path / "home"


def written(home: Path, text: str | None = None) -> str:
    """What the entry of the user says; `text` is written first."""
    file = home / "applications" / entry.FILE
    if text is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return file.read_text()


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("/usr/bin/python3", "-P", "run"), "/usr/bin/python3 -P run"),
        (("/my own/python", ""), '"/my own/python" ""'),
        (("/a", "50 %", "%u"), '/a "50 %%" %%u'),
        (("/a", "$HOME"), r'/a "\\$HOME"'),
        (("/a", 'say "so"'), r'/a "say \\"so\\""'),
        (("/a", "back\\slash"), r'/a "back\\\\slash"'),
        (("/a", "two\nlines"), r'/a "two\nlines"'),
        (("/a=b",), "nice -n 0 /a=b"),
        (("/50%/python", "x"), "nice -n 0 /50%%/python x"),
    ],
)
def test_command_lines_are_quoted_as_the_specification_says(words, value):
    assert entry.exec_value(words) == value


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(FOLDERS, WORDS)
@example("plain", ["-P", "-m", "voice_assistant"])
@example(NASTY, [NASTY, "", "%", "%%f"])
@example("50%", ["="])
def test_glib_starts_just_that_program_with_just_these_words(glib, programs, folder, words):
    program = programs(folder)
    line = entry.exec_value((str(program), *words))
    tried = entry._string(str(program))
    started = glib.start(f"[Desktop Entry]\nType=Application\nName=x\nExec={line}\nTryExec={tried}")
    assert started == [str(program), *words]


def test_this_interpreter_is_started_from_any_folder(tmp_path):
    (tmp_path / "queue.py").write_text("raise SystemExit('taken for that of Python')")
    command = [*entry.command("--version")]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert shown.stdout.startswith("voice-assistant ")
    assert not shown.stderr


def test_portals_find_the_entry_as_long_as_its_program_is_there(home, programs):
    """By the very call by which they do: `g_desktop_app_info_new`."""
    program = programs("anywhere")
    with contextlib.closing(Starter(home)) as portal:
        assert portal.start(entry.FILE) is None
        written(home, entry.menu_entry().replace(sys.executable, str(program)))
        # It takes GLib some milliseconds to notice a new file.
        started = wait_for(lambda: portal.start(entry.FILE), "the entry is found")
        assert started == [str(program), *entry.command("run")[1:]]
        program.unlink()
        assert portal.start(entry.FILE) is None


def test_the_icon_that_the_entry_names_lies_in_the_theme_that_every_desktop_has(home):
    applications.keep()
    icons = sorted(file.relative_to(home).as_posix() for file in home.rglob("*.png"))
    theme, name = "icons/hicolor", f"apps/{entry.APP_ID}.png"
    assert icons == [f"{theme}/{size}/{name}" for size in ("128x128", "256x256", "48x48")]
    for icon in icons:
        with Image.open(home / icon) as picture:
            assert f"{picture.width}x{picture.height}" in icon
    assert entry.keys_in(written(home))["Icon"] == entry.APP_ID


def test_every_action_has_a_group_of_its_own():
    text = entry.menu_entry()
    actions = entry.keys_in(text)["Actions"]
    assert actions == "talk;stop;quit;"
    for action in actions.split(";")[:-1]:
        group = text.partition(f"[Desktop Action {action}]\n")[2].partition("\n\n")[0]
        assert {line.partition("=")[0] for line in group.splitlines()} == {
            "Name",
            "Name[zh_CN]",
            "Exec",
        }


@pytest.mark.parametrize("line", shlex.split("'' # [ = Exec [[x] 'Exec\u2028=x' \ud800"))
def test_a_file_that_is_no_entry_has_no_keys(line):
    assert entry.keys_in(line) == {}
    assert entry.keys_in(f"[Other]\nExec=x\n{line}") == {}


def test_keys_are_read_as_they_stand_there():
    text = (
        "# Exec=no\n\n[Desktop Entry]\r\nExec = a=b %u\\\\\r\nName[de]=Hör\n#Exec=no\n"
        "\n[Desktop Action x]\nExec=no\n"
    )
    assert entry.keys_in(text) == {"Exec": "a=b %u\\\\", "Name[de]": "Hör"}


@pytest.mark.parametrize("before", ["/gone/python", f"/mnt{sys.executable}", '"/my own/python"'])
def test_an_entry_of_ours_that_starts_another_installation_is_rewritten(home, before):
    written(home, entry.menu_entry().replace(sys.executable, before))
    applications.keep()
    assert written(home) == entry.menu_entry()


@pytest.mark.parametrize(
    "text",
    [
        f"{entry.menu_entry()}NoDisplay=true\n",
        entry.menu_entry().replace("\nExec=", "\nExec=env LANG=C "),
        entry.menu_entry().replace("Name=Voice", "Name=My voice").replace("Utility;", ""),
        "[Desktop Entry]\nType=Application\nName=x\nExec=env A=b voice-assistant run\n",
        "",
    ],
)
def test_an_entry_that_the_user_changed_is_left_alone(home, text):
    written(home, text)
    applications.keep()
    assert written(home) == text


def test_no_entry_is_written_beside_that_of_a_distribution(home, tmp_path):
    written(tmp_path / "system", "[Desktop Entry]\nExec=/usr/bin/voice-assistant run\n")
    applications.keep()
    assert not home.exists()
    applications.add()
    assert written(home) == entry.menu_entry(), "as long as nobody asks for it"


def test_everything_can_be_taken_away_again(home):
    applications.add()
    assert [*home.rglob("*.png"), *home.rglob("*.desktop")]
    applications.remove()
    applications.remove()
    assert [file for file in home.rglob("*") if file.is_file()] == []


def test_a_home_that_cannot_be_written_to_costs_no_more_than_the_entry(home, caplog):
    home.write_text("no folder")
    applications.keep()
    [record] = caplog.records
    assert "cannot be written" in record.getMessage()
    with pytest.raises(StorageError, match="cannot be written") as said:
        applications.add()
    assert said.value.hint
    with pytest.raises(StorageError, match="cannot be removed"):
        applications.remove()


def test_an_interpreter_whose_path_is_no_text_is_written_as_it_is(home):
    source = "import sys; sys.executable = '/caf\\udce9/python'\n"
    source += "from voice_assistant.desktop import applications as a; a.keep(); a.keep()"
    subprocess.run([sys.executable, "-c", source], check=True)
    assert b"TryExec=/caf\xe9/python\n" in (home / "applications" / entry.FILE).read_bytes()


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="needs desktop-file-utils")
@pytest.mark.parametrize("make", [entry.menu_entry, entry.login_entry])
def test_the_desktops_own_program_finds_no_fault(make, tmp_path):
    file = tmp_path / entry.FILE
    file.write_text(make())
    told = subprocess.run(
        ["desktop-file-validate", file], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (0, "")
