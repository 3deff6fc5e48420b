"""The rooms of the package are those of README's table, in the order of the contract."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import voice_assistant

PACKAGE = Path(voice_assistant.__file__).parent
ROOT = PACKAGE.parent


def test_the_table_of_rooms_is_the_contract_and_both_are_the_folders():
    table = (ROOT / "README.md").read_text().partition("### Where would I change")[2]
    told = re.findall(r"^\| `(\w+)/` \|", table, re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    names = [name.strip() for layer in layers for name in layer.split("|")]
    rooms = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    assert told == [name for name in names if name in rooms]
    assert set(told) == rooms
    modules = {file.stem for file in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert {name for name in names if name not in rooms} == modules
    assert modules <= set(re.findall(r"`(\w+)\.py`", table))


def test_the_top_level_stays_small():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    top = {line.partition("/")[0] for line in listed}
    folders = {"voice_assistant", "config", "tests", "packaging"}
    files = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} == folders | files
