"""What people install is whole, and works without the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
    subprocess.run([*build, CHECKOUT], check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


def test_the_wheel_has_every_file_of_the_package_and_nothing_beside_it(wheel):
    package = CHECKOUT / "voice_assistant"
    here = {
        str(file.relative_to(CHECKOUT))
        for file in package.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    files = zipfile.ZipFile(wheel).namelist()
    inside = {name for name in files if ".dist-info/" not in name and ".data/" not in name}
    assert inside == here
    assert "voice_assistant/py.typed" in inside


def test_the_installed_wheel_gives_a_working_command(wheel, tmp_path):
    environment = tmp_path / "environment"
    python = environment / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    # Its dependencies come from the environment of the tests. A folder named in a .pth file has
    # none of its own .pth files read, so that the checkout itself stays out of sight.
    (site_packages,) = environment.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(str(Path(msgspec.__file__).parents[1]))
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", wheel], check=True, cwd=tmp_path)

    command = [environment / "bin" / "voice-assistant", "--version"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    defaults = [environment / "bin" / "voice-assistant", "config", "show", "--default"]
    documented = subprocess.run(defaults, cwd=tmp_path, capture_output=True, check=True)
    assert documented.stdout == (CHECKOUT / "config" / "default.toml").read_bytes()
    source = "import voice_assistant as v; print(v.__file__, v.__version__)"
    where = subprocess.run(
        [python, "-c", source], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    file, version = where.stdout.split()
    assert Path(file).is_relative_to(environment)
    assert version in shown.stdout
