"""The checklist of README's section "Accessibility": each line names tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SECTION = (TESTS.parent / "README.md").read_text().partition("## Accessibility\n")[2]
LINES = [
    line
    for line in SECTION.partition("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| what")
]
NAMED = re.compile(r"`((?:\w+/)*)(test_\w+)\.(test_\w+)`")


@pytest.mark.parametrize("line", LINES)
def test_every_line_names_a_test_that_there_is(line) -> None:
    named = NAMED.findall(line)
    assert named
    for folder, module, name in named:
        tree = ast.parse((TESTS / folder / f"{module}.py").read_text())
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert name in {one.name for one in ast.walk(tree) if isinstance(one, functions)}


def test_the_checklist_has_its_lines() -> None:
    assert len(LINES) > 12
