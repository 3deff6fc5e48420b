"""How a command ends that does not end well."""

from __future__ import annotations

import sys

from voice_assistant.cli.printing import say
from voice_assistant.errors import INTERRUPTED, AssistantError


def exit_status(error: BaseException) -> int:
    """Say what went wrong; return the exit status.

    Raises:
        BaseException: `error` itself, if it is a bug.
    """
    match error:
        case AssistantError():
            say(error.title, error.hint)
            return error.exit_code
        case KeyboardInterrupt():
            return INTERRUPTED
        case BrokenPipeError():
            # Whoever read our output has seen enough; nothing may be written at exit any more.
            sys.stderr.close()
            return 0
        case _:
            raise error
