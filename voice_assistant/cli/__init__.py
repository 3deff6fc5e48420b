"""The command line. Everything is imported where it is used: `press` must answer at once."""

from __future__ import annotations

import sys

from voice_assistant.cli import signal


def main() -> int:
    """Run the command line; return the exit status.

    Errors for people go to standard error, with their hint; a bug is a traceback.
    """
    arguments = sys.argv[1:]
    try:
        if len(arguments) == 1 and arguments[0] in signal.SIGNALS:
            return signal.send(arguments[0])
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (a bug is shown as one)
        from voice_assistant.cli import outcome

        return outcome.of_error(error)
    from voice_assistant.cli import outcome

    return outcome.of(arguments)
