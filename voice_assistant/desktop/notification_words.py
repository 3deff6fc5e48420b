"""A text as notifications show it, on each platform."""

from __future__ import annotations

import re

from voice_assistant.settings.titles import in_titles
from voice_assistant.system.own_command import typeable
from voice_assistant.text.printable import printable

_COMMANDS = re.compile("`([^`\n]+)`")


def in_words(text: str) -> str:
    """Return a text with the titles of settings, and with commands that a shell finds.

    Commands stand in quotes: no daemon knows the marks of code. No message may hold a NUL.
    """
    return printable(_COMMANDS.sub(r"“\1”", typeable(in_titles(text))))
