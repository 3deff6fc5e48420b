"""The assistant's own command in a form that works as it is typed.

Texts name commands as `voice-assistant status`, between backquotes. Not every shell finds
`voice-assistant`: the folder of programs may not be in PATH.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAME = "voice-assistant"
LAUNCHER = f"~/.local/bin/{NAME}"
"""What `packaging/run.sh` makes; see `add_command` in `packaging/setup.sh`."""


def typeable(text: str) -> str:
    """Return `text` with every command that it names in a form that a shell finds."""
    return text.replace(f"`{NAME} ", f"`{_form()} ")


@cache
def _form() -> str:
    return form(os.environ.get("PATH", os.defpath), Path(sys.executable))


def form(path: str, interpreter: Path) -> str:
    """Return the command that starts this program.

    Args:
        path: the folders of programs, as in the variable PATH.
        interpreter: the Python that runs this program.
    """
    if shutil.which(NAME, path=path):
        return NAME
    if os.access(Path(LAUNCHER).expanduser(), os.X_OK):
        return LAUNCHER
    script = interpreter.with_name(NAME)
    if script.exists():
        return _quoted(script)
    return f"{_quoted(interpreter)} -m voice_assistant"


def _quoted(program: Path) -> str:
    if sys.platform == "win32":
        return subprocess.list2cmdline([str(program)])
    return shlex.quote(str(program))
