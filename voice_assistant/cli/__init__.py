"""The command line. Everything is imported where it is used: `press` must answer at once."""

from __future__ import annotations

import os
import sys

from voice_assistant.cli import signal


def main() -> int:
    """Run the command line; return the exit status.

    Errors for people go to standard error, with their hint; a bug is a traceback.
    """
    if os.name != "posix":
        return _refuse_windows()
    arguments = sys.argv[1:]
    try:
        if len(arguments) == 1 and arguments[0] in signal.SIGNALS:
            return signal.send(arguments[0])
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (a bug is shown as one)
        from voice_assistant.cli import outcome

        return outcome.of_error(error)
    from voice_assistant.cli import outcome

    return outcome.of(arguments)


def _refuse_windows() -> int:
    """Say that nothing runs here: control socket, locks and signals are those of Unix."""
    from voice_assistant.errors import ConfigError
    from voice_assistant.translation import _

    print(_("voice-assistant does not run on Windows yet: use Linux."), file=sys.stderr)
    return ConfigError.exit_code
