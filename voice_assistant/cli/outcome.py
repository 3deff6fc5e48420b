"""Runs a command: returns its exit status, and prints its error."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from voice_assistant import translation
from voice_assistant.cli.parsing import parser
from voice_assistant.cli.terminal.output import printable_output, warn
from voice_assistant.errors import INTERRUPTED, AssistantError
from voice_assistant.settings import language
from voice_assistant.system import paths, time_zone
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence


def of(arguments: Sequence[str]) -> int:
    """Run the command that the user typed; return the exit status."""
    _choose_language()
    with printable_output():
        try:
            status = _done(arguments)
            if sys.stdout is not None:
                sys.stdout.flush()  # fails here if the disk is full
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (a bug shows its traceback)
            return _told(error)
        return status


def of_error(error: BaseException) -> int:
    """Print the error; return the exit status."""
    _choose_language()
    with printable_output():
        return _told(error)


def _choose_language() -> None:
    """Show words in the language that the settings name; also those about wrong settings.

    A terminal whose encoding lacks that language's signs shows English: better than "???".
    """
    translation.choose(language.of_file(paths.config_file()))
    sample = translation.N_("yes")
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            translation._(sample).encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        translation.choose(translation.ENGLISH)


def _done(arguments: Sequence[str]) -> int:
    try:
        typed = parser.parse(arguments)
        if odd := time_zone.mend():
            warn(_("TZ names no time zone: {odd}", odd=odd), _("Times are shown in UTC."))
        return typed.run()
    except SystemExit as end:  # argparse has printed its message already
        return int(end.code or 0)


def _told(error: BaseException) -> int:
    match error:
        case AssistantError():
            warn(error.title, error.hint)
            return error.exit_code
        case KeyboardInterrupt():
            return INTERRUPTED
        case BrokenPipeError():  # the reader of our output has closed it
            return 0
        case _ if _interrupted(error):
            return INTERRUPTED
        case _:
            traceback.print_exception(error)
            return AssistantError.exit_code


def _interrupted(error: BaseException | None) -> bool:
    """Return whether an error came of an interruption: libraries that are cut off raise others."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None
