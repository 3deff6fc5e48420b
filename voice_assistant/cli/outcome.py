"""How a command ends: its exit status, and what is said where it went wrong."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from voice_assistant.cli import parser, terminal
from voice_assistant.errors import INTERRUPTED, AssistantError
from voice_assistant.system import time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence


def of(arguments: Sequence[str]) -> int:
    """Do what was typed; return the exit status."""
    with terminal.door():
        try:
            status = _done(arguments)
            if sys.stdout is not None:
                sys.stdout.flush()  # a full disk shows here
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (a bug is shown as one)
            return _told(error)
        return status


def of_error(error: BaseException) -> int:
    """Tell what went wrong; return the exit status."""
    with terminal.door():
        return _told(error)


def _done(arguments: Sequence[str]) -> int:
    try:
        typed = parser.parse(arguments)
        if odd := time_zone.mend():
            terminal.warn(f"TZ names no time zone: {odd}", "Times are in UTC.")
        return typed.run()
    except SystemExit as end:  # argparse has said what there is to say
        return int(end.code or 0)


def _told(error: BaseException) -> int:
    match error:
        case AssistantError():
            terminal.warn(error.title, error.hint)
            return error.exit_code
        case KeyboardInterrupt():
            return INTERRUPTED
        case BrokenPipeError():  # whoever read our output has seen enough
            return 0
        case _:
            traceback.print_exception(error)
            return AssistantError.exit_code
