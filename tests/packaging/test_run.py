"""`packaging/run.sh` on systems made of stand-ins: what it calls, and what it leaves alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
# Stand-ins note that they were called.
NOTE = '#!/bin/sh\nprintf "%s %s\\n" "${0##*/}" "$*" >>"$CALLS"\n'
# One that makes virtual environments; in those it installs, and runs the assistant.
PYTHON = (
    NOTE
    + """
case "$*" in
    -V) echo Python 3.12.1 ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    *"--editable"*) : >"${0%/*}/voice-assistant" ;;
    *" models install") echo the model is there ;;
    "${0%/*}/voice-assistant "*) shift && printf "<%s>" "$@" ;;
esac
"""
)
SUDO = NOTE + '[ "$1" = -n ] && shift && exec "$@"\n'  # -n: there is no terminal to ask at
EVERYTHING = ("flite", "espeak-ng", "dbus-daemon")


class System:
    """A system whose programs are only those given."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in ("cat", "chmod", "cksum", "cp", "dirname", "env", "mkdir", "readlink", "true"):
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.add("id", text="#!/bin/sh\necho 1000\n")  # whoever runs the tests: no administrator
        self.checkout = folder / "a check out"
        (self.checkout / "packaging").mkdir(parents=True)
        for file in ("pyproject.toml", "packaging/run.sh", "packaging/setup.sh"):
            shutil.copy(CHECKOUT / file, self.checkout / file)
        self.calls_file = folder / "calls"
        self.home = folder / "home"
        self.command = self.home / ".local/bin/voice-assistant"

    def add(self, *names: str, text: str = NOTE) -> None:
        for name in names:
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def run(self, *arguments: str, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        self.calls_file.write_text("")
        return subprocess.run(
            ["/bin/sh", script or self.checkout / "packaging" / "run.sh", *arguments],
            env={"PATH": str(self.bin), "CALLS": self.calls_file, "HOME": str(self.home)},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, program: str) -> list[str]:
        lines = self.calls_file.read_text().splitlines()
        return [line for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def system(tmp_path):
    return System(tmp_path)


@pytest.fixture
def ready(system):
    system.add("python3", text=PYTHON)
    system.add(*EVERYTHING)
    assert system.run().returncode == 0
    return system


def test_the_first_call_makes_an_environment_and_hands_over(system):
    system.add("python3", text=PYTHON)
    system.add(*EVERYTHING)
    result = system.run("ask", "two words", "")
    assert (result.returncode, result.stdout) == (0, "<ask><two words><>")
    assert "virtual environment" in result.stderr
    installed, known, models, ran = system.calls("python")
    assert installed.endswith(f"--editable {system.checkout}")
    assert known == "python -V"
    assert models.endswith("voice-assistant models install")
    assert ran.startswith(f"python {system.checkout}/.venv/bin/voice-assistant ask")


def test_the_assistant_becomes_a_command_and_that_is_said_once(system):
    system.add("python3", text=PYTHON)
    system.add(*EVERYTHING)
    made = system.run("status")
    assert f"the command is {system.command}" in made.stderr
    assert "not in PATH" in made.stderr
    assert system.run("status").stderr == ""
    typed = subprocess.run(
        ["/bin/sh", system.command, "ask", "two words"],
        env={"PATH": str(system.bin), "CALLS": system.calls_file},
        capture_output=True,
        text=True,
        check=True,
    )
    assert typed.stdout == "<ask><two words>"


def test_the_command_follows_the_checkout_that_ran_last_and_replaces_nothing_of_others(ready):
    ready.run("status")
    older = ready.command.read_text().replace(str(ready.checkout), "/elsewhere")
    ready.command.write_text(older)
    ready.run("status")
    assert str(ready.checkout) in ready.command.read_text()
    ready.command.write_text("#!/bin/sh\necho mine\n")
    assert ready.run("status").stdout == "<status>"
    assert "mine" in ready.command.read_text()


def test_without_arguments_the_assistant_runs(ready):
    assert ready.run().stdout == "<run>"


def test_the_second_call_installs_nothing_and_says_nothing_and_is_quick(ready):
    quickest_s = 1.0
    for _ in range(5):  # others may be busy on the same machine
        start = time.monotonic()
        result = ready.run("status")
        quickest_s = min(quickest_s, time.monotonic() - start)
        assert (result.stdout, result.stderr) == ("<status>", "")
        version, models, assistant = ready.calls("python")
        assert (version, models[-15:], assistant[-6:]) == ("python -V", " models install", "status")
        assert ready.calls("python3") == []
    assert quickest_s < 0.3


def test_the_script_may_be_called_through_links(ready, tmp_path):
    (tmp_path / "link").symlink_to("another link")
    (tmp_path / "another link").symlink_to(ready.checkout / "packaging" / "run.sh")
    assert ready.run("status", script=tmp_path / "link").stdout == "<status>"


def test_changed_dependencies_are_installed(ready):
    with (ready.checkout / "pyproject.toml").open("a") as file:
        file.write("# another dependency\n")
    result = ready.run()
    assert "installing Python packages" in result.stderr
    assert "virtual environment" not in result.stderr
    assert ready.run().stderr == ""


def test_an_interrupted_installation_is_taken_up_again(system):
    system.add("python3", text=PYTHON.replace(': >"', 'exit 1; : >"'))
    system.add(*EVERYTHING)
    result = system.run()
    assert (result.returncode, result.stdout) == (1, "")
    assert "could not be installed" in result.stderr
    shutil.rmtree(system.checkout / ".venv")
    system.add("python3", text=PYTHON)
    assert system.run().stdout == "<run>"


def test_a_model_that_cannot_be_fetched_is_told_and_the_rest_works(system):
    system.add("python3", text=PYTHON.replace("echo the model is there", "exit 5"))
    system.add(*EVERYTHING)
    for _ in ("at set-up", "at each later start"):
        result = system.run("status")
        assert (result.returncode, result.stdout) == (0, "<status>")
        assert "models install" in result.stderr


def test_missing_packages_are_named_and_installed_at_once(system):
    system.add("python3", text=PYTHON)
    system.add("dbus-daemon", "apt-get")
    system.add("sudo", text=SUDO)
    result = system.run()
    assert "missing: flite (a voice for English)" in result.stderr
    (simulated, install) = system.calls("apt-get")
    assert simulated.endswith(" --simulate install flite espeak-ng")
    assert install.endswith(" --no-install-recommends install flite espeak-ng")
    assert "update" not in simulated + install
    assert result.stdout == "<run>"


def test_package_lists_are_fetched_only_where_needed(system):
    system.add("python3", text=PYTHON)
    system.add("flite", "espeak-ng")
    system.add("sudo", text=SUDO)
    fresh = '\ncase "$*" in *update*) : >"$CALLS.fresh" ;; *) [ -e "$CALLS.fresh" ] ;; esac\n'
    system.add("apt-get", text=NOTE + fresh)
    result = system.run()
    in_vain, update, simulated, install = system.calls("apt-get")
    assert "--simulate" in in_vain
    assert update.endswith(" update")
    assert "--simulate" in simulated
    assert install.endswith(" --no-install-recommends install dbus")
    assert "going on without" not in result.stderr


def test_without_rights_it_goes_on_with_what_there_is(system):
    system.add("python3", text=PYTHON)
    system.add("flite", "espeak-ng", "apt-get")
    result = system.run()
    assert "going on without; you may want to install: dbus" in result.stderr
    assert system.calls("apt-get") == []
    assert result.stdout == "<run>"


def test_without_any_python_it_says_what_is_needed(system):
    result = system.run()
    assert (result.returncode, result.stdout) == (1, "")
    assert "Python 3.11 or newer" in result.stderr


@pytest.mark.parametrize("minor", [10, 11, 13, 14])
def test_a_python_that_has_all_packages_is_preferred(system, minor):
    """The real check runs in a real Python that claims to be another version."""
    claim = f'exec {sys.executable} -c "import sys; sys.version_info = (3, {minor}, 0, 0, 0)\n$2"\n'
    system.add("python3", text=f'#!/bin/sh\ncase "$1" in -c) {claim};; esac\nexit 3\n')
    system.add("python3.12", text=PYTHON)
    system.add(*EVERYTHING)
    result = system.run()
    takes_the_other_one = bool([call for call in system.calls("python3.12") if "-m venv" in call])
    assert takes_the_other_one == (minor in (10, 14))
    assert (result.returncode == 0) == takes_the_other_one
