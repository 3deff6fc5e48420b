"""`doctor`: examines what the assistant needs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from voice_assistant.cli.daemon import report
from voice_assistant.cli.terminal import show_json
from voice_assistant.errors import NotRunning, StorageError
from voice_assistant.runtime import doctor
from voice_assistant.settings import loading
from voice_assistant.system import paths
from voice_assistant.system.own_command import typeable
from voice_assistant.text.printable import printable
from voice_assistant.translation import _


def examine(*, as_json: bool, bundle: str | None) -> int:
    """Print what works and what to do about the rest; return 1 if something does not work."""
    settings = loading.load(paths.config_file())
    try:
        missing = report().missing
    except NotRunning:
        missing = None
    findings = asyncio.run(doctor.examine(settings, missing))
    if bundle:
        _write(Path(bundle), doctor.bundle(findings, settings))
    elif as_json:
        show_json(findings)
    else:
        for one in findings:
            print(f"{'ok ' if one.ok else 'BAD'} {one.name}: {printable(one.text)}")
            if one.mend:
                print(f"    {typeable(printable(one.mend))}")
    return 0 if all(one.ok for one in findings) else 1


def _write(file: Path, text: str) -> None:
    print(printable(text))
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            _("{file} cannot be written: {strerror}", file=file, strerror=error.strerror),
            _("Choose another."),
        ) from error
    print(_("This is what {file} holds: read it before you send it.", file=file))
